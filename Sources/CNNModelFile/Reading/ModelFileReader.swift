import CNNCodecs
import CNNFiles

/// Reads model files in one pass, from files and pipes, and verifies every byte.
///
/// Memory is bounded by what has really arrived, whatever the header says.
public enum ModelFileReader {
  /// What a safetensors file turned out to be.
  public enum Content: Sendable, Equatable {
    /// A model file, verified.
    case modelFile(ModelFile)
    /// A file of another program.
    case plain(PlainSafetensors)
  }

  /// How many bytes from the beginning `recognize` needs; a shorter file is none of these.
  public static let prefixLength = HeaderLayout.checksumRange.upperBound

  /// What a file is, by its first bytes.
  public enum Recognition: Sendable, Equatable {
    /// It begins as a model file.
    case modelFile
    /// It begins as safetensors.
    case safetensors
  }

  /// What a file is that begins with `prefix` (`prefixLength` bytes, fewer if it is shorter); nil for neither.
  ///
  /// Only `read` knows whether it really is: a `safetensors` may yet turn out to be a damaged model file.
  public static func recognize(prefix: [UInt8]) -> Recognition? {
    var reader = ByteReader(prefix)
    guard let length = try? reader.readLittleEndian(UInt64.self, "the header's length"),
      length >= 2, length <= UInt64(Limits.header), reader.nextByte == UInt8(ascii: "{")
    else { return nil }
    return HeaderLayout.firstDifference(in: prefix) == nil ? .modelFile : .safetensors
  }

  /// Whether a file that begins with `prefix` is a model file, as far as can be seen.
  public static func isModelFile(prefix: [UInt8]) -> Bool {
    recognize(prefix: prefix) == .modelFile
  }

  /// Reads and verifies a model file to its end.
  ///
  /// The tensors come in the order of the file.
  ///
  /// - Throws: `ModelFileError` (`.plain` for safetensors of another program), or what `source` throws.
  public static func read(from source: any ByteSource) throws -> ModelFile {
    switch try readHeader(from: source) {
    case .plain: throw ModelFileError.plain
    case .modelFile(let manifest, let entries, let checksums, let headerCount):
      return try readTensors(
        manifest: manifest, entries, checksums, from: source, dataStart: headerCount)
    }
  }

  /// Reads a model file, or a plain one, for which nothing can be verified.
  ///
  /// - Throws: `ModelFileError`, or what `source` throws.
  public static func readAny(from source: any ByteSource) throws -> Content {
    switch try readHeader(from: source) {
    case .modelFile(let manifest, let entries, let checksums, let headerCount):
      return .modelFile(
        try readTensors(manifest: manifest, entries, checksums, from: source, dataStart: headerCount))
    case .plain(let metadata, let entries, let headerCount):
      let reader = try TensorReader(source: source, dataStart: headerCount, entries: entries)
      var tensors: [Tensor] = []
      for entry in entries { tensors.append(try reader.read(entry)) }
      try reader.finish()
      return .plain(PlainSafetensors(metadata: metadata, tensors: tensors))
    }
  }

  private static func readTensors(
    manifest: Manifest, _ entries: [TensorEntry], _ checksums: [UInt32], from source: any ByteSource,
    dataStart: Int
  ) throws -> ModelFile {
    let outlines = entries.map {
      TensorOutline(name: $0.name, elementType: $0.elementType, shape: $0.shape)
    }
    let check: ContentCheck
    do { check = try ContentCheck(manifest, outlines) } catch { throw ModelFileError.content(error) }

    let reader = try TensorReader(source: source, dataStart: dataStart, entries: entries)
    var tensors: [Tensor] = []
    tensors.reserveCapacity(entries.count)
    for (entry, declared) in zip(entries, checksums) {
      let tensor = try reader.read(entry, crc32: declared)
      do { try check.checkValues(of: tensor) } catch { throw ModelFileError.content(error) }
      tensors.append(tensor)
    }
    try reader.finish()
    return ModelFile(manifest: manifest, tensors: tensors)
  }
}
