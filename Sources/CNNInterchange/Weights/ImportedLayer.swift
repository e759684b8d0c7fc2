import CNNCodecs
import CNNModelFile

/// A layer of a chain that a foreign file describes, not yet named.
struct ImportedLayer {
  /// An array that becomes a tensor.
  struct Parameter {
    let suffix: String
    /// The file's array; nil for weights that stand for what has none.
    let source: NamedArray?
    var values: [Float]
    let shape: [Int]
    var changes: [String] = []
  }

  /// What the layer is called where the file has no name for it, less a number: `conv`.
  let kind: String
  var operation: Operation
  var parameters: [Parameter] = []
}

extension ImportedLayer {
  /// Names for layers, unique and fit for a graph.
  ///
  /// PyTorch's exporter keeps the names of a `state_dict`, so `conv1.weight` makes the layer `conv1`, with dots within
  /// replaced. If a layer with weights has no such name, or two have the same, all are numbered by kind.
  static func names(of layers: [ImportedLayer]) -> [String] {
    let given = layers.map(\.givenName)
    let fromFile = zip(layers, given).allSatisfy { layer, name in
      name != nil || layer.parameters.allSatisfy { $0.source == nil }
    }
    let names = given.compactMap { $0 }
    let usesGiven = fromFile && Set(names).count == names.count
    var taken = Set(usesGiven ? names : [])
    var counts: [String: Int] = [:]
    let hasOneFlatten = layers.count { $0.kind == "flatten" } == 1
    return zip(layers, given).map { layer, given in
      if usesGiven, let given { return given }
      if layer.kind == "flatten", hasOneFlatten, taken.insert("flatten").inserted { return "flatten" }
      while true {
        counts[layer.kind, default: 0] += 1
        let name = "\(layer.kind)\(counts[layer.kind, default: 1])"
        if taken.insert(name).inserted { return name }
      }
    }
  }

  /// `conv1` where the weights are `conv1.weight`.
  private var givenName: String? {
    guard let source = parameters.first(where: { $0.suffix == "weight" })?.source?.name,
      source.hasSuffix(".weight"), NamedArray.isFit(source)
    else { return nil }
    let name = String(source.dropLast(7).map { $0 == "." || $0 == "/" ? "_" : $0 })
    let isReserved = ["", "input", "optimizer", "ema", "best"].contains(name)
    return isReserved || name.utf8.count > 128 ? nil : name
  }
}

extension NetworkDescription {
  /// A chain of layers as a graph, each with its name.
  init(chain layers: [ImportedLayer], inputShape: [Int]) {
    var nodes: [Node] = []
    for (name, layer) in zip(ImportedLayer.names(of: layers), layers) {
      nodes.append(
        .init(name: name, operation: layer.operation, inputs: [nodes.last?.name ?? Self.inputName]))
    }
    self.init(inputShape: inputShape, nodes: nodes, output: nodes.last?.name ?? Self.inputName)
  }
}

/// Why a layer does not go with what it gets: a clause that the layer's name can stand in front of, which it does not
/// have yet.
struct LayerFitError: Error {
  let reason: String
}

extension Operation {
  /// The shape that the operation makes of `shape`, checked as in a whole network.
  ///
  /// - Parameter window: what the file's format calls a kernel: `kernel` or `window`.
  func outputShape(of shape: [Int], window: String) throws(LayerFitError) -> [Int] {
    let network = NetworkDescription(
      inputShape: shape,
      nodes: [.init(name: "layer", operation: self, inputs: [NetworkDescription.inputName])],
      output: "layer")
    do {
      return try network.inferShapes()["layer"] ?? []
    } catch {
      switch error {
      case .shapeMismatch(_, let takes, _, let shape):
        throw LayerFitError(reason: "takes \(takes), and gets \(shape)")
      case .kernelTooLarge(_, let kernel, _, let shape):
        throw LayerFitError(
          reason: "the \(window) spans \(kernel), and what it gets is \(shape) with its padding")
      default:
        let reason = error.reason
        throw LayerFitError(reason: reason.hasPrefix("layer: ") ? String(reason.dropFirst(7)) : reason)
      }
    }
  }
}
