import CNNCodecs

/// Lists the layers of a configuration in the order in which they are computed, those of models within included.
struct KerasModelReader {
  /// The most layers that are read: networks for pictures of digits have a few dozen.
  static let maximumLayerCount = 512
  static let models: Set<String> = ["Sequential", "Functional", "Model"]

  private(set) var layers: [KerasLayer] = []
  /// The shape of the model's input as the configuration has it, with the number of pictures first.
  private(set) var inputShape: JSONNode?

  /// Reads the whole configuration, whose members are `class_name` and `config`.
  ///
  /// - Throws: `JSONContentError` and `KerasImportError`.
  init(_ root: JSONNode) throws {
    try read(root, path: [], group: nil, isTraining: false)
  }

  /// One layer or model of a list.
  private struct Entry {
    let node: JSONNode
    let className: String
    let name: String
    let config: JSONNode
    /// What Keras 3 calls it in files: by its class, with a number from the second on.
    let label: String
  }

  /// - Parameter isTraining: whether the model is called as in training, and with it all its layers.
  private mutating func read(_ model: JSONNode, path: [String], group: String?, isTraining: Bool) throws {
    let className = try model.member("class_name").string()
    guard Self.models.contains(className) else { throw KerasImportError.modelClass(className) }
    if let foreign = try KerasLayer.foreignClass(of: model) { throw KerasImportError.modelClass(foreign) }
    let config = try model.member("config")
    // The oldest versions wrote a Sequential model as the bare list of its layers.
    let list = try config.value.arrayElements == nil ? config.member("layers") : config
    let entries = try Self.entries(list)
    let isSequential = className == "Sequential"
    let ordered = isSequential ? entries : try Self.chain(entries, of: config)
    let isOutermost = group == nil
    for (index, entry) in ordered.enumerated() {
      let place = path + ["layers", entry.label]
      if isOutermost, index == 0 { inputShape = try Self.shape(of: entry) }
      var layer = KerasLayer(
        name: entry.name, className: entry.className, config: entry.config, path: place,
        group: group ?? entry.name)
      layer.isTraining = try isTraining || Self.isCalledForTraining(entry)
      layer.foreignClass = try KerasLayer.foreignClass(of: entry.node)
      if entry.className == "InputLayer" {
        try layer.checkClass()
        if index == 0 { continue }
        throw KerasImportError.notAChain("layer \(entry.name) is a second input")
      }
      if Self.models.contains(entry.className) {
        try read(
          entry.node, path: place, group: group ?? entry.name, isTraining: layer.isTraining)
        continue
      }
      guard layers.count < Self.maximumLayerCount else {
        throw KerasImportError.tooManyLayers(limit: Self.maximumLayerCount)
      }
      layers.append(layer)
    }
    if isOutermost, inputShape == nil {
      inputShape = try config.value.arrayElements == nil ? config.optionalMember("build_input_shape") : nil
    }
  }

  /// The shape that a first layer or model says it takes.
  private static func shape(of entry: Entry) throws -> JSONNode? {
    if entry.config.value.arrayElements == nil {
      for name in ["batch_shape", "batch_input_shape"] {
        if let shape = try entry.config.optionalMember(name), shape.value != .null { return shape }
      }
    }
    guard let build = try entry.node.optionalMember("build_config"), build.value != .null else { return nil }
    let shape = try build.optionalMember("input_shape")
    return shape?.value == .null ? nil : shape
  }

  private static func entries(_ list: JSONNode) throws -> [Entry] {
    var names: Set<String> = []
    var counts: [String: Int] = [:]
    var entries: [Entry] = []
    for node in try list.elements() {
      let className = try node.member("class_name").string()
      guard NamedArray.isFit(className) else {
        throw try node.member("class_name").error("is no name of a class")
      }
      let config = try node.member("config")
      // Models within an old configuration have their name beside a bare list.
      let named = try config.value.arrayElements == nil ? config.optionalMember("name") : nil
      let name = try (named ?? node.member("name")).string()
      guard NamedArray.isFit(name), !name.isEmpty else {
        throw try (named ?? node.member("name")).error("is no name that can be shown")
      }
      guard names.insert(name).inserted else { throw KerasImportError.duplicateLayer(name) }
      let label = snakeCase(className)
      let count = counts[label, default: 0]
      counts[label] = count + 1
      entries.append(
        Entry(
          node: node, className: className, name: name, config: config,
          label: count == 0 ? label : "\(label)_\(count)"))
    }
    return entries
  }

