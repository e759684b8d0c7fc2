import CNNCodecs
import CNNModelFile

extension LoadedInput {
  /// The most properties that are listed, and the longest value of one in characters: what a person reads.
  private static let greatestPropertyCount = 64
  private static let greatestPropertyLength = 200

  /// What a file says of itself beside its arrays, as names and texts in an order for reading: who wrote an ONNX file
  /// and its operators, the epoch in a checkpoint of PyTorch, the version of Keras. No name stands twice.
  ///
  /// Names and texts come out of the file and may hold anything.
  public var properties: [(name: String, text: String)] {
    var all: [(name: String, text: String)]
    switch content {
    case .onnx(let model): all = Self.properties(of: model)
    case .torch(let file): all = Self.properties(of: file)
    case .hdf5(let file): all = Self.properties(of: file.root)
    case .keras(let file): all = Self.properties(of: file.weights.root)
    case .plainSafetensors(let plain): all = plain.metadata.map { ($0.name, $0.value) }
    default: return []
    }
    var names: Set<String> = []
    all = all.filter { names.insert($0.name).inserted }
    if all.count > Self.greatestPropertyCount {
      all =
        all.prefix(Self.greatestPropertyCount) + [("...", "\(all.count - Self.greatestPropertyCount) more")]
    }
    return all.map { property in
      let isLong = property.text.count > Self.greatestPropertyLength
      return (
        property.name, isLong ? property.text.prefix(Self.greatestPropertyLength) + "..." : property.text
      )
    }
  }

  private static func properties(of model: ONNXModel) -> [(name: String, text: String)] {
    var properties: [(name: String, text: String)] = []
    let producer = [model.producerName, model.producerVersion].filter { !$0.isEmpty }
    if !producer.isEmpty { properties.append(("producer", producer.joined(separator: " "))) }
    properties.append(("format version", "\(model.irVersion)"))
    for set in model.operatorSets {
      properties.append(
        (set.domain.isEmpty ? "operator set" : "operator set \(set.domain)", "\(set.version)"))
    }
    var counts: [(type: String, count: Int)] = []
    var places: [String: Int] = [:]
    for node in model.graph.nodes {
      if let place = places[node.operatorType] {
        counts[place].count += 1
      } else {
        places[node.operatorType] = counts.count
        counts.append((node.operatorType, 1))
      }
    }
    let operators = counts.map { $0.count == 1 ? $0.type : "\($0.count) \($0.type)" }
    properties.append(("operators", operators.joined(separator: ", ")))
    return properties + model.metadata.map { ($0.key, $0.value) }
  }

  private static func properties(of file: TorchFile) -> [(name: String, text: String)] {
    [("container", file.container == .zip ? "zip" : "legacy")] + file.values.map { ($0.path, $0.text) }
  }

  private static func properties(of root: HDF5Group) -> [(name: String, text: String)] {
    root.attributes.compactMap { attribute in
      guard let text = try? attribute.text() else { return nil }
      return (attribute.name, text)
    }
  }
}
