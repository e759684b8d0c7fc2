import CNNCodecs
import CNNModelFile

/// The arrays of a weight file, sorted by what their names say.
public struct ForeignWeights: Sendable {
  /// How the file says which array belongs to which layer.
  public enum Naming: Sendable, Equatable {
    /// `W1`, `b1`, `W2`, ...: *Deep Learning from Scratch*. Linear weights are (in, out).
    case numbered
    /// Nothing but their order: weight and bias, layer after layer (the Theano tutorials). Linear weights are
    /// (in, out).
    case ordered
    /// `conv1.weight`, `conv1.bias`, ...: PyTorch's `state_dict`. Linear weights are (out, in).
    case stateDictionary
    /// The layers of network2's JSON in order, weights and biases by turns. Linear weights are (out, in), and a sigmoid
    /// follows every layer.
    case network2

    /// How arrays stand in files of this kind.
    var layout: ForeignLayout {
      switch self {
      case .numbered, .ordered: ForeignLayout(linear: .inputsFirst)
      case .stateDictionary, .network2: ForeignLayout()
      }
    }

    /// What pixels were divided by: 256 for network2, whose data is `mnist.pkl.gz`.
    var divisor: Double { self == .network2 ? 256 : 255 }
  }

  /// How the file says which array belongs to which layer.
  public let naming: Naming
  /// The arrays; numbered ones in the order `W1`, `b1`, `W2`, ...
  public let arrays: [NamedArray]
  /// What was left out or understood in a special way, as sentences without a leading capital or a full stop.
  public internal(set) var notes: [String] = []

  /// Arrays in the order that the naming asks for.
  init(_ arrays: [NamedArray], naming: Naming) {
    self.naming = naming
    self.arrays = arrays
  }

  /// Arrays of a list or a stream, in order.
  public init(ordered arrays: [NamedArray]) {
    naming = .ordered
    self.arrays = arrays
  }

  /// Arrays of a dictionary.
  ///
  /// - Throws: `InterchangeError` if there are none, if two have the same name, or if the names follow no known rule.
  public init(named arrays: [NamedArray]) throws(InterchangeError) {
    guard !arrays.isEmpty else { throw .notUsable("a file without arrays") }
    var names: Set<String> = []
    for array in arrays {
      guard NamedArray.isFit(array.name) else {
        throw .notUsable("a file with an array called \(array.name.quotedForMessage)")
      }
      guard names.insert(array.name).inserted else {
        throw .notUsable("a file with two arrays called \(array.name.quotedForMessage)")
      }
    }
    if arrays.allSatisfy({ $0.name.contains(".") }) {
      naming = .stateDictionary
      self.arrays = arrays
      return
    }
    var keyed: [(layer: Int, isBias: Bool, array: NamedArray)] = []
    for array in arrays {
      guard let first = array.name.first, first == "W" || first == "b",
        let layer = Int(array.name.dropFirst()), layer > 0, String(layer) == array.name.dropFirst()
      else { throw .unknownNames(arrays: arrays.map(\.summary)) }
      keyed.append((layer, first == "b", array))
    }
    naming = .numbered
    self.arrays = keyed.sorted { ($0.layer, $0.isBias ? 1 : 0) < ($1.layer, $1.isBias ? 1 : 0) }.map(\.array)
  }
}

extension ForeignWeights {
  /// The tensors of a plain safetensors file.
  ///
  /// - Throws: `InterchangeError` if the names follow no known rule.
  init(_ plain: PlainSafetensors) throws(InterchangeError) {
    try self.init(named: plain.tensors.map { NamedArray(name: $0.name, array: $0.array) })
  }
}