  /// Keras's way from `MaxPooling2D` to `max_pooling2d`: an underscore before a capital that begins a word or follows
  /// a small letter.
  static func snakeCase(_ className: String) -> String {
    let characters = Array(className.utf8)
    func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    var result: [UInt8] = []
    for (index, byte) in characters.enumerated() {
      if index > 0, isUpper(byte) {
        let beginsWord = index + 1 < characters.count && isLower(characters[index + 1])
        if isLower(characters[index - 1]) || (beginsWord && characters[index - 1] != UInt8(ascii: "_")) {
          result.append(UInt8(ascii: "_"))
        }
      }
      result.append(isUpper(byte) ? byte + 0x20 : byte)
    }
    return String(decoding: result, as: UTF8.self)
  }

  // MARK: Functional models

  /// The layers of a Functional model from its input to its output.
  private static func chain(_ entries: [Entry], of config: JSONNode) throws -> [Entry] {
    let outputs = try histories(in: config.member("output_layers"))
    guard let output = outputs.first, outputs.count == 1 else {
      throw KerasImportError.notAChain("the model has \(outputs.count) outputs")
    }
    let inputs = try histories(in: config.member("input_layers"))
    guard inputs.count == 1 else {
      throw KerasImportError.notAChain("the model has \(inputs.count) inputs")
    }
    let byName = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var chain: [Entry] = []
    var met: Set<String> = []
    var next: String? = output
    while let name = next {
      guard NamedArray.isFit(name), let entry = byName[name] else {
        throw KerasImportError.notAChain(
          "a layer reads from \(name.quotedForMessage), and there is no such layer")
      }
      guard met.insert(name).inserted else {
        throw KerasImportError.notAChain("layer \(entry.name) reads from itself")
      }
      chain.append(entry)
      next = try source(of: entry)
    }
    if let other = entries.first(where: { !met.contains($0.name) }) {
      throw KerasImportError.notAChain("layer \(other.name) is in another branch")
    }
    guard chain.last?.name == inputs[0] else {
      throw KerasImportError.notAChain("the output does not come from the input")
    }
    return chain.reversed()
  }

  /// The layer that another one reads; nil for an input.
  private static func source(of entry: Entry) throws -> String? {
    guard let nodes = try entry.node.optionalMember("inbound_nodes"), nodes.value != .null else { return nil }
    let calls = try nodes.elements()
    guard let call = calls.first else { return nil }
    guard calls.count == 1 else {
      throw KerasImportError.notAChain("layer \(entry.name) is used \(calls.count) times")
    }
    let sources = try histories(in: call)
    guard sources.count <= 1 else {
      throw KerasImportError.notAChain("layer \(entry.name) joins \(sources.count) values")
    }
    guard let source = sources.first else {
      throw KerasImportError.notAChain("layer \(entry.name) reads nothing")
    }
    return source
  }

  /// Whether a layer's call has the argument `training`, by its name or as a second one, and it is true.
  private static func isCalledForTraining(_ entry: Entry) throws -> Bool {
    func isTrue(_ value: JSONValue) -> Bool {
      switch value {
      case .bool(let flag): flag
      case .number(let number): number != 0
      default: false
      }
    }
    guard let nodes = try entry.node.optionalMember("inbound_nodes"), nodes.value != .null else {
      return false
    }
    for call in try nodes.elements() {
      // By its name it is in `kwargs` (Keras 3), or in the object behind a tensor's name and numbers (Keras 2).
      var waiting = [call.value]
      while let value = waiting.popLast() {
        switch value {
        case .array(let elements): waiting += elements
        case .object(let members):
          if members.contains(where: { $0.name.isExactly("training") && isTrue($0.value) }) { return true }
          waiting += members.map(\.value)
        default: break
        }
      }
      if let arguments = call.value.member("args")?.arrayElements,
        arguments.dropFirst().contains(where: isTrue)
      {
        return true
      }
    }
    return false
  }

  /// The names of the layers that are meant by [name, number of the call, number of the output], alone, in lists, or
  /// within Keras 3's descriptions of tensors.
  private static func histories(in node: JSONNode) throws -> [String] {
    var found: [String] = []
    var waiting = [node.value]
    while let value = waiting.popLast() {
      switch value {
      case .array(let elements):
        if elements.count >= 3, case .string(let name) = elements[0], case .number = elements[1],
          case .number = elements[2]
        {
          found.append(name)
        } else {
          waiting += elements.reversed()
        }
      case .object(let members):
        waiting += members.reversed().map(\.value)
      default: break
      }
    }
    return found
  }
}
