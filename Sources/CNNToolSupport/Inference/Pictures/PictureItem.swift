import CNNFiles

/// A picture to read: where its bytes come from, and what it is called in the output.
public struct PictureItem {
  /// Where the bytes come from.
  public enum Content {
    /// The file that the name is the path of.
    case file
    /// A file that is open already, and can be read once.
    case open(InputFile)
    /// Bytes that came in an archive.
    case bytes([UInt8])
    /// Nowhere: there is a place for a picture, and this is why there is none.
    case failure(ToolFailure)
  }

  /// The path as it was given, or the name in the archive.
  public let name: String
  /// Where the bytes come from.
  public let content: Content
  /// The true class as the model numbers it, if it is known.
  public var label: Int?

  /// Creates an item.
  public init(_ name: String, _ content: Content = .file, label: Int? = nil) {
    self.name = name
    self.content = content
    self.label = label
  }

  /// How much memory the bytes take while the picture waits.
  var heldByteCount: Int {
    if case .bytes(let bytes) = content { bytes.count } else { 0 }
  }
}

/// What a source of pictures answers.
public enum PictureAnswer {
  /// The next picture.
  case item(PictureItem)
  /// There may be more, but whoever writes into a pipe has not written it yet.
  case notYet
  /// There is nothing more.
  case end
}

/// Pictures one after another, found as they are asked for: of a million names only a few are held at a time.
public protocol PictureSource: AnyObject {
  /// The next picture.
  ///
  /// - Parameter waits: whether to wait for a pipe; if not, the answer may be `notYet`.
  /// - Throws: what ends all work. What is wrong with one input is an item with a failure.
  func next(waits: Bool) throws -> PictureAnswer
}

/// The pictures of several sources, each made when the one before is at its end.
final class ChainedPictures: PictureSource {
  private var rest: ArraySlice<() throws -> any PictureSource>
  private var current: (any PictureSource)?

  init(_ sources: [() throws -> any PictureSource]) { rest = sources[...] }

  func next(waits: Bool) throws -> PictureAnswer {
    while true {
      if let answer = try current?.next(waits: waits) {
        if case .end = answer {} else { return answer }
      }
      current = nil
      guard let make = rest.popFirst() else { return .end }
      current = try make()
    }
  }
}

/// One picture.
final class SinglePicture: PictureSource {
  private var item: PictureItem?

  init(_ item: PictureItem) { self.item = item }

  func next(waits: Bool) -> PictureAnswer {
    defer { item = nil }
    return item.map { .item($0) } ?? .end
  }
}
