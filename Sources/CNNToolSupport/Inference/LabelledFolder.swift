import CNNFiles
import CNNRecognition

/// Pictures in folders that are named by their labels: `folder/7/anything.png`, and deeper.
final class LabelledFolder: PictureSource {
  private let path: String
  private let names: [String]
  private var folders: ArraySlice<(label: Int, path: String)>?
  private var current: FolderPictures?
  private var hasItems = false

  /// The pictures below `path`.
  ///
  /// - Parameter names: the model's labels.
  init(_ path: String, labels names: [String]) {
    self.path = path
    self.names = names
  }

  /// The next picture.
  ///
  /// - Throws: `FileError`, or `ToolFailure` if there is no picture in a folder named by a label of the model.
  func next(waits: Bool) throws -> PictureAnswer {
    if folders == nil {
      folders = try PictureFolder.subfolders(of: path).compactMap { folder in
        names.firstIndex(of: folder.name).map { ($0, folder.path) }
      }[...]
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
