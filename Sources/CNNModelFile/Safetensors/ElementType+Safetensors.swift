import CNNCodecs

extension ElementType {
  /// The `dtype` of safetensors: `F32`.
  public var safetensorsName: String {
    switch self {
    case .bool: "BOOL"
    case .int8: "I8"
    case .uint8: "U8"
    case .int16: "I16"
    case .uint16: "U16"
    case .int32: "I32"
    case .uint32: "U32"
    case .int64: "I64"
    case .uint64: "U64"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .float32: "F32"
    case .float64: "F64"
    }
  }

  /// The type of that `dtype`; nil for those that are not read, such as `F8_E4M3`.
  public init?(safetensorsName name: String) {
    guard let type = Self.allCases.first(where: { $0.safetensorsName.isExactly(name) }) else { return nil }
    self = type
  }
}
