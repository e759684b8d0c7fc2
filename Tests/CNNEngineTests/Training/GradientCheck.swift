import CNNCodecs
import CNNEngine
import CNNModelFile

/// A small network with parameters, a batch and a loss, whose gradients can be compared with differences of the loss.
///
/// Differences say nothing where a ReLU or a maximum changes sides between their points. So pictures are ladders of
/// values half a unit apart, all nine in every 3x3 window, and the parameters in front of a kink are such that its
/// input keeps away from the place where it bends; see `Values`.
struct GradientCheck {
  /// A layer, and what its parameters are like.
  struct Layer {
    let name: String
    let operation: Operation
    var values = Values.free
  }

  /// What parameters are drawn like.
  enum Values {
    /// Random, of a size that keeps the layer's output near 1: for layers with no kink behind them.
    case free
    /// Each output is one of the layer's inputs, a quarter of a unit to the side, and a little of all the others: a
    /// ladder stays one, no value of which is nearer to 0 than an eighth. For the first layer.
    case ladder
    /// Random, with biases that outweigh everything which inputs from -1 to 1 can add up to, half of them negative.
    case gated
  }

  /// What differs from what.
  struct Mismatch: CustomStringConvertible {
    let tensor: String
    let direction: String
    let gradient: Double
    let difference: Double
    /// Between the two, as a multiple of what is tolerated.
    let excess: Double

    var description: String {
      "\(tensor) along \(direction): gradient \(gradient), difference of the loss \(difference), \(excess) times too far apart"
    }
  }

  let description: NetworkDescription
  let frozen: Set<String>
  var loss: Loss
  let batch: Int
  private let input: [Float]
  private let labels: [Int]
  private let tensors: [Tensor]

  /// Draws parameters, pictures and labels.
  ///
  /// - Parameter inputShape: [C, H, W], or [C] for networks without convolutions.
  init(
    inputShape: [Int], _ layers: [Layer], loss: Loss = .softmaxCrossEntropy(), frozen: Set<String> = [],
    batch: Int = 5, seed: UInt64
  ) throws {
    var numbers = SeededNumbers(seed: seed)
    var previous = NetworkDescription.inputName
    var nodes: [NetworkDescription.Node] = []
    var tensors: [Tensor] = []
    for layer in layers {
      nodes.append(.init(name: layer.name, operation: layer.operation, inputs: [previous]))
      previous = layer.name
      tensors += Self.parameters(of: layer, &numbers)
    }
    description = NetworkDescription(inputShape: inputShape, nodes: nodes, output: previous)
    let outputs = try description.inferShapes()[previous]?.reduce(1, *) ?? 1
    self.tensors = tensors
    self.loss = loss
    self.frozen = frozen
    self.batch = batch
    labels = (0..<batch).map { _ in numbers.integer(0...outputs - 1) }
    input = (0..<batch).flatMap { _ in Self.ladder(inputShape, &numbers) }
  }

  /// In every plane, and every run of nine numbers, nine values from -2 to 2 in an order of its own.
  private static func ladder(_ shape: [Int], _ numbers: inout SeededNumbers) -> [Float] {
    let (height, width) = shape.count == 3 ? (shape[1], shape[2]) : (1, shape[0])
    return (0..<(shape.count == 3 ? shape[0] : 1)).flatMap { _ in
      var values = (0..<9).map { Float($0 - 4) / 2 }
      for last in (1..<9).reversed() { values.swapAt(last, numbers.integer(0...last)) }
      return (0..<height * width).map { place in
        shape.count == 3 ? values[place / width % 3 * 3 + place % width % 3] : values[place % 9]
      }
    }
  }

  private static func parameters(of layer: Layer, _ numbers: inout SeededNumbers) -> [Tensor] {
    var gates: [Float] = []
    return layer.operation.parameters.filter { $0.elementType.isFloatingPoint }.map { parameter in
      let count = parameter.shape.reduce(1, *)
      var values = numbers.floats(count)
      if parameter.shape.count >= 2 {
        let row = parameter.shape.dropFirst().reduce(1, *)
        if case .ladder = layer.values {
          values = values.map { $0 * 0.06 / Float(row) }
          for start in stride(from: 0, to: count, by: row) {
            values[start + numbers.integer(0...row - 1)] = 1
          }
        } else {
          values = values.map { $0 * 1.5 / Float(row).squareRoot() }
          gates = stride(from: 0, to: count, by: row).map { start in
            values[start..<start + row].reduce(0) { $0 + abs($1) } + 0.5
          }
        }
      } else if case .batchNorm = layer.operation {
        // A ladder's deviation is 1.3, so its values are 0.4 apart behind the normalisation. Half of that aside, none
        // of them is near 0, whether the batch's statistics are used or, of a frozen layer, these.
        values = values.map { parameter.suffix.hasPrefix("running") ? 0 : 1 + 0.2 * $0 }
        if parameter.suffix == "running_var" { values = values.map { _ in 1.67 } }
        if parameter.suffix == "bias" { values = values.map { _ in 0.19 } }
      } else {
        switch layer.values {
        case .free: values = values.map { $0 / 2 }
        case .ladder: values = values.map { $0 < 0 ? -0.25 : 0.25 }
        case .gated: values = gates.enumerated().map { $0 % 2 == 0 ? $1 : -$1 }
        }
      }
      // Multiples of a power of two: adding a step to a single one is exact.
      return Tensor(
        name: "\(layer.name).\(parameter.suffix)", shape: parameter.shape,
        values: values.map { ($0 * 4096).rounded() / 4096 })
    }
  }

