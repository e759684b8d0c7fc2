/// Pickles of NumPy arrays, written opcode by opcode.
enum TestPickles {
  /// The opcodes of an array as NumPy pickles it at protocol 1 or so; the bytes are little-endian.
  static func array(_ dtype: String, _ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    let reconstruct = "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR"
    let dimensions = shape.map { "I\($0)\n" }.joined()
    let type = "cnumpy\ndtype\n(S'\(dtype)'\nI0\nI1\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb"
    let length = withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { [UInt8]($0) }
    return Array("\(reconstruct)(I1\n(\(dimensions)t\(type)I00\nT".utf8) + length + bytes + Array("tb".utf8)
  }

  static func floats(_ shape: [Int], _ value: (Int) -> Float = { Float($0) }) -> [UInt8] {
    let values = (0..<shape.reduce(1, *)).map(value)
    return array("f4", shape, values.withUnsafeBytes { [UInt8]($0) })
  }

  static func bytes(_ shape: [Int], _ value: (Int) -> UInt8 = { UInt8(truncatingIfNeeded: $0) }) -> [UInt8] {
    array("u1", shape, (0..<shape.reduce(1, *)).map(value))
  }

  static func list(_ items: [[UInt8]]) -> [UInt8] {
    Array("(".utf8) + items.joined() + Array("l".utf8)
  }

  static func tuple(_ items: [[UInt8]]) -> [UInt8] {
    Array("(".utf8) + items.joined() + Array("t".utf8)
  }

  /// A dict whose keys are Python 2 strings: bytes.
  static func dictionary(_ entries: [(String, [UInt8])]) -> [UInt8] {
    Array("(".utf8) + entries.flatMap { Array("S'\($0.0)'\n".utf8) + $0.1 } + Array("d".utf8)
  }

  static func file(_ value: [UInt8]) -> [UInt8] { value + Array(".".utf8) }
}
