import ArgumentParser
import CNNCodecs
import CNNEngine
import CNNFiles
import CNNInterchange
import CNNModelFile
import CNNToolSupport

/// The options that let a network begin with another one's parameters.
struct TransferArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The model whose parameters are loaded; its graph too, unless --architecture is given.",
      valueName: "base"), completion: .file(extensions: ["safetensors"]))
  var from: String?

  @Flag(help: "Replace the last linear layer by a new one for the data's classes.")
  var newHead = false

  @Option(
    help: ArgumentHelp(
      "Layers that don't learn and run as at inference, by pattern: 'conv*'. May be given several times.",
      valueName: "pattern"))
  var freeze: [String] = []

  @Option(help: ArgumentHelp("Freeze all layers up to and with this one.", valueName: "layer"))
  var freezeUntil: String?

  @Option(
    help: ArgumentHelp(
      "Multiply the learning rate of layers: 'conv*=0.1'. May be given several times.", valueName: "pattern=x"
    ))
  var lrScale: [String] = []

  @Flag(help: "Begin with new values where a tensor of the base has another shape.")
  var allowMismatch = false

  @Option(
    help: ArgumentHelp(
      "The most megabytes for keeping the outputs of frozen layers; beyond, they are computed anew.",
      valueName: "n"))
  var cacheMemory = 1000

  @Option(
    help: ArgumentHelp(
      """
      Measure what was forgotten on the base's data: the accuracy of its head on the new body. Given once for each \
      file.
      """, valueName: "data"), completion: .file())
  var remember: [String] = []

  var cacheBytes: Int { min(max(cacheMemory, 0), 1 << 40) * 1_000_000 }

  func check() throws {
    if from == nil {
      if newHead { throw ValidationError("--new-head goes with --from") }
      if !remember.isEmpty { throw ValidationError("--remember goes with --from") }
    }
    guard cacheMemory >= 0 else { throw ValidationError("--cache-memory must be at least 0") }
    for scale in lrScale where Self.parse(scale) == nil {
      throw ValidationError(
        "--lr-scale '\(scale)' is not understood; write a pattern and a number: 'conv*=0.1'")
    }
  }

  /// The network to begin with.
  struct Start {
    let network: NetworkDescription
    let tensors: [Tensor]
    let frozen: Set<String>
    let rows: [Transfer.Row]?
  }

  /// Builds the network, and loads what the base has.
  ///
  /// - Throws: `ToolFailure`.
  func start(base: ModelFile?, training: TrainingArguments, labels: [String], inputShape: [Int]) throws
    -> Start
  {
    var named: NetworkDescription?
    if training.architecture != nil || base == nil {
      switch try ArchitectureArgument(training.architecture ?? "lenet") {
      case .preset(let architecture):
        named = architecture.network(inputShape: inputShape, outputs: labels.count)
      case .graph(let graph): named = graph
      }
    }
    if named == nil, let found = base?.manifest.network?.inputShape, found != inputShape {
      throw ToolFailure(
        path: from,
        "the base takes pictures of \(NumberFormat.shape(found)), and the data have \(NumberFormat.shape(inputShape))",
        status: .badData)
    }
    let network = named ?? base?.manifest.network
    guard let network else { throw ToolFailure("there is no network to train", status: .usage) }
    do {
      var frozen = try Transfer.layers(of: network, matching: freeze)
      if let freezeUntil { frozen.formUnion(try Transfer.layers(of: network, until: freezeUntil)) }
      guard let base else {
        try checkOutputs(of: network, labels: labels)
        return Start(
          network: network, tensors: training.initializer.parameters(of: network, seed: training.seed),
          frozen: frozen, rows: nil)
      }
      let transfer = try Transfer(
        base: base, into: named, classes: labels.count, newHead: newHead, frozen: frozen,
        initializer: training.initializer, seed: training.seed, allowsMismatch: allowMismatch)
      return Start(
        network: transfer.network, tensors: transfer.tensors, frozen: frozen, rows: transfer.rows)
    } catch {
      throw ToolFailure(error, path: from)
    }
  }

  /// A graph from a file says itself how many classes it tells apart.
  private func checkOutputs(of network: NetworkDescription, labels: [String]) throws {
    let outputs = try network.inferShapes()[network.output] ?? []
    guard outputs == [labels.count] else {
      throw ToolFailure(
        "the network gives \(NumberFormat.shape(outputs)) values, and the data have \(labels.count) classes",
        status: .badData)
    }
  }

  /// The factors of the layers' learning rates.
  ///
  /// - Throws: `ToolFailure` for a pattern that no layer matches.
  func rateScales(for network: NetworkDescription) throws -> [String: Double] {
    var scales: [String: Double] = [:]
    for (pattern, factor) in lrScale.compactMap(Self.parse) {
      do {
        for layer in try Transfer.layers(of: network, matching: [pattern]) { scales[layer] = factor }
      } catch {
        throw ToolFailure(error)
      }
    }
    return scales
  }

  /// The base's own data, if what is forgotten is to be measured: of the test split, else validation, else training.
  func rememberedExamples(base: ModelFile?) throws -> Examples? {
    guard !remember.isEmpty, let base else { return nil }
    let data = try TrainingData(
      remember, selection: .init(classes: base.manifest.labels),
      preprocessing: base.manifest.preprocessing, allowsTestOnly: true)
    let examples = data.test ?? data.validation ?? data.training
    let wanted = base.manifest.network?.inputShape ?? []
    guard examples.inputShape == wanted else {
      throw ToolFailure(
        path: remember.first,
        "the base takes pictures of \(NumberFormat.shape(wanted)), and these are "
          + NumberFormat.shape(examples.inputShape), status: .badData)
    }
    return examples
  }

  /// How well the base does on its own data, and how well its head does on the new body.
  func forgetting(on examples: Examples, base: ModelFile, body: [Tensor], pool: WorkerPool) throws
    -> (before: Evaluation, after: Evaluation)
  {
    guard let network = base.manifest.network else {
      throw ToolFailure("the base has no network", status: .badData)
    }
    let new = Dictionary(body.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let head = network.nodes.last { if case .linear = $0.operation { true } else { false } }?.name ?? ""
    let mixed = base.tensors.map { old in
      guard !old.name.hasPrefix("\(head)."), let tensor = new[old.name], tensor.shape == old.shape else {
        return old
      }
      return tensor
    }
    return (
      try Evaluation(Network(network, tensors: base.tensors), on: examples, pool: pool),
      try Evaluation(Network(network, tensors: mixed), on: examples, pool: pool)
    )
  }

  private static func parse(_ scale: String) -> (pattern: String, factor: Double)? {
    guard let sign = scale.lastIndex(of: "="), sign > scale.startIndex,
      let factor = Double(scale[scale.index(after: sign)...]), factor >= 0, factor.isFinite
    else { return nil }
    return (String(scale[..<sign]), factor)
  }

  /// The options in force that a config file holds and a model's origin does not, under their names.
  var placeMembers: [JSONValue.Member] {
    [
      .init("from", from.map { .string($0) } ?? .null), .init("cache-memory", .integer(cacheMemory)),
      .init("remember", .array(remember.map { .string($0) })),
    ]
  }

  /// The base by its file's name: where it lay says nothing about the result.
  var baseMember: JSONValue.Member {
    .init("from", from.map { .string(InputFile.baseName(of: $0)) } ?? .null)
  }

  /// The options in force that change the result, under their names, without the base.
  var members: [JSONValue.Member] {
    [
      .init("new-head", .bool(newHead)), .init("freeze", .array(freeze.map { .string($0) })),
      .init("freeze-until", freezeUntil.map { .string($0) } ?? .null),
      .init("lr-scale", .array(lrScale.map { .string($0) })), .init("allow-mismatch", .bool(allowMismatch)),
    ]
  }
}

