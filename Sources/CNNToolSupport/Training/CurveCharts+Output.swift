import CNNFiles
import CNNInsight
import CNNPictures

extension CurveCharts {
  /// Writes all curves as one SVG picture.
  ///
  /// - Throws: `FileError`.
  public func write(to path: String, replacing: Bool) throws {
    let bytes = Array(figure.svg().utf8)
    try OutputFile.write(to: path, replacing: replacing) { file in
      try bytes.withUnsafeBytes { try file.write($0) }
    }
  }
}
