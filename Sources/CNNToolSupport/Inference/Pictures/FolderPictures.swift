import CNNFiles

/// The PNG files in a folder and in the folders in it, in natural order of their names; a folder's pictures come where
/// its name stands.
///
/// One listing for each level is held at a time. Hidden entries are left out, links to folders are not followed (they
/// may lead in a circle), and what cannot be listed is a failure among the pictures.
final class FolderPictures: PictureSource {
  private struct Level {
    let folder: String
    let entries: [PictureFolder.Entry]
    var next = 0
  }

  private let root: String
  private let label: Int?
  private let failsIfEmpty: Bool
  private var levels: [Level] = []
  private var hasBegun = false
  private var hasItems = false

  /// The pictures in the folder `root`.
  ///
  /// - Parameters:
  ///   - label: their true class.
  ///   - failsIfEmpty: whether a folder without a single picture is a failure.
  init(_ root: String, label: Int? = nil, failsIfEmpty: Bool) {
    self.root = root
    self.label = label
    self.failsIfEmpty = failsIfEmpty
  }

  func next(waits: Bool) -> PictureAnswer { nextItem().map { .item($0) } ?? .end }

  /// The next picture; a folder never keeps one waiting.
  func nextItem() -> PictureItem? {
    if !hasBegun {
      hasBegun = true
      if let failure = open(root) { return failure }
    }
    while let level = levels.last {
      guard level.next < level.entries.count else {
        levels.removeLast()
        continue
      }
      levels[levels.count - 1].next += 1
      let entry = level.entries[level.next]
      let path = PictureFolder.join(level.folder, entry.name)
      if entry.isFolder {
        if let failure = open(path) { return failure }
      } else {
        hasItems = true
        return PictureItem(path, label: label)
      }
    }
    guard failsIfEmpty, !hasItems else { return nil }
    hasItems = true
    return PictureItem(
      root,
      .failure(ToolFailure(path: root, "there are no PNG files in the folder", status: .badData)))
  }

  /// Goes into a folder; a failure if it cannot be listed.
  private func open(_ folder: String) -> PictureItem? {
    do {
      levels.append(Level(folder: folder, entries: try PictureFolder.entries(of: folder)))
      return nil
    } catch {
      hasItems = true
      return PictureItem(folder, .failure(ToolFailure(error)))
    }
  }
}
