import CNNCodecs
import CNNRecognition

/// What is shown and kept of the pictures as the network sees them.
public struct ReadingViews {
  private let text: PictureText?
  private let pictures: NormalizedPictures?

  /// Views on what pictures become.
  ///
  /// - Parameters:
  ///   - text: how they are drawn on standard error, or nil.
  ///   - pictures: where they are written, or nil.
  public init(text: PictureText?, pictures: NormalizedPictures?) {
    self.text = text
    self.pictures = pictures
  }

  /// Shows and keeps what the first model saw of a picture.
  ///
  /// - Throws: `FileError` or `PNGError`.
  public func show(_ reading: PictureReading, name: String) throws {
    guard text != nil || pictures != nil else { return }
    let images = reading.digits.compactMap { $0.prepared.first?.image }
    if let text {
      // What was printed before comes before.
      try StandardStreams.flushOutput()
      for image in images { StandardStreams.writeError(text.draw(image)) }
    }
    try pictures?.save(images, name: name)
  }
}
