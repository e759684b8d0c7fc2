import CNNCodecs
import CNNEngine
import CNNModelFile

/// Numbers from a fixed seed (SplitMix64), the same in every run.
struct SeededNumbers {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A whole number in `range`.
  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  /// A number in -1..<1.
  mutating func float() -> Float {
    Float(next() >> 40) / Float(1 << 23) - 1
  }

  /// `count` numbers in -1..<1.
  mutating func floats(_ count: Int) -> [Float] {
    (0..<count).map { _ in float() }
  }
}

/// A network of `nodes`, one after another, with random parameters.
func makeNetwork(
  inputShape: [Int], _ operations: [(name: String, operation: Operation)], numbers: inout SeededNumbers
) throws -> Network {
  var previous = NetworkDescription.inputName
  var nodes: [NetworkDescription.Node] = []
  var tensors: [Tensor] = []
  for (name, operation) in operations {
    nodes.append(NetworkDescription.Node(name: name, operation: operation, inputs: [previous]))
    previous = name
    for parameter in operation.parameters where parameter.elementType.isFloatingPoint {
      var values = numbers.floats(parameter.shape.reduce(1, *))
      if parameter.suffix == "running_var" { values = values.map { abs($0) + 0.1 } }
      tensors.append(Tensor(name: "\(name).\(parameter.suffix)", shape: parameter.shape, values: values))
    }
  }
  return try Network(
    NetworkDescription(inputShape: inputShape, nodes: nodes, output: previous), tensors: tensors)
}

/// Runs a network on inputs with each set of kernels that this machine has.
func outputs(_ network: Network, _ inputs: [Float]) throws -> [(kernels: String, values: [Float])] {
  try KernelSet.available.map { kernels in
    let session = try InferenceSession(network, pool: WorkerPool(threadCount: 1), kernels: kernels)
    return (kernels.name, session.logits(for: FloatInputs(inputs, inputCount: network.inputCount)))
  }
}

/// The greatest difference, relative to the greatest magnitude expected.
func relativeDifference(_ found: [Float], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let scale = max(expected.map(abs).max() ?? 1, 1e-30)
  var largest = 0.0
  for (a, b) in zip(found, expected) {
    let difference = abs(Double(a) - b) / scale
    if !(difference <= largest) { largest = difference.isNaN ? .infinity : difference }
  }
  return largest
}
