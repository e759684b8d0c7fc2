/// What is wrong with an ONNX file.
public enum ONNXError: FormatError, Equatable {
  /// The bytes are no protocol buffers message, or a field is of another type than ONNX gives it.
  case protobuf(ProtobufError)
  /// Something that must be there is not; `offset` is where the message begins that should have it.
  case missing(String, offset: Int)
  /// A message that stands for one thing comes twice.
  case repeated(String, offset: Int)
  /// Something that is not read, and why or what to do.
  case unsupported(String, offset: Int)
  /// A tensor's element type is not read; the code and its name.
  case elementType(tensor: String, code: Int32, offset: Int)
  /// A tensor's dimensions are negative, too many, or multiply to more than can be counted.
  case shape(tensor: String, [Int64], offset: Int)
  /// A tensor has another number of values (or, of `raw_data`, bytes) than its shape says.
  case count(tensor: String, shape: [Int], expected: Int, found: Int, unit: String, offset: Int)
  /// A tensor has its values in more than one field.
  case conflictingData(tensor: String, [String], offset: Int)
  /// A tensor has its values in a field that is for another element type.
  case wrongData(tensor: String, field: String, elementType: ElementType, offset: Int)
  /// A value is outside its element type's range.
  case range(tensor: String, value: Int64, elementType: ElementType, offset: Int)
  /// An attribute's type is none that ONNX has.
  case attributeType(attribute: String, code: Int32, offset: Int)

  /// Where in the file the trouble begins.
  public var offset: Int? {
    switch self {
    case .protobuf(let error): error.offset
    case .missing(_, let offset), .repeated(_, let offset), .unsupported(_, let offset),
      .elementType(_, _, let offset), .shape(_, _, let offset), .count(_, _, _, _, _, let offset),
      .conflictingData(_, _, let offset), .wrongData(_, _, _, let offset), .range(_, _, _, let offset),
      .attributeType(_, _, let offset):
      offset
    }
  }

  /// What is wrong, as a sentence for people.
  public var reason: String {
    switch self {
    case .protobuf(let error): "in the ONNX file \(error.reason)"
    case .missing(let what, _): "the ONNX file lacks \(what)"
    case .repeated(let what, _): "\(what) stands twice in the ONNX file"
    case .unsupported(let what, _): what
    case .elementType(let tensor, let code, _):
      "\(Self.tensor(tensor)) holds \(ONNXElementType.name(code: code)); only booleans, integers and floats of 8 to 64 "
        + "bits are read, float8 not among them"
    case .shape(let tensor, let shape, _):
      "\(Self.tensor(tensor)) has the shape \(shape.prefix(8))\(shape.count > 8 ? " and more" : ""), which is none"
    case .count(let tensor, let shape, let expected, let found, let unit, _):
      "\(Self.tensor(tensor)) of shape \(shape) takes \(expected) \(unit), and has \(found)"
    case .conflictingData(let tensor, let fields, _):
      "\(Self.tensor(tensor)) has its values in \(fields.joined(separator: " and in "))"
    case .wrongData(let tensor, let field, let type, _):
      "\(Self.tensor(tensor)) holds \(type.name), and has its values in \(field), which is for other types"
    case .range(let tensor, let value, let type, _):
      "\(Self.tensor(tensor)) has the value \(value), which is no \(type.name)"
    case .attributeType(let attribute, let code, _):
      "the attribute \(attribute.quotedForMessage) has the type \(code), which means nothing"
    }
  }

  private static func tensor(_ name: String) -> String {
    name.isEmpty ? "a tensor without a name" : "tensor \(name.quotedForMessage)"
  }
}
