import CNNCodecs
import CNNModelFile

/// A layer on its way from ONNX, not yet named.
struct ONNXLayer {
  /// An array that becomes a tensor.
  struct Parameter {
    let suffix: String
    let source: NamedArray
    var values: [Float]
    let shape: [Int]
    var changes: [String] = []
  }

  /// What the layer is called where the file has no name for it, less a number: `conv`.
  let kind: String
  var operation: Operation
  var parameters: [Parameter] = []
}

extension ONNXLayer {
  /// Names for layers, unique and fit for a graph.
  ///
  /// PyTorch's exporter keeps the names of a `state_dict`, so `conv1.weight` makes the layer `conv1`, with dots within
  /// replaced. If a layer with weights has no such name, or two have the same, all are numbered by kind.
  static func names(of layers: [ONNXLayer]) -> [String] {
    let given = layers.map(\.givenName)
    let fromFile = zip(layers, given).allSatisfy { $0.parameters.isEmpty || $1 != nil }
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
    guard let source = parameters.first(where: { $0.suffix == "weight" })?.source.name,
      source.hasSuffix(".weight"), NamedArray.isFit(source)
    else { return nil }
    let name = String(source.dropLast(7).map { $0 == "." || $0 == "/" ? "_" : $0 })
    let isReserved = ["", "input", "optimizer", "ema", "best"].contains(name)
    return isReserved || name.utf8.count > 128 ? nil : name
  }
}
