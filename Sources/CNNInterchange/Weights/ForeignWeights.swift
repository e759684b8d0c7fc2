import CNNCodecs
import CNNFiles
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
    /// The same of PyTorch, as in a list of `net.parameters()`. Linear weights are (out, in).
    case parameters
    /// `conv1.weight`, `features.0.bias`, ...: PyTorch's `state_dict`. Linear weights are (out, in).
    case stateDictionary
    /// `conv1/W`, `l1/b`, ...: Chainer's `save_npz`. Linear weights are (out, in).
    case chainer
    /// `Conv_0/kernel`, `dense.bias`, `conv2d/kernel:0`, ...: Flax and Keras. Everything has its channels last.
    case kernels
    /// `W_conv1`, `b_conv1`, ...: plain NumPy code. Linear weights are (in, out).
    case prefixed
    /// The layers of network2's JSON in order, weights and biases by turns. Linear weights are (out, in), and a sigmoid
    /// follows every layer.
    case network2
    /// Nothing that counts but their order: weight and bias, or gamma, beta, mean and variance, layer after layer, of
    /// Keras. Linear weights are (in, out), kernels (h, w, in, out), rows of pictures (h, w, c).
    case keras

    /// How arrays stand in files of this kind.
    var layout: ForeignLayout {
      switch self {
      case .numbered, .ordered, .prefixed: ForeignLayout(linear: .inputsFirst)
      case .parameters, .stateDictionary, .chainer, .network2: ForeignLayout()
      case .kernels, .keras: .channelsLast
      }
    }

    /// Whether the order of the arrays is all that there is, so that only an architecture says which layer each is of.
    var isOrderAlone: Bool { self == .ordered || self == .parameters }

    /// What pixels were divided by: 256 for network2, whose data is `mnist.pkl.gz`.
    var divisor: Double { self == .network2 ? 256 : 255 }
  }

  /// Where the order of the layers of a file comes from.
  enum LayerOrder: Sendable, Equatable {
    /// The names number them in the native way: `conv1`, `conv2`, `fc1`.
    case native
    /// The file has them in the order in which they were made.
    case file
    /// The file sorts its names, or keeps no order: nothing but the numbers in the names tells it.
    case names
  }

  /// How the file says which array belongs to which layer.
  public let naming: Naming
  /// The arrays; numbered ones in the order `W1`, `b1`, `W2`, ...
  public internal(set) var arrays: [NamedArray]
  /// What was left out or understood in a special way, as sentences without a leading capital or a full stop.
  public internal(set) var notes: [String] = []
  /// The layers in the order that `order` says, if names tell them; empty for arrays that stand in order themselves.
  var layers: [ForeignLayer] = []
  /// Where the order of the layers comes from.
  private(set) var order = LayerOrder.native

  /// The same with the order of the names, for a file whose own order turns out to mean nothing.
  var byNames: ForeignWeights {
    var result = self
    result.order = .names
    result.layers = Self.sorted(layers)
    return result
  }

  /// Arrays in the order that the naming asks for.
  init(_ arrays: [NamedArray], naming: Naming) {
    self.naming = naming
    self.arrays = arrays
  }

  /// Arrays of a list or a stream, in order.
  public init(ordered arrays: [NamedArray]) {
    self.init(arrays, naming: .ordered)
  }

  /// Arrays of a dictionary.
  ///
  /// - Parameter keepsOrder: whether the file has its arrays in the order in which they were put there. Where it sorts
  ///   them, only their names say which layer comes first.
  /// - Throws: `InterchangeError` if there are none, if two have the same name, or if the names follow no known rule.
  public init(named arrays: [NamedArray], keepsOrder: Bool = true) throws(InterchangeError) {
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
    if let numbered = Self.numbered(arrays) {
      self.init(numbered, naming: .numbered)
      return
    }
    if let positional = Self.positional(arrays) {
      self.init(ordered: positional)
      return
    }
    let (unwrapped, notes) = Self.unwrapped(arrays)
    if let (layers, _) = try ParameterNames.torch.layers(of: unwrapped) {
      self.init(layers, of: unwrapped, naming: .stateDictionary, keepsOrder: keepsOrder)
    } else if let (layers, left) = try ParameterNames.kernels.layers(of: arrays) {
      self.init(layers, of: arrays, naming: .kernels, keepsOrder: keepsOrder)
      if !left.isEmpty {
        self.notes.append("left out: \(Self.list(left.map(\.name))), the state of a random generator")
      }
      return
    } else if let (layers, model, notes) = try Self.chainer(arrays) {
      // Chainer saves the links of a chain as a set has them.
      self.init(layers, of: model, naming: .chainer, keepsOrder: false)
      self.notes += notes
      return
    } else if let layers = try ParameterNames.prefixedLayers(of: arrays) {
      self.init(layers, of: arrays, naming: .prefixed, keepsOrder: keepsOrder)
    } else {
      throw .unknownNames(arrays: arrays.map(\.summary))
    }
    self.notes += notes
  }

  /// Arrays whose layers are known.
  init(_ layers: [ForeignLayer], of arrays: [NamedArray], naming: Naming, keepsOrder: Bool) {
    self.naming = naming
    self.arrays = arrays
    if Self.isNative(layers) {
      order = .native
    } else {
      // Files that sort their names hand dictionaries on that look as if they had an order: a bias comes before its
      // weight then. JAX sorts the layers of each collection.
      let isSorted =
        Self.areSorted(arrays.map(\.name)) || (naming == .kernels && Self.areSorted(layers.map(\.name)))
      order = keepsOrder && !isSorted ? .file : .names
    }
    self.layers = order == .file ? layers : Self.sorted(layers)
  }

  /// Whether names are in the order of their bytes.
  private static func areSorted(_ names: [String]) -> Bool {
    zip(names, names.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func sorted(_ layers: [ForeignLayer]) -> [ForeignLayer] {
    NaturalOrder.order(of: layers.map(\.name)).map { layers[$0] }
  }

  /// Whether the names are those that native files have: a kind and a number from 1 on.
  private static func isNative(_ layers: [ForeignLayer]) -> Bool {
    var names: Set<String> = Set(layers.map(\.name))
    for kind in ["conv", "bn", "fc"] {
      var number = 1
      while names.remove("\(kind)\(number)") != nil { number += 1 }
    }
    return names.isEmpty
  }
}

extension ForeignWeights {
  /// `W1`, `b1`, `W2`, ... in this order; nil if there are other names.
  private static func numbered(_ arrays: [NamedArray]) -> [NamedArray]? {
    var keyed: [(layer: Int, isBias: Bool, array: NamedArray)] = []
    for array in arrays {
      guard let first = array.name.first, first == "W" || first == "b",
        let layer = Int(array.name.dropFirst()), layer > 0, String(layer) == array.name.dropFirst()
      else { return nil }
      keyed.append((layer, first == "b", array))
    }
    return keyed.sorted { ($0.layer, $0.isBias ? 1 : 0) < ($1.layer, $1.isBias ? 1 : 0) }.map(\.array)
  }

  /// `arr_0`, `arr_1`, ..., which `numpy.savez` calls arrays without names, in this order; nil if there are other names
  /// or numbers are missing.
  private static func positional(_ arrays: [NamedArray]) -> [NamedArray]? {
    let byName = Dictionary(arrays.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let ordered = arrays.indices.compactMap { byName["arr_\($0)"] }
    return ordered.count == arrays.count ? ordered : nil
  }

  /// The layers of Chainer's files, the arrays of the model alone, and what was left out: in a trainer's snapshot the
  /// model stands beside the optimiser and counters. Nil for other names.
  private static func chainer(_ arrays: [NamedArray]) throws(InterchangeError)
    -> (layers: [ForeignLayer], model: [NamedArray], notes: [String])?
  {
    let model = arrays.filter { $0.name.hasPrefix("updater/model:") }
    guard !model.isEmpty, model.count < arrays.count else {
      return try ParameterNames.chainer.layers(of: arrays).map { ($0.layers, arrays, []) }
    }
    guard let (layers, _) = try ParameterNames.chainer.layers(of: model) else { return nil }
    let left = arrays.filter { !$0.name.hasPrefix("updater/model:") }
    return (layers, model, ["left out: \(list(left.map(\.name))), which are the trainer's"])
  }

  /// Names for a note: the first eight and how many more.
  static func list(_ names: [String]) -> String {
    let shown = names.prefix(8).joined(separator: ", ")
    return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
  }

  // MARK: Wrappers

  /// What wrappers of networks put in front of all names: `DataParallel`, training frameworks, `torch.compile`.
  private static let wrappers = ["module.", "model.", "network.", "net.", "_orig_mod."]

  /// The arrays without the wrappers' prefixes that all names have in common, and a note of them.
  private static func unwrapped(_ arrays: [NamedArray]) -> (arrays: [NamedArray], notes: [String]) {
    var prefix = ""
    while let wrapper = wrappers.first(where: { wrapper in
      let longer = prefix + wrapper
      return arrays.allSatisfy { array in
        // A layer of that name is no wrapper: a name keeps its layer and its suffix.
        array.name.utf8.starts(with: longer.utf8)
          && array.name.utf8.dropFirst(longer.utf8.count).contains(UInt8(ascii: "."))
      }
    }) {
      prefix += wrapper
    }
    guard !prefix.isEmpty else { return (arrays, []) }
    return (
      arrays.map { array in
        NamedArray(
          name: String(decoding: array.name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self),
          array: array.array)
      }, ["all names began with \(prefix.quotedForMessage), which was taken off"]
    )
  }
}

extension ForeignWeights {
  /// The tensors of a plain safetensors file, which sorts them.
  ///
  /// - Throws: `InterchangeError` if the names follow no known rule.
  init(_ plain: PlainSafetensors) throws(InterchangeError) {
    try self.init(named: plain.tensors.map { NamedArray(name: $0.name, array: $0.array) }, keepsOrder: false)
  }
}
