import CNNFiles

extension OutputFile {
  /// Writes a text as a whole file, or to standard output for `-`.
  ///
  /// - Throws: `FileError`.
  public static func write(_ text: String, to path: String, replacing: Bool) throws {
    try write(to: path, replacing: replacing) { try $0.write(Array(text.utf8)) }
  }
}
