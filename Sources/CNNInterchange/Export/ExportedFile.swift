import CNNFiles

/// One file of an export, which is made when it is written.
public struct ExportedFile: Sendable {
  /// Its path in the folder that is written, with slashes between names: `train/7/00012.png`. Empty where the output is
  /// this one file. No name begins with a dot or has a control character, whatever the labels are called.
  public let name: String
  private let body: @Sendable (any ByteSink) throws -> Void

  init(_ name: String = "", _ body: @escaping @Sendable (any ByteSink) throws -> Void) {
    self.name = name
    self.body = body
  }

  /// Writes the content; the same file always gives the same bytes.
  ///
  /// - Throws: what the sink throws; `ExportError` or a codec's error for what the format cannot hold.
  public func write(to sink: any ByteSink) throws {
    try body(sink)
  }
}
