import CNNCodecs
import CNNModelFile

/// One way to understand a weight file: a network, and which array becomes which parameter of it.
struct WeightPlan {
  let network: NetworkDescription
  /// The network's preset; nil if it was given as a graph.
  let architecture: Architecture?
  /// Whether the preset was found by names and shapes.
  let isRecognized: Bool
  /// Where dropout is scaled.
  let scaling: Operation.Dropout.Scaling
  /// How many classes there are.
  let outputCount: Int
  let mapping: WeightMapping
  let pairing: WeightPairing
  /// What names and shapes don't say and was taken for granted, as a sentence; nil for a network that was given.
  private(set) var assumption: String?
  /// What is to be said, as sentences without a leading capital or a full stop.
  private(set) var notes: [String]

  /// A way to read the file: how its arrays stand, and in which order.
  struct Reading {
    var weights: ForeignWeights
    let layout: ForeignLayout
    /// What is unusual about it, as a sentence; nil for the usual one.
    let note: String?
  }

  var layout: ForeignLayout { mapping.layout }

  /// The plan of the usual reading, or of the only other one that shapes allow.
  ///
  /// - Throws: what speaks against the usual reading, if none or several others fit.
  static func plan(
    for weights: ForeignWeights, options: WeightImportOptions
  ) throws(InterchangeError) -> WeightPlan {
    let readings = options.readings(of: weights)
    let first: InterchangeError
    do { return try WeightPlan(readings[0], options: options) } catch { first = error }
    if case .ambiguousOrder = first { throw first }
    let plans = readings.dropFirst().compactMap { try? WeightPlan($0, options: options) }
    if plans.count > 1 {
      throw .ambiguousLayout(
        readings.dropFirst().compactMap { reading in
          (try? WeightPlan(reading, options: options)) == nil ? nil : reading.note
        })
    }
    if let plan = plans.first { return plan }
    let asTensorFlow = options.readings(of: weights, kernels: .sizesFirst)
    if options.kernelLayout == nil,
      asTensorFlow.contains(where: { (try? WeightPlan($0, options: options)) != nil })
    {
      throw .kernelsLast
    }
    throw first
  }

  /// - Throws: `InterchangeError` where names or shapes speak against this reading.
  private init(_ reading: Reading, options: WeightImportOptions) throws(InterchangeError) {
    var weights = reading.weights
    let layout = reading.layout
    notes = reading.note.map { [$0] } ?? []
    var architecture = options.architecture
    var outputs: Int?
    if architecture == nil, options.network == nil {
      guard let found = try Architecture.recognized(from: weights, layout: layout) else {
        let arrays = weights.arrays.map(\.summary)
        throw weights.naming.isOrderAlone
          ? .architectureNeeded(arrays: arrays) : .unrecognizedArchitecture(arrays: arrays)
      }
      (architecture, outputs) = (found.architecture, found.outputs)
      weights = found.weights
      notes += found.notes
      assumption = found.architecture.assumption
    }
    isRecognized = outputs != nil
    let isBooks = weights.naming == .numbered && architecture?.family == .deepConvnet
    scaling = options.dropoutScaling ?? (isBooks ? .inference : .training)
    if let given = options.network {
      network = given
      self.architecture = nil
    } else {
      let architecture = (architecture ?? .preset(.lenet)).withWidths(of: weights, layout: layout)
      var network = architecture.network(
        outputs: outputs ?? weights.outputCount(layout: layout) ?? 10,
        testTimeDropout: scaling == .inference)
      if let note = weights.setEpsilon(of: &network) { notes.append(note) }
      self.network = network
      self.architecture = architecture
    }
    let shapes: [String: [Int]]
    do { shapes = try network.inferShapes() } catch { throw .graph(error) }
    guard let output = shapes[network.output], output.count == 1, output[0] <= WeightImport.maximumOutputCount
    else {
      throw .outputShape(shapes[network.output] ?? [])
    }
    outputCount = output[0]
    mapping = WeightMapping(
      network: network, networkName: self.architecture?.name ?? "the graph", shapes: shapes, layout: layout)
    pairing = try mapping.pairing(of: weights)
    notes += pairing.notes
  }
}

