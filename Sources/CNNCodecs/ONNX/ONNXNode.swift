/// An operation of a graph.
///
/// | field | |
/// | --- | --- |
/// | 1, 2 | `input`, `output` |
/// | 3 | `name` |
/// | 4 | `op_type` |
/// | 5 | `attribute` |
/// | 7 | `domain` |
public struct ONNXNode: Sendable {
  /// The name; may be empty, and need not be unique.
  public var name: String
  /// What is computed: `Conv`.
  public var operatorType: String
  /// Whose operator it is; empty for ONNX's own.
  public var domain: String
  /// The names of the values read; an empty one stands for an input that is left out.
  public var inputs: [String]
  /// The names of the values made; an empty one stands for an output that nobody wants.
  public var outputs: [String]
  /// What else is known: kernel sizes and the like.
  public var attributes: [ONNXAttribute]

  /// Creates a node.
  public init(
    name: String, operatorType: String, domain: String = "", inputs: [String], outputs: [String],
    attributes: [ONNXAttribute] = []
  ) {
    self.name = name
    self.operatorType = operatorType
    self.domain = domain
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }

  /// The value of the attribute of that name, or nil.
  public func attribute(_ name: String) -> ONNXAttribute.Value? {
    attributes.first { $0.name.isExactly(name) }?.value
  }
}

/// A named value of a node.
///
/// | field | |
/// | --- | --- |
/// | 1 | `name` |
/// | 2 to 5 | `f`, `i`, `s`, `t` |
/// | 7 to 9 | `floats`, `ints`, `strings` |
/// | 20 | `type`: which of them counts |
public struct ONNXAttribute: Sendable {
  /// The value.
  public enum Value: Sendable {
    case float(Float)
    case integer(Int64)
    /// Bytes that mostly are a text.
    case string([UInt8])
    /// Kept elsewhere, so that a million attributes of other kinds don't pay for it.
    indirect case tensor(ONNXTensor)
    case floats([Float])
    case integers([Int64])
    case strings([[UInt8]])
    /// What is not read, by its name: `a graph`.
    case other(String)
  }

  /// The name.
  public var name: String
  /// The value.
  public var value: Value

  /// Creates an attribute.
  public init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

/// Numbers with a name and a shape.
///
/// | field | |
/// | --- | --- |
/// | 1 | `dims` |
/// | 2 | `data_type` |
/// | 4 to 7, 9 to 11 | `float_data`, `int32_data`, `string_data`, `int64_data`, `raw_data`, `double_data`, `uint64_data` |
/// | 8 | `name` |
public struct ONNXTensor: Sendable {
  /// The name by which nodes read it; empty for a node's attribute.
  public var name: String
  /// The numbers. `raw_data`, and floats and doubles in one piece, share the storage of the file's bytes.
  public var array: NumericArray

  /// Creates a tensor.
  public init(name: String, array: NumericArray) {
    self.name = name
    self.array = array
  }
}
