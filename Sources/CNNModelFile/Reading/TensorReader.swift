import CNNCodecs
import CNNFiles

/// Takes tensors from a source, one behind the other.
struct TensorReader {
  let source: any ByteSource
  let dataStart: Int
  /// How many bytes the tensors have together.
  let dataCount: Int

  /// A reader for `entries`, which are in the order of the data.
  ///
  /// - Throws: `SafetensorsError.dataTooLarge`, or `.dataLength` where the file's size says beforehand that it cannot
  ///   be right.
  init(source: any ByteSource, dataStart: Int, entries: [TensorEntry]) throws(ModelFileError) {
    self.source = source
    self.dataStart = dataStart
    dataCount = entries.last?.range.upperBound ?? 0
    guard dataCount <= Limits.data else {
      throw .safetensors(.dataTooLarge(declared: dataCount, limit: Limits.data))
    }
    if let available = source.remainingByteCount, available != dataCount {
      throw .safetensors(.dataLength(declared: dataCount, available: available))
    }
  }

  /// Takes the next tensor, and checks it where a checksum is declared.
  func read(_ entry: TensorEntry, crc32 declared: UInt32? = nil) throws -> Tensor {
    let position = dataStart + entry.range.lowerBound
    let bytes = try source.readBytes(upTo: entry.range.count)
    guard bytes.count == entry.range.count else {
      throw ModelFileError.safetensors(
        .dataEndsEarly(
          tensor: entry.name, position: position, needed: entry.range.count, available: bytes.count))
    }
    if let declared {
      let computed = CRC32.checksum(of: bytes)
      guard computed == declared else {
        throw ModelFileError.tensorChecksum(
          tensor: entry.name, position: position, declared: declared, computed: computed)
      }
    }
    if entry.elementType == .bool, let odd = bytes.firstIndex(where: { $0 > 1 }) {
      throw ModelFileError.safetensors(
        .notBoolean(tensor: entry.name, position: position + odd, value: bytes[odd]))
    }
    return Tensor(name: entry.name, elementType: entry.elementType, shape: entry.shape, bytes: bytes)
  }

  /// The input must end here.
  func finish() throws {
    guard try source.readBytes(upTo: 1).isEmpty else {
      throw ModelFileError.safetensors(.bytesAfterEnd(position: dataStart + dataCount))
    }
  }
}
