import CNNFiles

extension ModelFile {
  /// Reads and verifies the file at `path`, or standard input for `-`.
  ///
  /// - Throws: `FileError`, or `ModelFileError` for what is no good model file.
  public init(contentsOf path: String) throws {
    self = try ModelFileReader.read(from: InputFile(path: path))
  }

  /// Writes a file that appears at `path` whole or not at all; `-` is standard output.
  ///
  /// - Parameter replacing: whether an existing file may be replaced.
  /// - Throws: `FileError`, or `ModelFileError` for a content that no reader would take.
  public func write(to path: String, replacing: Bool) throws {
    try OutputFile.write(to: path, replacing: replacing) { try ModelFileWriter.write(self, to: $0) }
  }
}
