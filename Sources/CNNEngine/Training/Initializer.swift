import CNNCodecs
import CNNModelFile

/// The first values of a network's parameters.
///
/// Weights of convolutions and linear layers are drawn from a normal distribution with mean 0 and the deviation
/// below. Biases are 0. Batch normalisation begins with weight 1, bias 0, mean 0, variance 1 and no batch seen.
///
/// Fans are PyTorch's: for a weight [O, I, KH, KW] fan_in = I * KH * KW and fan_out = O * KH * KW, where I counts the
/// channels of one group; for [O, I] they are I and O.
public enum Initializer: Sendable, Equatable {
  /// A given deviation, the same for all layers.
  case normal(deviation: Double = 0.01)
  /// sqrt(2 / (fan_in + fan_out)), by Glorot and Bengio (2010), for tanh and sigmoid: PyTorch's `xavier_normal_`.
  ///
  /// *Deep Learning from Scratch* and Caffe call sqrt(1 / fan_in) by Xavier's name: here that is `leCun`.
  case xavier
  /// sqrt(2 / fan_in), by He and others (2015), for ReLU: PyTorch's `kaiming_normal_` with its gain for ReLU.
  case he
  /// sqrt(1 / fan_in), by LeCun and others (1998): keeps the variance through linear layers.
  case leCun

  /// The deviation for a weight of this shape, outermost first; at least two extents, each at least 1.
  public func deviation(forShape shape: [Int]) -> Double {
    let fans = Self.fans(ofShape: shape)
    switch self {
    case .normal(let deviation): return deviation
    case .xavier: return (2 / Double(fans.in + fans.out)).squareRoot()
    case .he: return (2 / Double(fans.in)).squareRoot()
    case .leCun: return (1 / Double(fans.in)).squareRoot()
    }
  }

  /// How many inputs each output of a layer reads, and how many outputs each input goes to, as PyTorch counts them.
  ///
  /// - Parameter shape: of the layer's weight, [O, I] or [O, I, KH, KW].
  public static func fans(ofShape shape: [Int]) -> (in: Int, out: Int) {
    guard shape.count >= 2 else { return (1, 1) }
    let kernel = shape.dropFirst(2).reduce(1, *)
    return (max(shape[1] * kernel, 1), max(shape[0] * kernel, 1))
  }

  /// The first values of all parameters of a network, in the order of `NetworkDescription.parameters`.
  ///
  /// The same seed gives the same bits; each parameter has random numbers of its own, which depend on its place among
  /// the parameters, and not on the shapes of the others.
  ///
  /// - Parameters:
  ///   - network: a description whose shapes have been checked (`inferShapes`).
  ///   - seed: the run's seed.
  public func parameters(of network: NetworkDescription, seed: UInt64) -> [Tensor] {
    network.parameters.enumerated().map { index, entry in
      tensor(named: entry.name, entry.parameter, index: index, seed: seed)
    }
  }

  /// The first values of one parameter.
  ///
  /// - Parameters:
  ///   - name: the tensor's name: `conv1.weight`.
  ///   - parameter: what the layer needs.
  ///   - index: the parameter's place in `NetworkDescription.parameters`, below 2^16.
  ///   - seed: the run's seed.
  public func tensor(named name: String, _ parameter: Parameter, index: Int, seed: UInt64) -> Tensor {
    let count = parameter.shape.reduce(1, *)
    guard parameter.elementType.isFloatingPoint else {
      let zeros = [UInt8](repeating: 0, count: count * parameter.elementType.byteCount)
      return Tensor(name: name, elementType: parameter.elementType, shape: parameter.shape, bytes: zeros)
    }
    let values: [Float]
    switch parameter.suffix {
    // A weight with one extent scales channels: batch normalisation's.
    case "weight" where parameter.shape.count >= 2:
      let deviation = Float(deviation(forShape: parameter.shape))
      var random = RandomStream(seed: seed, purpose: .initialization, layer: index)
      values = (0..<count).map { _ in deviation * random.normal() }
    case "weight", "running_var": values = [Float](repeating: 1, count: count)
    default: values = [Float](repeating: 0, count: count)
    }
    return Tensor(name: name, shape: parameter.shape, values: values)
  }
}

extension Initializer: CustomStringConvertible {
  /// What `init(parsing:)` understands.
  public static let understood = "normal[:DEVIATION], xavier, he, lecun"

  /// The initialiser that is written as `normal:0.01` (0.01 may be left out), `xavier`, `he` or `lecun`.
  ///
  /// - Throws: `TrainingOptionError` that says what is understood.
  public init(parsing text: String) throws(TrainingOptionError) {
    var reader = TrainingOptionReader(text, option: "initializer", understood: Self.understood)
    switch reader.name {
    case "normal":
      self = .normal(
        deviation: try reader.number("DEVIATION", default: 0.01, in: 0...1e6, "from 0 to a million"))
    case "xavier": self = .xavier
    case "he": self = .he
    case "lecun": self = .leCun
    default: throw reader.unknownName()
    }
    try reader.finish()
  }

  /// The text that `init(parsing:)` takes; a deviation is always written.
  public var description: String {
    switch self {
    case .normal(let deviation): TrainingOptionReader.text("normal", [(deviation, nil)])
    case .xavier: "xavier"
    case .he: "he"
    case .leCun: "lecun"
    }
  }
}
