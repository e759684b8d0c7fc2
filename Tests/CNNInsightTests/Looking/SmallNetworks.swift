import CNNCodecs
import CNNEngine
import CNNInsight
import CNNModelFile

/// Numbers from a fixed seed.
struct LookingNumbers {
  private var random: RandomStream

  init(seed: UInt64) { random = RandomStream(seed: seed, purpose: .selection) }

  /// `count` numbers in -1...1.
  mutating func floats(_ count: Int) -> [Float] { (0..<count).map { _ in random.uniform(-1...1) } }
}

/// A chain of layers with random parameters.
func chain(
  _ inputShape: [Int], seed: UInt64 = 1, labels: [String] = [],
  preprocessing: Preprocessing = Preprocessing(),
  _ layers: [(String, CNNModelFile.Operation)], change: (String, inout [Float]) -> Void = { _, _ in }
) throws -> LearntNetwork {
  var numbers = LookingNumbers(seed: seed)
  var previous = NetworkDescription.inputName
  var nodes: [NetworkDescription.Node] = []
  var tensors: [Tensor] = []
  for (name, operation) in layers {
    nodes.append(.init(name: name, operation: operation, inputs: [previous]))
    previous = name
    for parameter in operation.parameters where parameter.elementType.isFloatingPoint {
      var values = numbers.floats(parameter.shape.reduce(1, *))
      if parameter.suffix == "running_var" { values = values.map { abs($0) + 0.5 } }
      change("\(name).\(parameter.suffix)", &values)
      tensors.append(Tensor(name: "\(name).\(parameter.suffix)", shape: parameter.shape, values: values))
    }
  }
  return try LearntNetwork(
    NetworkDescription(inputShape: inputShape, nodes: nodes, output: previous), tensors: tensors,
    labels: labels, preprocessing: preprocessing)
}

/// A convolution, ReLU, pooling, a convolution, tanh and a linear layer, for 12 x 10 pixels and three classes.
func smallNetwork(
  labels: [String] = [], preprocessing: Preprocessing = Preprocessing(),
  change: (String, inout [Float]) -> Void = { _, _ in }
) throws -> LearntNetwork {
  try chain(
    [1, 12, 10], labels: labels, preprocessing: preprocessing,
    [
      ("conv1", .conv2d(.init(inputChannels: 1, outputChannels: 4, kernelSize: .init(3, 3)))),
      ("relu1", .relu), ("pool1", .maxPool2d(.init(kernelSize: .init(2, 2)))),
      ("conv2", .conv2d(.init(inputChannels: 4, outputChannels: 5, kernelSize: .init(3, 3)))),
      ("tanh2", .tanh), ("flatten", .flatten),
      ("fc", .linear(.init(inputFeatures: 30, outputFeatures: 3))),
    ], change: change)
}

/// A network without a convolution.
func smallPerceptron() throws -> LearntNetwork {
  try chain(
    [1, 4, 4],
    [
      ("flatten", .flatten), ("fc1", .linear(.init(inputFeatures: 16, outputFeatures: 6))), ("relu1", .relu),
      ("fc2", .linear(.init(inputFeatures: 6, outputFeatures: 14))),
    ])
}
