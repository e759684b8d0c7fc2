/// The PNG files in a folder and in the folders in it, in natural order of their names; a folder's pictures come where
/// its name stands.
///
/// One listing for each level is held at a time. Hidden entries are left out, and links to folders are not followed:
/// they may lead in a circle.
package struct PictureFolderWalk {
  private struct Level {
    let folder: String
    let entries: [PictureFolder.Entry]
    var next = 0
  }

  private let root: String
  private var levels: [Level] = []
  private var hasBegun = false

  /// A walk through the folder `root`.
  package init(_ root: String) { self.root = root }

  /// The path of the next picture, or why a folder cannot be listed, which is passed over then; nil at the end.
  package mutating func next() -> Result<String, FileError>? {
    if !hasBegun {
      hasBegun = true
      if let error = open(root) { return .failure(error) }
    }
    while let level = levels.last {
      guard level.next < level.entries.count else {
        levels.removeLast()
        continue
      }
      levels[levels.count - 1].next += 1
      let entry = level.entries[level.next]
      let path = PictureFolder.join(level.folder, entry.name)
      guard entry.isFolder else { return .success(path) }
      if let error = open(path) { return .failure(error) }
    }
    return nil
  }

  /// Goes into a folder.
  private mutating func open(_ folder: String) -> FileError? {
    do {
      levels.append(Level(folder: folder, entries: try PictureFolder.entries(of: folder)))
      return nil
    } catch {
      return error
    }
  }
}
