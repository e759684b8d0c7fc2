import CNNFiles
import CNNRecognition

/// Pictures in folders that are named by their labels: `folder/7/anything.png`.
public struct LabelledFolder {
  /// The pictures.
  public private(set) var pictures: [String] = []
  /// For each picture, its class as the model numbers it.
  public private(set) var labels: [Int] = []

  /// Lists the pictures below `path`.
  ///
  /// - Throws: `FileError`, or `ToolFailure` if there is no folder named by a label of the model.
  public init(_ path: String, labels names: [String]) throws {
    for folder in try PictureFolder.subfolders(of: path) {
      guard let label = names.firstIndex(of: folder.name) else { continue }
      let found = try PictureFolder.pictures(in: folder.path)
      pictures += found
      labels += [Int](repeating: label, count: found.count)
    }
    guard !pictures.isEmpty else {
      throw ToolFailure(
        path: path,
        "the folder has no pictures in folders named by the model's labels (\(names.prefix(10).joined(separator: ", ")))",
        status: .badData)
    }
  }
}
