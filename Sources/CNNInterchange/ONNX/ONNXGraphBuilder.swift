import CNNCodecs
import CNNModelFile

/// Writes down a chain of layers as ONNX nodes.
struct ONNXGraphBuilder {
  static let inputName = "input"
  static let outputName = "logits"

  let network: NetworkDescription
  private let tensors: [String: Tensor]
  private var nodes: [ONNXNode] = []
  private(set) var initializers: [ONNXTensor] = []
  private(set) var notes: [String] = []
  /// The value that the next node reads.
  private var current = inputName

  init(file: ModelFile, network: NetworkDescription) {
    self.network = network
    tensors = Dictionary(file.tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// All nodes, of which the last gives the network's output.
  var finishedNodes: [ONNXNode] {
    guard var last = nodes.last else {
      return [
        ONNXNode(
          name: "identity", operatorType: "Identity", inputs: [Self.inputName], outputs: [Self.outputName])
      ]
    }
    last.outputs = [Self.outputName]
    return nodes.dropLast() + [last]
  }

  /// Adds what a layer computes at inference.
  mutating func add(_ node: NetworkDescription.Node) throws(ONNXExportError) {
    switch node.operation {
    case .conv2d(let layer):
      append(
        node, "Conv", try parameters(of: node, ["weight"] + (layer.hasBias ? ["bias"] : [])),
        [
          .init("dilations", .integers(layer.dilation.integers)),
          .init("group", .integer(Int64(layer.groups))),
          .init("kernel_shape", .integers(layer.kernelSize.integers)),
          .init("pads", .integers(layer.padding.integers)),
          .init("strides", .integers(layer.stride.integers)),
        ])
    case .linear(let layer):
      append(
        node, "Gemm", try parameters(of: node, ["weight"] + (layer.hasBias ? ["bias"] : [])),
        [.init("transB", .integer(1))])
    case .maxPool2d(let pooling):
      append(
        node, "MaxPool", [],
        [
          .init("ceil_mode", .integer(pooling.ceilMode ? 1 : 0)),
          .init("kernel_shape", .integers(pooling.kernelSize.integers)),
          .init("pads", .integers(pooling.padding.integers)),
          .init("strides", .integers(pooling.stride.integers)),
        ])
    case .batchNorm(let layer):
      append(
        node, "BatchNormalization",
        try parameters(of: node, ["weight", "bias", "running_mean", "running_var"]),
        [
          .init("epsilon", .float(Float(layer.epsilon))),
          .init("momentum", .float(Float(1 - layer.momentum))),
        ])
      notes.append("\(node.name): how many batches were seen is left out")
    case .dropout(let dropout):
      switch dropout.scaling {
      case .training:
        notes.append("\(node.name): the dropout is left out, since it changes nothing at inference")
      case .inference:
        let name = "\(node.name).scale"
        let scale = Tensor(name: name, shape: [], values: [Float(1 - dropout.rate)])
        addInitializer(scale)
        append(node, "Mul", [name])
      }
    case .relu: append(node, "Relu", [])
    case .sigmoid: append(node, "Sigmoid", [])
    case .tanh: append(node, "Tanh", [])
    case .flatten: append(node, "Flatten", [], [.init("axis", .integer(1))])
    }
  }

  private mutating func append(
    _ node: NetworkDescription.Node, _ operatorType: String, _ parameters: [String],
    _ attributes: [ONNXAttribute] = []
  ) {
    // A layer may be called as the output is; no layer's name has a dot.
    let output = node.name == Self.outputName ? "\(node.name).value" : node.name
    nodes.append(
      ONNXNode(
        name: node.name, operatorType: operatorType, inputs: [current] + parameters, outputs: [output],
        attributes: attributes))
    current = output
  }

  /// Adds a layer's tensors as float32 and returns their names.
  private mutating func parameters(of node: NetworkDescription.Node, _ suffixes: [String])
    throws(ONNXExportError) -> [String]
  {
    var names: [String] = []
    for suffix in suffixes {
      let name = "\(node.name).\(suffix)"
      let expected = node.operation.parameters.first { $0.suffix == suffix }?.shape
      guard let tensor = tensors[name], tensor.shape == expected else { throw .tensor(name) }
      // Operators take one element type for all that they read, and the input's is float32.
      let isFloat = tensor.elementType == .float32
      addInitializer(isFloat ? tensor : Tensor(name: name, shape: tensor.shape, values: tensor.floats()))
      names.append(name)
    }
    return names
  }

  private mutating func addInitializer(_ tensor: Tensor) {
    initializers.append(ONNXTensor(name: tensor.name, array: tensor.array))
  }
}

extension Operation.Size {
  fileprivate var integers: [Int64] { [Int64(height), Int64(width)] }
}

extension Operation.Padding {
  fileprivate var integers: [Int64] { [Int64(top), Int64(left), Int64(bottom), Int64(right)] }
}
