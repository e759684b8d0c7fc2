import CNNFiles

/// The PNG files in a folder and in the folders in it, as `PictureFolderWalk` finds them. What cannot be listed is a
/// failure among the pictures.
final class FolderPictures: PictureSource {
  private let root: String
  private let label: Int?
  private let failsIfEmpty: Bool
  private var walk: PictureFolderWalk
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
    walk = PictureFolderWalk(root)
  }

  func next(waits: Bool) -> PictureAnswer { nextItem().map { .item($0) } ?? .end }

  /// The next picture; a folder never keeps one waiting.
  func nextItem() -> PictureItem? {
    let step = walk.next()
    guard step != nil || failsIfEmpty && !hasItems else { return nil }
    hasItems = true
    switch step {
    case .success(let path):
      return PictureItem(path, label: label)
    case .failure(let error):
      return PictureItem(error.path, .failure(ToolFailure(error)))
    case nil:
      return PictureItem(
        root,
        .failure(ToolFailure(path: root, "there are no PNG files in the folder", status: .badData)))
    }
  }
}
