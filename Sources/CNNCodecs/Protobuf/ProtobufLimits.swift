/// How much a protocol buffers message may hold.
public struct ProtobufLimits: Sendable, Equatable {
  /// How deep messages may lie in each other; the outermost has the depth 0.
  public var maximumDepth: Int
  /// How many fields may be read of all messages together.
  public var maximumFieldCount: Int

  /// Limits of one's own; what is left out is that of `default`.
  public init(maximumDepth: Int = 32, maximumFieldCount: Int = 1 << 23) {
    self.maximumDepth = maximumDepth
    self.maximumFieldCount = maximumFieldCount
  }

  /// A depth of 32 and 8,388,608 fields.
  public static let `default` = ProtobufLimits()
}
