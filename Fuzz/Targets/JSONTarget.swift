import CNNCodecs

extension FuzzTarget {
  /// A value of JSON, within 128 bytes of memory for each byte of input; written again, it is the same.
  static let json = FuzzTarget("json") { bytes in
    let value = try bounded("JSON", perByte: 128, of: bytes.count) {
      try JSONReader.read(bytes, maximumDepth: 512)
    }
    for indentation in [nil, 2] {
      let text = JSONWriter.text(of: value, indentation: indentation)
      require(try JSONReader.read(Array(text.utf8), maximumDepth: 512) == value, "JSON writes another value")
    }
    let canonical = try JSONWriter.canonicalBytes(of: value, maximumDepth: 512)
    let again = try JSONReader.read(canonical, canonical: true, maximumDepth: 512)
    require(
      try JSONWriter.canonicalBytes(of: again, maximumDepth: 512) == canonical,
      "canonical JSON is not canonical")
    // Numbers may be laid out in several ways, which are read alike.
    if let strict = try? JSONReader.read(bytes, canonical: true, maximumDepth: 512) {
      require(strict == value, "canonical JSON is another value when it is read as such")
    }
  }
}
