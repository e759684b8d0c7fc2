import CNNCodecs
import CNNInterchange

/// Arrays as a foreign file would hold them.
enum TestArrays {
  static func float32(_ values: [Float], _ shape: [Int], order: NumericArray.MemoryOrder = .rowMajor) throws
    -> NumericArray
  {
    try make(.float32, shape, values.withUnsafeBytes { [UInt8]($0) }, order)
  }

  static func float64(_ values: [Double], _ shape: [Int]) throws -> NumericArray {
    try make(.float64, shape, values.withUnsafeBytes { [UInt8]($0) })
  }

  static func uint8(_ values: [UInt8], _ shape: [Int]) throws -> NumericArray {
    try make(.uint8, shape, values)
  }

  static func int64(_ values: [Int64], _ shape: [Int]) throws -> NumericArray {
    try make(.int64, shape, values.withUnsafeBytes { [UInt8]($0) })
  }

  /// Numbers 0, 1, 2, ... of a shape.
  static func counting(_ shape: [Int]) throws -> NumericArray {
    try float32((0..<shape.reduce(1, *)).map(Float.init), shape)
  }

  /// Zeros under the names W1, b1, W2, ... with these weight shapes, linear ones (in, out).
  static func numbered(_ weightShapes: [[Int]]) throws -> [NamedArray] {
    var arrays: [NamedArray] = []
    for (index, shape) in weightShapes.enumerated() {
      let outputs = shape.count == 2 ? shape[1] : shape[0]
      arrays.append(
        NamedArray(
          name: "W\(index + 1)",
          array: try float32([Float](repeating: 0, count: shape.reduce(1, *)), shape)))
      arrays.append(
        NamedArray(
          name: "b\(index + 1)", array: try float32([Float](repeating: 0, count: outputs), [outputs])))
    }
    return arrays
  }

  struct Impossible: Error {}

  private static func make(
    _ type: ElementType, _ shape: [Int], _ bytes: [UInt8], _ order: NumericArray.MemoryOrder = .rowMajor
  ) throws -> NumericArray {
    guard
      let array = NumericArray(
        elementType: type, shape: shape, memoryOrder: order, storage: bytes, range: 0..<bytes.count)
    else { throw Impossible() }
    return array
  }
}
