import CNNCodecs

/// A network that makes no sense. The reason names the layer, and for shapes both that do not fit.
public enum GraphError: FormatError, Equatable {
  /// There are no nodes.
  case noNodes
  /// The input has a rank other than 1 to 3, or an extent out of range.
  case inputShape([Int])
  /// A name that is empty, reserved, or has a character that names of tensors and files need otherwise.
  case nodeName(String)
  /// Two nodes have the same name.
  case duplicateName(String)
  /// A node reads from what does not exist.
  case unknownInput(node: String, input: String)
  /// A node reads from itself or from a node that comes later.
  case inputComesLater(node: String, input: String)
  /// A node reads from too many or too few others.
  case inputCount(node: String, expected: Int, found: Int)
  /// An attribute is out of range; `allowed` says what it should be.
  case attribute(node: String, name: String, value: String, allowed: String)
  /// A node takes another shape than it gets; `takes` is a noun phrase.
  case shapeMismatch(node: String, takes: String, input: String, shape: [Int])
  /// A kernel (with its dilation) exceeds the padded input.
  case kernelTooLarge(node: String, kernel: [Int], input: String, shape: [Int])
  /// The outputs of all nodes up to this one, or the input, have more elements than a reader will hold.
  case tooManyElements(node: String, limit: Int)
  /// A parameter has more elements than a reader will hold.
  case parameterTooLarge(node: String, shape: [Int], limit: Int)
  /// The network's output is no node.
  case unknownOutput(String)
  /// A node that is not the output is read by none.
  case deadEnd(String)

  /// Always nil: a graph has no bytes of its own.
  public var offset: Int? { nil }

  /// What is wrong, as a sentence fragment.
  public var reason: String {
    switch self {
    case .noNodes: "the network has no layers"
    case .inputShape(let shape):
      "the network's input has the shape \(shape); it should have 1 to 3 extents from 1 to \(Limits.attribute)"
    case .nodeName(let name):
      "a layer is called \(name.quotedForMessage); names have 1 to \(Limits.nodeNameBytes) bytes, no dot, slash or "
        + "control character, and are not \(NetworkDescription.reservedNames.sorted().joined(separator: ", "))"
    case .duplicateName(let name): "two layers are called \(name)"
    case .unknownInput(let node, let input):
      "\(node): reads from \(input.quotedForMessage), and there is no layer of that name"
    case .inputComesLater(let node, let input):
      "\(node): reads from \(input), which does not come before it"
    case .inputCount(let node, let expected, let found):
      "\(node): takes \(expected) input\(expected == 1 ? "" : "s"), and has \(found)"
    case .attribute(let node, let name, let value, let allowed):
      "\(node): \(name) is \(value); it should be \(allowed)"
    case .shapeMismatch(let node, let takes, let input, let shape):
      "\(node): takes \(takes), and \(Self.subject(input)) gives \(shape)"
    case .kernelTooLarge(let node, let kernel, let input, let shape):
      "\(node): the kernel spans \(kernel), and \(Self.subject(input)) with its padding gives \(shape)"
    case .tooManyElements(let node, let limit):
      node == NetworkDescription.inputName
        ? "the network's input has more than \(limit) values"
        : "\(node): the layers up to here give more than \(limit) values for one image"
    case .parameterTooLarge(let node, let shape, let limit):
      "\(node): a parameter of shape \(shape) has more than \(limit) values"
    case .unknownOutput(let name):
      "the network's output is \(name.quotedForMessage), and there is no such layer"
    case .deadEnd(let name): "\(name): no layer reads from it, and it is not the output"
    }
  }

  private static func subject(_ input: String) -> String {
    input == NetworkDescription.inputName ? "the network's input" : input
  }
}
