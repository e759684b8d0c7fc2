/// ONNX's element types by their codes, `TensorProto.DataType`.
public enum ONNXElementType {
  private static let codes: [(code: Int32, type: ElementType)] = [
    (1, .float32), (2, .uint8), (3, .int8), (4, .uint16), (5, .int16), (6, .int32), (7, .int64), (9, .bool),
    (10, .float16), (11, .float64), (12, .uint32), (13, .uint64), (16, .bfloat16),
  ]

  private static let refused: [Int32: String] = [
    8: "string", 14: "complex64", 15: "complex128", 17: "float8e4m3fn", 18: "float8e4m3fnuz",
    19: "float8e5m2", 20: "float8e5m2fnuz", 21: "uint4", 22: "int4", 23: "float4e2m1", 24: "float8e8m0",
    25: "uint2", 26: "int2",
  ]

  /// The element type of a code, or nil for those that are not read.
  public static func type(code: Int32) -> ElementType? {
    codes.first { $0.code == code }?.type
  }

  /// The code of an element type.
  public static func code(of type: ElementType) -> Int32 {
    codes.first { $0.type == type }?.code ?? 0
  }

  /// What a code means, for messages: `float32`, `int4`, `type 99`.
  public static func name(code: Int32) -> String {
    type(code: code)?.name ?? refused[code] ?? "type \(code)"
  }
}
