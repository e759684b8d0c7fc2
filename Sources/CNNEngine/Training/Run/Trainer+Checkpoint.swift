import CNNCodecs
import CNNModelFile

extension Trainer {
  /// The tensors of a checkpoint: the weights in training, and by their side the optimiser's memory (`optimizer.`), the
  /// averaged weights (`ema.`) and the best ones (`best.`).
  public var checkpointTensors: [Tensor] {
    let own = parameters.tensors
    var all = own
    for (index, entry) in parameters.entries.enumerated() {
      for (name, buffer) in zip(options.optimizer.slots, slots[index]) {
        all.append(
          Tensor(name: "optimizer.\(name).\(entry.name)", shape: entry.shape, values: buffer.values))
      }
    }
    if let averages {
      all += prefixed("ema.", own, values: averages.map(\.values))
    }
    if let best {
      all += prefixed("best.", own, values: best)
    }
    return all
  }

  /// Copies of all parameters under other names, with these values; counters are copied as they are.
  private func prefixed(_ prefix: String, _ own: [Tensor], values: [[Float]]) -> [Tensor] {
    own.enumerated().map { index, tensor in
      index < values.count
        ? Tensor(name: prefix + tensor.name, shape: tensor.shape, values: values[index])
        : Tensor(name: prefix + tensor.name, shape: tensor.shape, elements: tensor.elements)
    }
  }

  /// The state of a checkpoint: the manifest's `training` (`formats/model-file.md`, section 8).
  public var checkpointState: JSONValue {
    .object([
      .init("data", origin.data), .init("early_stopping", stopping.json),
      .init("epoch", .integer(history.count)),
      .init(
        "epoch_sums",
        .object([
          .init("correct", .integer(epochSums.correct)), .init("examples", .integer(epochSums.examples)),
          .init("loss", .number(epochSums.loss)),
        ])), .init("history", .array(history.map(\.json))),
      .init("initial_fingerprint", .string(origin.parameters.eightHexadecimalDigits)),
      .init("optimizer", options.optimizer.json),
      .init("options", options.json), .init("plateau", plateau.json),
      .init("schedule", options.schedule.json(learningRate: learningRate(at: step))),
      .init("seed", .number(Double(options.seed))), .init("step", .integer(step)),
    ])
  }

  /// Goes on from a checkpoint's state: what follows is what would have followed there, to the bit.
  ///
  /// - Throws: `TrainingError` for a checkpoint of another network, other data, preprocessing, first parameters, options
  ///   or seed, and for one whose state cannot be read. The trainer must not be used then.
  public func resume(from checkpoint: ModelFile) throws(TrainingError) {
    guard checkpoint.manifest.kind == .checkpoint, let state = checkpoint.manifest.training else {
      throw .checkpoint("it is a \(checkpoint.manifest.kind.rawValue) file")
    }
    guard checkpoint.manifest.network == network else {
      throw .otherNetwork
    }
    do {
      try compare(JSONNode(state), checkpoint.manifest.preprocessing)
      try restore(JSONNode(state), checkpoint)
    } catch let error as TrainingError {
      throw error
    } catch {
      throw .checkpoint("\(error)")
    }
  }

  /// Everything that the bits depend on must be what it was.
  private func compare(_ state: JSONNode, _ preprocessing: Preprocessing?) throws {
    // The seed first: it may have chosen the data.
    let seed = try state.member("seed").number()
    guard seed == Double(options.seed) else {
      throw TrainingError.otherCheckpoint(
        what: "seed", here: "\(options.seed)", there: JSONWriter.text(of: .number(seed)))
    }
    try origin.compare(state, preprocessing: preprocessing)
    for member in try JSONNode(options.json).members() {
      let old = try state.member("options").member(member.name).value
      guard old == member.node.value else {
        throw TrainingError.otherCheckpoint(
          what: "--\(member.name)", here: JSONWriter.text(of: member.node.value),
          there: JSONWriter.text(of: old))
      }
    }
  }

  private func restore(_ state: JSONNode, _ checkpoint: ModelFile) throws {
    var tensors: [String: Tensor] = [:]
    for tensor in checkpoint.tensors { tensors[tensor.name] = tensor }
    func fill(_ buffer: FloatBuffer, _ name: String) throws {
      guard let tensor = tensors[name], tensor.elementCount == buffer.count else {
        throw TrainingError.checkpoint("the tensor \(name) is missing or has another size")
      }
      buffer.pointer.update(from: tensor.floats(), count: buffer.count)
    }
    for (index, entry) in parameters.entries.enumerated() {
      try fill(entry.weights, entry.name)
      for (name, buffer) in zip(options.optimizer.slots, slots[index]) {
        try fill(buffer, "optimizer.\(name).\(entry.name)")
      }
      if let averages { try fill(averages[index], "ema.\(entry.name)") }
    }
    if tensors.keys.contains(where: { $0.hasPrefix("best.") }) {
      best = try parameters.entries.map { entry in
        guard let tensor = tensors["best.\(entry.name)"] else {
          throw TrainingError.checkpoint("the tensor best.\(entry.name) is missing")
        }
        return tensor.floats()
      }
    }
    parameters.restoreBatchCounts(from: tensors)
    plateau = try PlateauState(state.member("plateau"))
    stopping = try EarlyStopping(patience: options.patience, state: state.member("early_stopping"))
    let sums = try state.member("epoch_sums")
    epochSums = EpochSums(
      loss: try sums.member("loss").number(), correct: try sums.member("correct").integer(in: 0...1 << 53),
      examples: try sums.member("examples").integer(in: 0...1 << 53))
    restore(
      step: try state.member("step").integer(in: 0...options.steps),
      history: try state.member("history").elements().map { try EpochRecord(json: $0) },
      isStoppedEarly: stopping.shouldStop)
  }
}

extension FloatBuffer {
  /// A copy of the numbers.
  var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}
