import CNNModelFile

/// Writes down a chain of layers, naming them in the field's way (`conv1`, `relu1`, `pool1`, `fc1`) and keeping
/// track of the shape, so that a preset reads like its description.
struct NetworkBuilder {
  private(set) var nodes: [NetworkDescription.Node] = []
  private let inputShape: [Int]
  /// The shape after the last layer.
  private(set) var shape: [Int]
  private var counts: [String: Int] = [:]

  init(inputShape: [Int]) {
    self.inputShape = inputShape
    shape = inputShape
  }

  mutating func convolution(_ channels: Int, kernel: Int, padding: Int = 0) {
    add(
      "conv",
      .conv2d(
        Operation.Convolution(
          inputChannels: shape[0], outputChannels: channels, kernelSize: Operation.Size(kernel, kernel),
          padding: Operation.Padding(all: padding))))
    shape = [channels, shape[1] + 2 * padding - kernel + 1, shape[2] + 2 * padding - kernel + 1]
  }

  mutating func maxPool(_ size: Int) {
    add("pool", .maxPool2d(Operation.Pooling(kernelSize: Operation.Size(size, size))))
    shape = [shape[0], shape[1] / size, shape[2] / size]
  }

  mutating func activation(_ activation: Activation) {
    add(activation.rawValue, activation.operation)
  }

  mutating func flatten() {
    add("flatten", .flatten, numbered: false)
    shape = [shape.reduce(1, *)]
  }

  mutating func linear(_ features: Int) {
    add("fc", .linear(Operation.Linear(inputFeatures: shape[0], outputFeatures: features)))
    shape = [features]
  }

  mutating func batchNorm() {
    add("bn", .batchNorm(Operation.BatchNorm(features: shape[0])))
  }

  mutating func dropout(_ rate: Double, scaling: Operation.Dropout.Scaling = .training) {
    add("dropout", .dropout(Operation.Dropout(rate: rate, scaling: scaling)))
  }

  /// The network as built so far, with the last layer's output as its own.
  var network: NetworkDescription {
    NetworkDescription(
      inputShape: inputShape, nodes: nodes, output: nodes.last?.name ?? NetworkDescription.inputName)
  }

  private mutating func add(_ kind: String, _ operation: Operation, numbered: Bool = true) {
    counts[kind, default: 0] += 1
    let name = numbered ? "\(kind)\(counts[kind, default: 1])" : kind
    nodes.append(
      NetworkDescription.Node(
        name: name, operation: operation, inputs: [nodes.last?.name ?? NetworkDescription.inputName]))
  }
}

/// The activations that a preset may have.
public enum Activation: String, Sendable, CaseIterable {
  /// max(x, 0).
  case relu
  /// 1 / (1 + exp(-x)).
  case sigmoid
  /// The hyperbolic tangent.
  case tanh

  var operation: Operation {
    switch self {
    case .relu: .relu
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    }
  }
}
