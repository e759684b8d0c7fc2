/// A network in the Open Neural Network Exchange format (https://onnx.ai), as far as chains of layers need it.
///
/// The types mirror the messages of `onnx.proto`, whose field numbers stand above each. Tensors of `raw_data` share
/// the storage of the bytes that were parsed. `formats/onnx.md` says what is read, written, passed over and refused.
///
/// | field | |
/// | --- | --- |
/// | 1 | `ir_version` |
/// | 2, 3 | `producer_name`, `producer_version` |
/// | 7 | `graph` |
/// | 8 | `opset_import` |
/// | 14 | `metadata_props` |
public struct ONNXModel: Sendable {
  /// The version of the format that the file is written in; 0 where the file does not say.
  public var irVersion: Int64
  /// The operator sets that the graph's nodes refer to.
  public var operatorSets: [OperatorSet]
  /// The program that wrote the file.
  public var producerName: String
  /// That program's version.
  public var producerVersion: String
  /// The network.
  public var graph: ONNXGraph
  /// What else the file says of itself: names and texts in the order of the file.
  public var metadata: [Property]

  /// A version of an operator set: `opset_import`, with the fields 1 `domain` and 2 `version`.
  public struct OperatorSet: Sendable, Equatable {
    /// Who defines the operators; empty for ONNX itself.
    public var domain: String
    /// The version.
    public var version: Int64

    /// Creates an operator set; ONNX's own unless a domain is given.
    public init(domain: String = "", version: Int64) {
      self.domain = domain
      self.version = version
    }
  }

  /// A name and a text: `metadata_props`, with the fields 1 `key` and 2 `value`.
  public struct Property: Sendable, Equatable {
    /// The name.
    public var key: String
    /// The text.
    public var value: String

    /// Creates a property.
    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// The most bytes that a name of a value, a node, an operator or a tensor may have.
  public static let maximumNameByteCount = 1_024

  /// Creates a model.
  public init(
    irVersion: Int64, operatorSets: [OperatorSet], producerName: String = "", producerVersion: String = "",
    graph: ONNXGraph, metadata: [Property] = []
  ) {
    self.irVersion = irVersion
    self.operatorSets = operatorSets
    self.producerName = producerName
    self.producerVersion = producerVersion
    self.graph = graph
    self.metadata = metadata
  }

  /// The version of the operator set of `domain`; nil where the file does not name it. ONNX's own domain has two names,
  /// the empty one and `ai.onnx`.
  public func operatorSetVersion(domain: String = "") -> Int64? {
    let wanted = Self.canonical(domain)
    return operatorSets.first { Self.canonical($0.domain).isExactly(wanted) }?.version
  }

  private static func canonical(_ domain: String) -> String { domain.isExactly("ai.onnx") ? "" : domain }
}

/// A network's nodes, weights, inputs and outputs.
///
/// | field | |
/// | --- | --- |
/// | 1 | `node` |
/// | 2 | `name` |
/// | 5 | `initializer` |
/// | 11, 12 | `input`, `output` |
public struct ONNXGraph: Sendable {
  /// The name, which means nothing.
  public var name: String
  /// The operations; each stands behind those whose outputs it reads.
  public var nodes: [ONNXNode]
  /// The weights.
  public var initializers: [ONNXTensor]
  /// What is fed in. Older files list the initialisers here too.
  public var inputs: [ONNXValueInfo]
  /// What comes out.
  public var outputs: [ONNXValueInfo]

  /// Creates a graph.
  public init(
    name: String, nodes: [ONNXNode], initializers: [ONNXTensor], inputs: [ONNXValueInfo],
    outputs: [ONNXValueInfo]
  ) {
    self.name = name
    self.nodes = nodes
    self.initializers = initializers
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// The name, element type and shape of an input or output.
///
/// | field | |
/// | --- | --- |
/// | 1 | `name` |
/// | 2 | `type`: in it 1 `tensor_type`, in that 1 `elem_type` and 2 `shape`, in that 1 `dim`, in that 1 `dim_value` or 2 `dim_param` |
public struct ONNXValueInfo: Sendable, Equatable {
  /// One extent of a shape.
  public enum Extent: Sendable, Equatable {
    /// A number.
    case fixed(Int64)
    /// Whatever comes, by a name that may be empty.
    case free(String)
  }

  /// The name.
  public var name: String
  /// The code of the element type as `ONNXElementType` has it; nil for what is no tensor.
  public var elementType: Int32?
  /// The extents; nil where they are not told.
  public var shape: [Extent]?

  /// Creates a description.
  public init(name: String, elementType: Int32?, shape: [Extent]?) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
  }
}