  /// The gradients, and the mean loss that they belong to.
  private func evaluate(_ tensors: [Tensor], loss: Loss, pool: WorkerPool, kernels: KernelSet) throws
    -> (loss: Double, store: ParameterStore)
  {
    let store = try ParameterStore(description, tensors: tensors, frozen: frozen)
    let plan = try TrainingPlan(
      description, parameters: store, frozen: frozen, maximumBatch: batch, pool: pool, kernels: kernels)
    let result = plan.computeGradients(
      of: ArrayBatch(input, inputCount: plan.inputCount), count: batch, labels: labels, loss: loss, seed: 3,
      step: 4)
    return (result.lossSum / Double(batch), store)
  }

  /// Compares the gradient of every parameter that is trained with differences of the loss: along the gradient, along
  /// random directions, and along single elements.
  ///
  /// The derivative in a direction is taken from four points, (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h, whose own
  /// error is h^4 / 30 of the fifth derivative: 2e-9 of it for the step of 1/64. What remains is the rounding of the
  /// logits to float32. They are near 1, so each point is off by 1e-7 or so, and the derivative by 1e-7 * 1.5 / h =
  /// 1e-5. Gradients are rounded too, by less. Tolerated are 2e-5, and 2e-4 of the tensor's gradient as a whole.
  ///
  /// - Parameter differenceLoss: the loss to take differences of, where that is to be another one.
  func mismatches(
    kernels: KernelSet = .best, threads: Int = 2, differenceLoss: Loss? = nil
  ) throws -> (found: [Mismatch], compared: Int) {
    let pool = WorkerPool(threadCount: threads)
    let store = try evaluate(tensors, loss: loss, pool: pool, kernels: kernels).store
    var numbers = SeededNumbers(seed: 99)
    var found: [Mismatch] = []
    var compared = 0
    for entry in store.entries where entry.isTrained {
      guard let place = tensors.firstIndex(where: { $0.name == entry.name }) else { continue }
      let gradient = entry.gradientValues.map(Double.init)
      let values = tensors[place].floats()
      let length = Self.length(gradient)

      func lossAt(_ direction: [Double], _ step: Double) throws -> Double {
        var moved = tensors
        moved[place] = Tensor(
          name: entry.name, shape: entry.shape,
          values: zip(values, direction).map { Float(Double($0) + step * $1) })
        return try evaluate(moved, loss: differenceLoss ?? loss, pool: pool, kernels: kernels).loss
      }

      var directions: [(name: String, values: [Double])] = []
      if length > 1e-6 { directions.append(("the gradient", gradient.map { $0 / length })) }
      for number in 1...2 {
        let random = numbers.floats(entry.count).map(Double.init)
        directions.append(("random direction \(number)", random.map { $0 / Self.length(random) }))
      }
      for _ in 0..<min(4, entry.count) {
        let element = numbers.integer(0...entry.count - 1)
        var unit = [Double](repeating: 0, count: entry.count)
        unit[element] = 1
        directions.append(("element \(element)", unit))
      }
      for (name, direction) in directions {
        let h = 1.0 / 64
        let near = try lossAt(direction, h) - lossAt(direction, -h)
        let far = try lossAt(direction, 2 * h) - lossAt(direction, -2 * h)
        let difference = (8 * near - far) / (12 * h)
        let expected = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
        let excess = abs(difference - expected) / (2e-5 + 2e-4 * length)
        compared += 1
        if !(excess <= 1) {
          found.append(
            Mismatch(
              tensor: entry.name, direction: name, gradient: expected, difference: difference, excess: excess)
          )
        }
      }
    }
    return (found, compared)
  }

  private static func length(_ vector: [Double]) -> Double {
    vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
