import CNNCodecs
import CNNFiles

/// Writes model files: canonical bytes, the same for the same content.
public enum ModelFileWriter {
  /// Writes `file` to `sink`, from the first byte to the last.
  ///
  /// Nothing is written before all is checked and all checksums are known: elements that are made when they are asked
  /// for are made twice, piece by piece, rather than kept.
  ///
  /// - Throws: `ModelFileError` for a content that no reader would take, or what `sink` throws.
  public static func write(_ file: ModelFile, to sink: any ByteSink) throws {
    let tensors = try inOrder(file)
    let header = try header(of: file.manifest, tensors)
    try sink.write(header)
    for tensor in tensors { try tensor.elements.forEachPiece(sink.write) }
  }

  /// The bytes of `file`.
  ///
  /// - Throws: `ModelFileError` for a content that no reader would take.
  public static func encode(_ file: ModelFile) throws(ModelFileError) -> [UInt8] {
    let tensors = try inOrder(file)
    let header = try header(of: file.manifest, tensors)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(tensors.reduce(header.count) { $0 + $1.byteCount })
    bytes += header
    for tensor in tensors { tensor.elements.forEachPiece { bytes.append(contentsOf: $0) } }
    return bytes
  }

  /// The tensors in the order of the data, after all checks.
  private static func inOrder(_ file: ModelFile) throws(ModelFileError) -> [Tensor] {
    do {
      let outlines = file.tensors.map {
        TensorOutline(name: $0.name, elementType: $0.elementType, shape: $0.shape)
      }
      let check = try ContentCheck(file.manifest, outlines)
      for tensor in file.tensors { try check.checkValues(of: tensor) }
    } catch {
      throw .content(error)
    }
    return file.tensors.sorted { a, b in
      let (size, otherSize) = (a.elementType.byteCount, b.elementType.byteCount)
      return size != otherSize ? size > otherSize : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
    }
  }

  /// The header for `tensors`, which are in the order of the data, with its length before it.
  private static func header(
    of manifest: Manifest, _ tensors: [Tensor]
  ) throws(ModelFileError) -> [UInt8] {
    let checksums = tensors.map { (name: $0.name, crc32: $0.crc32) }
    var entries: [JSONValue.Member] = []
    var position = 0
    for tensor in tensors {
      let end = position + tensor.byteCount
      entries.append(
        .init(
          tensor.name,
          .object([
            .init("data_offsets", .array([.integer(position), .integer(end)])),
            .init("dtype", .string(tensor.elementType.safetensorsName)),
            .init("shape", .array(tensor.shape.map { .integer($0) })),
          ])))
      position = end
    }
    guard position <= Limits.data else {
      throw .safetensors(.dataTooLarge(declared: position, limit: Limits.data))
    }
    let manifestText: [UInt8]
    let tensorText: [UInt8]
    do {
      manifestText = try JSONWriter.canonicalBytes(of: manifest.json(checksums: checksums))
      tensorText = try JSONWriter.canonicalBytes(of: .object(entries))
    } catch {
      throw .unwritable(error)
    }

    var header = [UInt8](repeating: 0, count: HeaderLayout.textStart)
    header += HeaderLayout.beginning.utf8
    header += HeaderLayout.checksumPlaceholder.utf8
    header += "\",\"cnn.manifest\":".utf8
    JSONWriter.append(String(decoding: manifestText, as: UTF8.self), to: &header)
    header += ",\"cnn.version\":\"\(HeaderLayout.version)\"}".utf8
    if !entries.isEmpty {
      header.append(UInt8(ascii: ","))
      // Without its first brace: the metadata stand in the same object.
      header += tensorText.dropFirst()
    } else {
      header.append(UInt8(ascii: "}"))
    }
    header += repeatElement(UInt8(ascii: " "), count: HeaderLayout.paddingCount(after: header.count))

    let length = header.count - HeaderLayout.textStart
    guard length <= Limits.header else { throw .headerTooLong(length: length, limit: Limits.header) }
    for (index, byte) in withUnsafeBytes(of: UInt64(length).littleEndian, Array.init).enumerated() {
      header[index] = byte
    }
    let digits = HeaderLayout.checksum(of: header).eightHexadecimalDigits
    header.replaceSubrange(HeaderLayout.checksumRange, with: digits.utf8)
    return header
  }
}