extension Architecture {
  /// What a preset that was found by names and shapes takes for granted, as a sentence.
  fileprivate var assumption: String? {
    if family == .mlp, hidden.isEmpty { return nil }
    guard family == .mlp else {
      return
        "names and shapes don't say activations, pooling, padding and strides; they are taken to be \(familyName)'s"
    }
    return "names and shapes don't say the activation; it is taken to be \(activation.rawValue)"
  }
}

extension WeightImportOptions {
  /// The ways to read `weights` that the options leave open, the usual one first: linear weights as the naming has
  /// them or the other way round; lists from the first layer to the last or from the last to the first.
  func readings(of weights: ForeignWeights, kernels: KernelLayout? = nil) -> [WeightPlan.Reading] {
    var usual = layout(weights.naming)
    if let kernels { usual.kernels = kernels }
    var readings = [WeightPlan.Reading(weights: weights, layout: usual, note: nil)]
    if linearLayout == nil {
      var other = usual
      other.linear = usual.linear == .inputsFirst ? .outputsFirst : .inputsFirst
      readings.append(
        .init(
          weights: weights, layout: other,
          note: "shapes say that linear weights stand \(other.linear.rawValue), not "
            + "\(usual.linear.rawValue) as is usual for such names"))
    }
    guard let reversed = weights.reversed else { return readings }
    let reason = "shapes say that the file begins with the last layer"
    return readings
      + readings.map { reading in
        .init(
          weights: reversed, layout: reading.layout,
          note: reading.note.map { "\(reason), and \($0)" } ?? reason)
      }
  }
}

extension ForeignWeights {
  /// A list that begins with the last layer, as the sum of the layers' lists does in the Theano tutorials, the other
  /// way round: pairs of a weight and a bias. Nil for files whose names tell the order, and for other lists.
  fileprivate var reversed: ForeignWeights? {
    guard naming.isOrderAlone, arrays.count > 2, arrays.count % 2 == 0 else { return nil }
    var result = self
    result.arrays = stride(from: arrays.count - 2, through: 0, by: -2).flatMap {
      [arrays[$0], arrays[$0 + 1]]
    }
    return result
  }

  /// The width of the last layer as its weight has it; nil where there is none.
  fileprivate func outputCount(layout: ForeignLayout) -> Int? {
    let width: Int
    if layers.isEmpty {
      // The one before the last array, which is its bias.
      guard let shape = arrays.dropLast().last?.array.shape, shape.count == 2 else { return nil }
      width = shape[layout.linear == .inputsFirst ? 1 : 0]
    } else {
      let linear = layers.filter { $0.kind == .linear }
      let ordered = (try? chained(linear, layout: layout).layers) ?? linear
      guard let last = ordered.last else { return nil }
      width = last.shape(in: layout)[0]
    }
    return (1...WeightImport.maximumOutputCount).contains(width) ? width : nil
  }

  /// Sets the epsilon of batch normalisation, which no file of weights has, to the default of those who wrote it.
  ///
  /// - Returns: a note of it; nil for a network without batch normalisation.
  fileprivate func setEpsilon(of network: inout NetworkDescription) -> String? {
    let epsilon: Double
    /// How much of each batch goes into the running values.
    let momentum: Double
    let who: String
    switch naming {
    case .chainer: (epsilon, momentum, who) = (2e-5, 0.1, "Chainer")
    case .keras: (epsilon, momentum, who) = (1e-3, 0.01, "Keras")
    case .kernels where arrays.contains { ParameterNames.parts(of: $0.name).last == "moving_mean" }:
      (epsilon, momentum, who) = (1e-3, 0.01, "Keras")
    case .kernels: (epsilon, momentum, who) = (1e-5, 0.01, "Flax")
    default: (epsilon, momentum, who) = (1e-5, 0.1, "PyTorch")
    }
    var isThere = false
    for index in network.nodes.indices {
      guard case .batchNorm(var operation) = network.nodes[index].operation else { continue }
      operation.epsilon = epsilon
      operation.momentum = momentum
      network.nodes[index].operation = .batchNorm(operation)
      isThere = true
    }
    return isThere
      ? "the file doesn't say where batch normalisation stands and what its epsilon is; taken are before each "
        + "activation, and \(epsilon), which is \(who)'s default" : nil
  }
}
