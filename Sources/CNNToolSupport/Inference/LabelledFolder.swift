import CNNFiles
import CNNInterchange
import CNNRecognition

/// Pictures in folders that are named by their labels: `folder/7/anything.png`, and deeper; or the same in folders that
/// are named by splits, `folder/test/7/anything.png`, of which one is taken.
final class LabelledFolder: PictureSource {
  private let path: String
  private let names: [String]
  private let split: DatasetSplit?
  private var folders: ArraySlice<(label: Int, path: String)>?
  private var current: FolderPictures?
  private var hasItems = false

  /// The pictures below `path`.
  ///
  /// - Parameters:
  ///   - names: the model's labels.
  ///   - split: the split to take where there are several; test, else validation, else training if nil.
  init(_ path: String, labels names: [String], split: DatasetSplit?) {
    self.path = path
    self.names = names
    self.split = split
  }

  /// The folders named by labels below a folder, or below that of the split.
  private func labelledFolders() throws -> [(label: Int, path: String)] {
    func labelled(_ folders: [(name: String, path: String)]) -> [(label: Int, path: String)] {
      folders.compactMap { folder in names.firstIndex(of: folder.name).map { ($0, folder.path) } }
    }
    let folders = try PictureFolder.subfolders(of: path)
    let direct = labelled(folders)
    if !direct.isEmpty { return direct }
    for wanted in split.map({ [$0] }) ?? [.test, .valid, .train] {
      let found = folders.filter { DatasetSplit.stated(by: $0.name) == wanted }
      if !found.isEmpty { return labelled(try found.flatMap { try PictureFolder.subfolders(of: $0.path) }) }
    }
    return []
  }

  /// The next picture.
  ///
  /// - Throws: `FileError`, or `ToolFailure` if there is no picture in a folder named by a label of the model.
  func next(waits: Bool) throws -> PictureAnswer {
    if folders == nil {
      folders = try labelledFolders()[...]
    }
    while true {
      if let item = current?.nextItem() {
        hasItems = true
        return .item(item)
      }
      guard let next = folders?.popFirst() else { break }
      current = FolderPictures(next.path, label: next.label, failsIfEmpty: false)
    }
    current = nil
    guard hasItems else {
      throw ToolFailure(
        path: path,
        "the folder has no pictures in folders named by the model's labels "
          + "(\(names.prefix(10).joined(separator: ", ")))",
        status: .badData)
    }
    return .end
  }

  /// The label of a picture in a list or an archive: the name of the folder that it is in, if that is one.
  static func label(ofPath path: String, labels names: [String]) -> Int? {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"))
    guard parts.count >= 2, let folder = String(parts[parts.count - 2]) else { return nil }
    return names.firstIndex(of: folder)
  }
}
