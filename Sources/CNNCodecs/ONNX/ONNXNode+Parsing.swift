extension ONNXNode {
  init(_ message: ProtobufReader) throws {
    var reader = message
    self.init(name: "", operatorType: "", inputs: [], outputs: [])
    while let field = try reader.nextField() {
      switch field.number {
      case 1: inputs.append(try field.name("the name of a node's input"))
      case 2: outputs.append(try field.name("the name of a node's output"))
      case 3: name = try field.name("a node's name")
      case 4: operatorType = try field.name("a node's op_type")
      case 5: attributes.append(try ONNXAttribute(reader.message(in: field, "an attribute")))
      case 7: domain = try field.name("a node's domain")
      default: break
      }
    }
  }
}

extension ONNXAttribute {
  /// What has been met of the fields; which of them counts is told by `type`.
  private struct Fields {
    var float: Float?
    var integer: Int64?
    var string: [UInt8]?
    var tensor: ONNXTensor?
    var floats: [Float] = []
    var integers: [Int64] = []
    var strings: [[UInt8]] = []
    var other: String?
  }

  fileprivate init(_ message: ProtobufReader) throws {
    let start = message.position
    var reader = message
    var name = ""
    var type: Int32?
    var fields = Fields()
    while let field = try reader.nextField() {
      switch field.number {
      case 1: name = try field.name("an attribute's name")
      case 2: fields.float = try field.float("an attribute's f")
      case 3: fields.integer = try field.int64("an attribute's i")
      case 4: fields.string = Array(reader.bytes[try field.range("an attribute's s")])
      case 5:
        guard fields.tensor == nil else {
          throw ONNXError.repeated("an attribute's tensor", offset: field.offset)
        }
        fields.tensor = try ONNXTensor(parsing: reader.message(in: field, "an attribute's t"))
      case 7:
        let range = try field.fixedRange(size: 4, "an attribute's floats")
        fields.floats += range.floats(in: reader.bytes)
      case 8: try field.appendIntegers(to: &fields.integers, "an attribute's ints")
      case 9: fields.strings.append(Array(reader.bytes[try field.range("an attribute's strings")]))
      case 20: type = try field.int32("an attribute's type")
      case 6: fields.other = "a graph"
      case 10: fields.other = "tensors"
      case 11: fields.other = "graphs"
      case 14, 15: fields.other = "a type"
      case 21: if try !field.range("a ref_attr_name").isEmpty { fields.other = "a function's argument" }
      case 22, 23: fields.other = "sparse tensors"
      default: break
      }
    }
    self.init(name, try Self.value(of: fields, type: type, name: name, offset: start))
  }

  /// *Edge cases*: a number or text that `type` announces and no field holds is zero or empty, since some writers leave
  /// these out; files older than `type` have just the field that counts.
  private static func value(of fields: Fields, type: Int32?, name: String, offset: Int) throws(ONNXError)
    -> Value
  {
    if let other = fields.other { return .other(other) }
    switch type ?? 0 {
    case 1: return .float(fields.float ?? 0)
    case 2: return .integer(fields.integer ?? 0)
    case 3: return .string(fields.string ?? [])
    case 4:
      guard let tensor = fields.tensor else {
        throw .missing("the tensor of the attribute \(name.quotedForMessage)", offset: offset)
      }
      return .tensor(tensor)
    case 5: return .other("a graph")
    case 6: return .floats(fields.floats)
    case 7: return .integers(fields.integers)
    case 8: return .strings(fields.strings)
    case 9: return .other("tensors")
    case 10: return .other("graphs")
    case 11, 12: return .other("sparse tensors")
    case 13, 14: return .other("a type")
    case 0:
      if let float = fields.float { return .float(float) }
      if let integer = fields.integer { return .integer(integer) }
      if let string = fields.string { return .string(string) }
      if let tensor = fields.tensor { return .tensor(tensor) }
      if !fields.floats.isEmpty { return .floats(fields.floats) }
      if !fields.strings.isEmpty { return .strings(fields.strings) }
      return .integers(fields.integers)
    default: throw .attributeType(attribute: name, code: type ?? 0, offset: offset)
    }
  }
}

extension Range<Int> {
  /// The little-endian floats in this part of `bytes`.
  fileprivate func floats(in bytes: [UInt8]) -> [Float] {
    stride(from: lowerBound, to: upperBound, by: 4).map { index in
      Float(
        bitPattern: bytes.withUnsafeBytes {
          UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: index, as: UInt32.self))
        })
    }
  }
}
