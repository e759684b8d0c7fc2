/// Where a tensor has its values. Fields that may be split into pieces hold them in the order of the file.
private struct TensorData {
  var raw: Range<Int>?
  var floats: [Range<Int>] = []
  var doubles: [Range<Int>] = []
  var int32s: [Int64] = []
  var int64s: [Int64] = []
  var uint64s: [Int64] = []
  /// The names of the fields that were met, each once, in the order of the file.
  var fields: [String] = []

  mutating func meet(_ field: String) {
    if !fields.contains(field) { fields.append(field) }
  }
}

extension ONNXTensor {
  init(parsing message: ProtobufReader) throws {
    let start = message.position
    var reader = message
    var name = ""
    var dimensions: [Int64] = []
    var code: Int32 = 0
    var data = TensorData()
    var isExternal = false
    while let field = try reader.nextField() {
      switch field.number {
      case 1: try field.appendIntegers(to: &dimensions, "a tensor's dims")
      case 2: code = try field.int32("a tensor's data_type")
      case 3:
        throw ONNXError.unsupported(
          "the ONNX file has a tensor in segments, which are not read", offset: field.offset)
      case 4:
        data.floats.append(try field.fixedRange(size: 4, "a tensor's float_data"))
        data.meet("float_data")
      case 5:
        try field.appendIntegers(to: &data.int32s, "a tensor's int32_data")
        data.meet("int32_data")
      case 6: data.meet("string_data")
      case 7:
        try field.appendIntegers(to: &data.int64s, "a tensor's int64_data")
        data.meet("int64_data")
      case 8: name = try field.name("a tensor's name")
      case 9:
        data.raw = try field.range("a tensor's raw_data")
        data.meet("raw_data")
      case 10:
        data.doubles.append(try field.fixedRange(size: 8, "a tensor's double_data"))
        data.meet("double_data")
      case 11:
        try field.appendIntegers(to: &data.uint64s, "a tensor's uint64_data")
        data.meet("uint64_data")
      case 13: isExternal = true
      case 14: if try field.int32("a tensor's data_location") != 0 { isExternal = true }
      default: break
      }
    }
    guard !isExternal else {
      throw ONNXError.unsupported(
        "tensor \(name.quotedForMessage) has its values in another file; "
          + "export with external_data=False, or make one file of both with onnx.save(onnx.load(old), new)",
        offset: start)
    }
    let assembly = TensorAssembly(name: name, offset: start, bytes: reader.bytes, data: data)
    self.init(name: name, array: try assembly.array(code: code, dimensions: dimensions))
  }
}

/// Makes an array of what a tensor's fields hold.
private struct TensorAssembly {
  let name: String
  let offset: Int
  let bytes: [UInt8]
  let data: TensorData

  func array(code: Int32, dimensions: [Int64]) throws(ONNXError) -> NumericArray {
    guard let type = ONNXElementType.type(code: code) else {
      throw .elementType(tensor: name, code: code, offset: offset)
    }
    let shape = dimensions.compactMap { Int(exactly: $0) }
    guard shape.count == dimensions.count,
      let byteCount = NumericArray.byteCount(elementType: type, shape: shape)
    else { throw .shape(tensor: name, dimensions, offset: offset) }
    guard data.fields.count <= 1 else {
      throw .conflictingData(tensor: name, data.fields, offset: offset)
    }
    let (storage, range) = try values(of: type)
    guard range.count == byteCount else {
      let isRaw = data.raw != nil
      let unit = isRaw ? 1 : type.byteCount
      throw .count(
        tensor: name, shape: shape, expected: byteCount / unit, found: range.count / unit,
        unit: isRaw ? "bytes" : "values", offset: offset)
    }
    guard let array = NumericArray(elementType: type, shape: shape, storage: storage, range: range) else {
      throw .shape(tensor: name, dimensions, offset: offset)
    }
    return array
  }

  /// The values as little-endian numbers of `type`: where they are, if they are in one piece.
  private func values(of type: ElementType) throws(ONNXError) -> ([UInt8], Range<Int>) {
    switch (data.fields.first, type) {
    case (nil, _): return (bytes, 0..<0)
    case ("raw_data", _): return (bytes, data.raw ?? 0..<0)
    case ("float_data", .float32): return joined(data.floats)
    case ("double_data", .float64): return joined(data.doubles)
    case ("int32_data", .int32): return try converted(data.int32s, to: Int32.self, type, truncating: true)
    case ("int32_data", .int16): return try converted(data.int32s, to: Int16.self, type)
    case ("int32_data", .int8): return try converted(data.int32s, to: Int8.self, type)
    case ("int32_data", .uint16), ("int32_data", .float16), ("int32_data", .bfloat16):
      return try converted(data.int32s, to: UInt16.self, type)
    case ("int32_data", .uint8): return try converted(data.int32s, to: UInt8.self, type)
    case ("int32_data", .bool): return try converted(data.int32s, to: UInt8.self, type, maximum: 1)
    case ("int64_data", .int64): return try converted(data.int64s, to: Int64.self, type)
    case ("uint64_data", .uint64): return try converted(data.uint64s, to: UInt64.self, type, truncating: true)
    case ("uint64_data", .uint32): return try converted(data.uint64s, to: UInt32.self, type)
    case (let field?, _):
      throw .wrongData(tensor: name, field: field, elementType: type, offset: offset)
    }
  }

  private func joined(_ pieces: [Range<Int>]) -> ([UInt8], Range<Int>) {
    if pieces.count == 1 { return (bytes, pieces[0]) }
    var storage: [UInt8] = []
    for piece in pieces { storage += bytes[piece] }
    return (storage, 0..<storage.count)
  }

  /// - Parameters:
  ///   - truncating: drops the bits that are too many, for the types that a varint's 64 bits hold as they are.
  ///   - maximum: the greatest value, where it is not that of the type.
  private func converted<Value: FixedWidthInteger>(
    _ values: [Int64], to: Value.Type, _ type: ElementType, truncating: Bool = false, maximum: Value = .max
  ) throws(ONNXError) -> ([UInt8], Range<Int>) {
    var storage: [UInt8] = []
    storage.reserveCapacity(values.count * MemoryLayout<Value>.size)
    for value in values {
      let number = truncating ? Value(truncatingIfNeeded: value) : Value(exactly: value)
      guard let number, number <= maximum else {
        throw .range(tensor: name, value: value, elementType: type, offset: offset)
      }
      withUnsafeBytes(of: number.littleEndian) { storage.append(contentsOf: $0) }
    }
    return (storage, 0..<storage.count)
  }
}
