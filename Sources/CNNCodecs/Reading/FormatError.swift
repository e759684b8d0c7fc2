/// An error that a reader found in the bytes of its input.
///
/// Every codec has its own error type; all of them say where the trouble is and why it is one, so that the
/// tools can print one sentence without knowing the codec: `byte 4711: the pickle calls posix.system; ...`.
public protocol FormatError: Error, CustomStringConvertible {
  /// The byte of the input at which the trouble begins, counted from 0; nil where no single byte is to blame.
  var offset: Int? { get }
  /// What is wrong, and what to do where that is known, as a sentence without a leading capital or a full stop.
  var reason: String { get }
}

extension FormatError {
  /// The place and the reason as one sentence.
  public var description: String {
    if let offset { "byte \(offset): \(reason)" } else { reason }
  }
}

/// The input ends before something that was announced.
public struct InputEndsEarly: FormatError, Equatable {
  /// Where the bytes were wanted.
  public let position: Int
  /// How many bytes were wanted there.
  public let needed: Int
  /// How many bytes there are.
  public let available: Int
  /// What was being read, as a noun phrase: `the image data`.
  public let what: String

  /// Creates an error for `needed` bytes of `what` wanted at `position` with only `available` left.
  public init(position: Int, needed: Int, available: Int, what: String) {
    self.position = position
    self.needed = needed
    self.available = available
    self.what = what
  }

  /// Where the bytes were wanted.
  public var offset: Int? { position }
  /// What was wanted, and how much of it there is.
  public var reason: String {
    "the input ends early: \(what) takes \(needed) bytes, and \(available) are left"
  }
}
