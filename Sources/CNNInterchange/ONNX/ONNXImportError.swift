import CNNCodecs
import CNNModelFile

/// An ONNX file that was read without trouble but whose network cannot be taken over.
public enum ONNXImportError: FormatError, Equatable {
  /// ONNX's own operator set has a version that is too old, or none is named.
  case operatorSet(Int64?)
  /// Another number of inputs or outputs than one: their names.
  case ends(what: String, names: [String])
  /// The input's element type is no floating-point type, or it is no tensor.
  case inputType(String, found: String)
  /// The input's shape cannot be that of a picture or a row of values, with or without a free batch dimension.
  case inputShape(String, found: String)
  /// A node that cannot become a layer, and why or what to do.
  case node(name: String, operator: String, problem: String)
  /// Two nodes or initialisers give the same value.
  case duplicateValue(String)
  /// The output comes from no node.
  case unknownOutput(String)
  /// An array of numbers that are no weights.
  case elementType(array: String, found: String)
  /// A number that is beyond the greatest float32.
  case overflow(array: String)
  /// The layers share their weights so often that there would be far more of them than the file has.
  case tooManyWeights(limit: Int)
  /// The layers make no sense together.
  case graph(GraphError)
  /// The network gives something else than one row of values, one for each class.
  case outputShape([Int])
  /// What the file says of labels or preprocessing cannot be understood.
  case metadata(key: String, problem: String)

  /// Always nil: nodes have names, and the reader of the bytes is done.
  public var offset: Int? { nil }

  /// What is wrong, as a sentence for people.
  public var reason: String {
    switch self {
    case .operatorSet(let version):
      (version.map { "the ONNX file uses operator set \($0)" }
        ?? "the ONNX file does not say which operator set it uses")
        + "; \(ONNXChain.oldestOperatorSet) and later are read (onnx.version_converter converts older ones)"
    case .ends(let what, let names):
      "the network has \(names.count) \(what)s"
        + (names.isEmpty ? "" : " (\(names.prefix(6).map(\.quotedForMessage).joined(separator: ", ")))")
        + "; exactly one is needed"
    case .inputType(let name, let found):
      "the network's input \(name.quotedForMessage) is \(found); floating-point values are needed"
    case .inputShape(let name, let found):
      "the network's input \(name.quotedForMessage) has the shape \(found); [N, C, H, W] or [N, values] is needed, with "
        + "N free or a number and the others numbers"
    case .node(let name, let type, let problem): "node \(name) (\(type)): \(problem)"
    case .duplicateValue(let name):
      "two nodes or initialisers of the network give the value \(name.quotedForMessage)"
    case .unknownOutput(let name): "no node of the network gives its output \(name.quotedForMessage)"
    case .elementType(let array, let found): "\(array) holds \(found), and floating point is needed"
    case .overflow(let array): "\(array) holds numbers beyond the range of float32, about 3.4e38"
    case .tooManyWeights(let limit):
      "the layers share weights that would come to more than \(limit) numbers"
    case .graph(let error): error.reason
    case .outputShape(let shape):
      "the network gives \(shape); one row of at most \(WeightImport.maximumOutputCount) values, one for each class, is "
        + "needed"
    case .metadata(let key, let problem): "the metadata \(key.quotedForMessage) of the ONNX file \(problem)"
    }
  }
}
