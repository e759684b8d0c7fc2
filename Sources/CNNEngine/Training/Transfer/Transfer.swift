import CNNModelFile

/// A network that begins with another one's parameters: what is loaded, what is new, what is frozen.
public struct Transfer: Sendable {
  /// What becomes of a tensor of the new network.
  public enum Origin: String, Sendable {
    /// Taken from the base, and trained.
    case loaded
    /// Taken from the base, and kept.
    case frozen
    /// Initialised anew.
    case new
  }

  /// A row of the table that is shown before training.
  public struct Row: Sendable, Equatable {
    /// The tensor's name.
    public let name: String
    /// Its shape in the new network.
    public let shape: [Int]
    /// Its shape in the base; nil if the base has no such tensor.
    public let baseShape: [Int]?
    /// What becomes of it.
    public let origin: Origin
  }

  /// The network: the base's graph, with a new head where one was asked for.
  public let network: NetworkDescription
  /// Its first parameters.
  public let tensors: [Tensor]
  /// What became of each of them.
  public let rows: [Row]

  /// Why a base cannot serve.
  public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The base has no linear layer that could be replaced.
    case noHead
    /// A tensor with one shape in the base and another in the network.
    case shape(name: String, base: [Int], network: [Int])
    /// The base has another number of classes than the data, and its head is to stay.
    case classes(base: Int, data: Int)
    /// A pattern that no layer's name matches; these are the layers that could be meant.
    case pattern(String, layers: [String])

    /// One helpful sentence.
    public var description: String {
      switch self {
      case .noHead: "the base has no linear layer that a new head could replace"
      case .shape(let name, let base, let network):
        "\(name) is \(base) in the base and \(network) in the network; "
          + "use --allow-mismatch to begin with new values there"
      case .classes(let base, let data):
        "the base tells \(base) classes apart, and the data have \(data); use --new-head"
      case .pattern(let pattern, let layers):
        "'\(pattern)' matches no layer; the layers are \(layers.joined(separator: ", "))"
      }
    }
  }

  /// Loads what fits.
  ///
  /// - Parameters:
  ///   - base: the model to begin with.
  ///   - network: another network to load into, or nil for the base's own.
  ///   - classes: how many classes the data have.
  ///   - newHead: whether the last linear layer is replaced by one for the data's classes.
  ///   - frozen: the layers that are not trained.
  ///   - allowsMismatch: whether tensors of other shapes begin anew.
  /// - Throws: `Failure`.
  public init(
    base: ModelFile, into network: NetworkDescription? = nil, classes: Int, newHead: Bool,
    frozen: Set<String>,
    initializer: Initializer, seed: UInt64, allowsMismatch: Bool = false
  ) throws(Failure) {
    var description =
      network ?? base.manifest.network ?? NetworkDescription(inputShape: [], nodes: [], output: "")
    let headIndex = description.nodes.lastIndex { if case .linear = $0.operation { true } else { false } }
    var headName: String?
    if newHead {
      guard let headIndex, case .linear(var head) = description.nodes[headIndex].operation else {
        throw .noHead
      }
      head.outputFeatures = classes
      description.nodes[headIndex].operation = .linear(head)
      headName = description.nodes[headIndex].name
    } else if let headIndex, case .linear(let head) = description.nodes[headIndex].operation,
      head.outputFeatures != classes
    {
      throw .classes(base: head.outputFeatures, data: classes)
    }

    let fresh = initializer.parameters(of: description, seed: seed)
    var tensors: [Tensor] = []
    var rows: [Row] = []
    for tensor in fresh {
      let node = String(tensor.name.prefix { $0 != "." })
      let old = base.tensor(named: tensor.name)
      var origin = Origin.new
      if let old, node != headName {
        if old.shape == tensor.shape {
          origin = frozen.contains(node) ? .frozen : .loaded
        } else if !allowsMismatch {
          throw .shape(name: tensor.name, base: old.shape, network: tensor.shape)
        }
      }
      tensors.append(origin == .new ? tensor : old ?? tensor)
      rows.append(Row(name: tensor.name, shape: tensor.shape, baseShape: old?.shape, origin: origin))
    }
    self.network = description
    self.tensors = tensors
    self.rows = rows
  }

  /// The layers of a network whose names match one of the patterns, in which `*` stands for any characters and `?` for
  /// one.
  ///
  /// - Throws: `Failure.pattern` for a pattern that matches none.
  public static func layers(of network: NetworkDescription, matching patterns: [String]) throws(Failure)
    -> Set<String>
  {
    var matching: Set<String> = []
    for pattern in patterns {
      let found = network.nodes.map(\.name).filter { matches(Array($0.utf8)[...], Array(pattern.utf8)[...]) }
      if found.isEmpty { throw .pattern(pattern, layers: network.nodes.map(\.name)) }
      matching.formUnion(found)
    }
    return matching
  }

  /// The layers of a network up to and with the one called `name`.
  ///
  /// - Throws: `Failure.pattern` if there is no such layer.
  public static func layers(of network: NetworkDescription, until name: String) throws(Failure) -> Set<String>
  {
    guard let index = network.nodes.firstIndex(where: { $0.name == name }) else {
      throw .pattern(name, layers: network.nodes.map(\.name))
    }
    return Set(network.nodes[...index].map(\.name))
  }

  /// Matches in time linear in the name for each star: a later star makes an earlier one's choice final.
  private static func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var n = name.startIndex
    var p = pattern.startIndex
    var star: (pattern: Int, name: Int)?
    while n < name.endIndex {
      if p < pattern.endIndex, pattern[p] == UInt8(ascii: "*") {
        star = (p, n)
        p += 1
      } else if p < pattern.endIndex, pattern[p] == UInt8(ascii: "?") || pattern[p] == name[n] {
        p += 1
        n += 1
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        p = last.pattern + 1
        n = last.name + 1
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
