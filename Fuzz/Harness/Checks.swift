import CNNCodecs
import CNNFiles

/// What holds for every error: its place, if it has one, lies in the input or at its end, and its description is one
/// line that can be printed.
func examine(_ error: any Error, inputCount: Int) {
  if let error = error as? any FormatError, let offset = error.offset, !isAboutOtherBytes(error) {
    require((0...inputCount).contains(offset), "an error's offset is \(offset) of \(inputCount): \(error)")
  }
  let text = String(describing: error)
  require(!text.isEmpty, "an error says nothing")
  require(
    text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) },
    "an error's text has control characters: \(text.debugDescription)")
}

/// Whether an error's offset is one in bytes that the input has become: the content of a compressed entry.
private func isAboutOtherBytes(_ error: any FormatError) -> Bool {
  if case NPZError.array(_, isDecompressed: true, _) = error { true } else { false }
}

/// Whether two arrays have the same elements.
func areSame(_ a: NumericArray, _ b: NumericArray) -> Bool {
  a.elementType == b.elementType && a.shape == b.shape
    && a.rowMajorLittleEndianBytes() == b.rowMajorLittleEndianBytes()
}

/// Calls `body`, during which no more memory may be held than so many bytes for each of `count` and `fixed` beside.
func bounded<Value>(
  _ what: String, perByte: Int, of count: Int, fixed: Int = 1 << 16, _ body: () throws -> Value
) throws -> Value {
  fuzz_start_counting()
  let result = Result { try body() }
  let peak = Int(fuzz_stop_counting())
  require(
    peak <= perByte * count + fixed, "\(what) held \(peak) bytes for \(count), and may \(perByte) for each")
  switch result {
  case .success(let value): return value
  case .failure(let error): throw error
  }
}

/// Bytes that come in pieces of a few, as from a slow pipe.
final class PieceSource: ByteSource {
  private let bytes: [UInt8]
  private let size: Int
  private var position = 0

  init(_ bytes: [UInt8], size: Int) {
    self.bytes = bytes
    self.size = size
  }

  var remainingByteCount: Int? { nil }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = min(size, buffer.count, bytes.count - position)
    buffer.copyBytes(from: bytes[position..<position + count])
    position += count
    return count
  }
}
