import CNNCodecs
import CNNModelFile

/// What is known of a weight file beyond its bytes.
public struct WeightImportOptions: Sendable {
  /// The network, if it is not to be recognised: a preset.
  public var architecture: Architecture?
  /// The network, if it is not to be recognised: any graph. Takes precedence over `architecture`.
  public var network: NetworkDescription?
  /// How linear weights stand; nil for what the naming implies.
  public var linearLayout: LinearLayout?
  /// How convolution weights stand; nil for what the naming implies.
  public var kernelLayout: KernelLayout?
  /// How pictures were flattened; nil for what the naming implies.
  public var flattenOrder: FlattenOrder?
  /// Whether kernels are to be rotated by 180 degrees, since the file's network was a true convolution (Theano).
  public var rotatedKernels: Bool
  /// Where dropout is scaled; nil for what the naming implies: at inference for the book's deep network.
  public var dropoutScaling: Operation.Dropout.Scaling?
  /// The names of the classes; nil for 0, 1, 2, ...
  public var labels: [String]?
  /// What turned pixels into the network's input, where it is not what the file says or its kind implies: a division
  /// by 255 or 256.
  public var preprocessing: PreprocessingOptions

  /// How arrays stand, where `naming` implies what the options leave open.
  func layout(_ naming: ForeignWeights.Naming) -> ForeignLayout {
    let implied = naming.layout
    return ForeignLayout(
      linear: linearLayout ?? implied.linear, kernels: kernelLayout ?? implied.kernels,
      flatten: flattenOrder ?? implied.flatten, isRotated: rotatedKernels)
  }

  /// An option that only a file without a graph leaves open, if one is given: its name on the command line.
  var networkOption: String? {
    let given: [(name: String, isGiven: Bool)] = [
      ("--architecture", architecture != nil || network != nil), ("--linear-layout", linearLayout != nil),
      ("--kernel-layout", kernelLayout != nil), ("--flatten-order", flattenOrder != nil),
      ("--rotated-kernels", rotatedKernels), ("--dropout-scaling", dropoutScaling != nil),
    ]
    return given.first(where: \.isGiven)?.name
  }

  /// An option about weights, if one is given: its name on the command line.
  var givenOption: String? {
    let given: [(name: String, isGiven: Bool)] = [
      ("--divisor", preprocessing.divisor != nil), ("--mean", preprocessing.mean != nil),
      ("--deviation", preprocessing.deviation != nil),
    ]
    return networkOption ?? given.first(where: \.isGiven)?.name
  }

  /// Creates options; what is left out is the default that `mnist-convert --help` states.
  public init(
    architecture: Architecture? = nil, network: NetworkDescription? = nil, linearLayout: LinearLayout? = nil,
    kernelLayout: KernelLayout? = nil, flattenOrder: FlattenOrder? = nil, rotatedKernels: Bool = false,
    dropoutScaling: Operation.Dropout.Scaling? = nil, labels: [String]? = nil,
    preprocessing: PreprocessingOptions = PreprocessingOptions()
  ) {
    self.architecture = architecture
    self.network = network
    self.linearLayout = linearLayout
    self.kernelLayout = kernelLayout
    self.flattenOrder = flattenOrder
    self.rotatedKernels = rotatedKernels
    self.dropoutScaling = dropoutScaling
    self.labels = labels
    self.preprocessing = preprocessing
  }
}

/// A weight file's content as a network with named tensors.
public struct WeightImport: Sendable {
  /// The network.
  public let network: NetworkDescription
  /// The architecture's name, or nil for a graph of the user's own.
  public let architecture: String?
  /// Whether the architecture was read off names and shapes.
  public let isRecognized: Bool
  /// The parameters under their native names.
  public let tensors: [Tensor]
  /// The names of the classes.
  public let labels: [String]
  /// What became of every array, in the order of the foreign file's layers.
  public let fates: [ArrayFate]
  /// The largest relative rounding error of all arrays on the way to float32.
  public let largestRelativeError: Double
  /// What turns pixels into the network's input.
  public let preprocessing: Preprocessing
  /// What was left out or understood in a special way, as sentences without a leading capital or a full stop.
  public let notes: [String]
  /// What the file does not say and was taken for granted, as a sentence without a leading capital or a full stop.
  public let assumption: String?
  /// What the options were that the file itself did not settle, after defaults: the provenance's `options`.
  public let options: [(name: String, value: JSONValue)]

  /// The most classes that a network may tell apart.
  static let maximumOutputCount = 65_536

  /// Finds the architecture and maps every array to its layer.
  ///
  /// - Throws: `InterchangeError` that names the array, the layer and both shapes.
  public init(_ weights: ForeignWeights, options: WeightImportOptions) throws(InterchangeError) {
    let plan = try WeightPlan.plan(for: weights, options: options)
    network = plan.network
    architecture = plan.architecture?.name
    isRecognized = plan.isRecognized
    (tensors, fates, largestRelativeError) = try plan.mapping.map(plan.pairing)
    labels = try Self.labels(options.labels, count: plan.outputCount)
    preprocessing = options.preprocessing.applied(to: Preprocessing(divisor: weights.naming.divisor))
    notes = weights.notes + plan.notes
    assumption = plan.assumption

    var settled: [(name: String, value: JSONValue)] = []
    if let name = self.architecture { settled.append(("architecture", .string(name))) }
    if network.nodes.contains(where: { if case .dropout = $0.operation { true } else { false } }),
      self.architecture != nil
    {
      settled.append(("dropout-scaling", .string(plan.scaling.rawValue)))
    }
    let layout = plan.layout
    settled.append(("flatten-order", .string(layout.flatten.rawValue)))
    if layout.kernels != .outputsFirst { settled.append(("kernel-layout", .string(layout.kernels.rawValue))) }
    settled.append(("linear-layout", .string(layout.linear.rawValue)))
    settled.append(("rotated-kernels", .bool(layout.isRotated)))
    self.options = settled
  }

  /// Takes a network that came with its graph as it is.
  ///
  /// - Throws: `InterchangeError` for options that only a file without a graph leaves open, and for a number of labels
  ///   that is not that of the outputs.
  public init(_ imported: ImportedNetwork, options: WeightImportOptions) throws(InterchangeError) {
    if let option = options.networkOption { throw .networkInFile(option: option) }
    network = imported.network
    architecture = nil
    isRecognized = false
    tensors = imported.tensors
    fates = imported.fates
    largestRelativeError = imported.largestRelativeError
    labels = try Self.labels(options.labels ?? imported.labels, count: imported.outputCount)
    preprocessing = options.preprocessing.applied(to: imported.preprocessing ?? Preprocessing())
    notes = imported.notes
    let isAssumed = imported.preprocessing == nil && options.preprocessing == PreprocessingOptions()
    assumption = isAssumed ? Self.assumedPreprocessing : nil
    self.options = []
  }

  /// What is said of a network whose file has its graph and not what stands before it.
  static let assumedPreprocessing =
    "the file does not say what became of pixels before the network; they are divided by 255 unless --divisor, --mean "
    + "or --deviation say otherwise"

  /// Names for so many classes; 0, 1, 2, ... where there are none.
  private static func labels(_ names: [String]?, count: Int) throws(InterchangeError) -> [String] {
    guard let names else { return (0..<count).map(String.init) }
    guard names.count == count else { throw .labelCount(expected: count, found: names.count) }
    return names
  }
}