extension TransferArguments {
  /// What the network is called: by the command line, else by what the base says of itself.
  func architectureName(_ given: String?, base: ModelFile?) -> String? {
    if let given { return InputFile.baseName(of: given) }
    guard let base else { return "lenet" }
    let options = base.manifest.provenance.options
    switch options.first(where: { $0.name == "architecture" })?.value {
    case .string(let name)?: return name
    // The default, if the base was not fine-tuned itself.
    case .null? where options.contains { $0.name == "from" && $0.value == .null }: return "lenet"
    default: return nil
    }
  }

  /// What the first parameters come from, in words.
  func origin(initializer: Initializer, seed: UInt64) -> String {
    let drawn = "\(initializer), seed \(seed)"
    guard let from else { return drawn }
    return InputFile.baseName(of: from) + (newHead || allowMismatch ? "; what is new in it: \(drawn)" : "")
  }
}

/// The table of what is loaded, new and frozen.
enum TransferTable {
  static func text(of rows: [Transfer.Row]) -> String {
    var table = TextTable([("tensor", .left), ("shape", .left), ("base", .left), ("", .left)])
    for row in rows {
      table.add([
        row.name, NumberFormat.shape(row.shape), row.baseShape.map { NumberFormat.shape($0) } ?? "-",
        row.origin.rawValue,
      ])
    }
    return table.text
  }
}
