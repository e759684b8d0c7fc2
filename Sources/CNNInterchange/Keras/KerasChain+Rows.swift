import CNNCodecs
import CNNModelFile

extension KerasChain {
  mutating func readDense(_ layer: KerasLayer) throws {
    try checkRow(layer)
    let hasBias = try layer.flag("use_bias", default: true)
    let units = try layer.count("units")
    let arrays = try store.arrays(of: layer, [["kernel"]] + (hasBias ? [["bias"]] : []))
    try append(
      "fc",
      .linear(Operation.Linear(inputFeatures: shape[0], outputFeatures: units, hasBias: hasBias)), layer,
      arrays)
    try readActivation(of: layer)
  }

  mutating func readFlatten(_ layer: KerasLayer) throws {
    guard form != .row else { return }
    // With channels first, Keras moves them to the end before it makes the row.
    let movesChannels = try layer.axes() == .channelsFirst
    if form == .picture, movesChannels, axes == .channelsLast, !isTrivial {
      throw layer.error(
        "its data_format is channels_first, and that of the layers before it is channels_last")
    }
    try appendFlatten(order: axes == .channelsLast || movesChannels ? .channelsLast : .channelsFirst, layer)
  }

  /// A row in place of a picture, a picture in place of the input's row, or no change.
  mutating func readReshape(_ layer: KerasLayer) throws {
    var extents = try layer.config.member("target_shape").integers(in: -1...Int(Int32.max))
    guard let count = NetworkDescription.elementCount(shape) else { throw mismatch(extents, layer) }
    if let free = extents.firstIndex(of: -1) {
      let others = extents.enumerated().filter { $0.offset != free }.map(\.element)
      guard let known = NetworkDescription.elementCount(others), known > 0, count % known == 0 else {
        throw mismatch(extents, layer)
      }
      extents[free] = count / known
    }
    guard extents.allSatisfy({ $0 > 0 }), NetworkDescription.elementCount(extents) == count else {
      throw mismatch(extents, layer)
    }
    if extents.count == 1 {
      if form != .row {
        try appendFlatten(order: axes == .channelsLast ? .channelsLast : .channelsFirst, layer)
      }
      return
    }
    if extents == kerasShape { return }
    guard layers.isEmpty, form != .picture, extents.count == 2 || extents.count == 3 else {
      throw layer.error(
        "makes the shape \(extents) of \(kerasShape); read are those that make a row of a picture, and a picture of the "
          + "model's input")
    }
    if extents.count == 2 {
      reshapeInput([1] + extents, .plane)
    } else {
      let picture = axes == .channelsLast ? [extents[2], extents[0], extents[1]] : extents
      reshapeInput(picture, .picture)
    }
    notes.append("the model's input is read as pictures of \(extents), which layer \(layer.name) makes of it")
  }

  /// - Parameter order: that of the row in Keras.
  private mutating func appendFlatten(order: FlattenOrder, _ layer: KerasLayer) throws {
    if form == .picture, !isTrivial { flattenOrder = order }
    try append("flatten", .flatten, layer)
    form = .row
  }

  /// Whether the order of axes makes no difference.
  private var isTrivial: Bool { shape.count < 3 || shape[0] == 1 || shape[1] * shape[2] == 1 }

  /// The shape as Keras has it.
  private var kerasShape: [Int] {
    switch form {
    case .row: shape
    case .plane: Array(shape.dropFirst())
    case .picture: axes == .channelsLast ? [shape[1], shape[2], shape[0]] : shape
    }
  }

  private func mismatch(_ extents: [Int], _ layer: KerasLayer) -> KerasImportError {
    layer.error("makes the shape \(extents) of \(kerasShape), which has another number of values")
  }

  // MARK: Normalisation

  mutating func readBatchNormalization(_ layer: KerasLayer) throws {
    try checkNormalizedAxis(layer)
    // Layers that are not trained use their averages, however they are called.
    guard try !(layer.isTraining && layer.flag("trainable", default: true)) else {
      throw layer.error(
        "is called with training=True, so that it normalises by the pictures that come together; call it without, and "
          + "save the model again")
    }
    guard try !layer.flag("renorm", default: false) else {
      throw layer.error("batch renormalisation is not among the layers here")
    }
    let hasScale = try layer.flag("scale", default: true)
    let hasCenter = try layer.flag("center", default: true)
    let features = shape[0]
    // PyTorch's momentum is the share of what is new, Keras's that of what was there.
    let momentum = Float(1 - (try layer.number("momentum", default: 0.99))).shortestDecimal
    let operation = Operation.batchNorm(
      Operation.BatchNorm(
        features: features, epsilon: try layer.number("epsilon", default: 0.001), momentum: momentum))
    let roles = ["gamma", "beta", "moving_mean", "moving_variance"].filter {
      $0 == "gamma" ? hasScale : $0 == "beta" ? hasCenter : true
    }
    var found = try store.arrays(of: layer, roles.map { [$0] })[...]
    try append("bn", operation, layer)
    for (has, name, value) in [(hasScale, "gamma", 1), (hasCenter, "beta", 0)] as [(Bool, String, Float)] {
      if has, let array = found.popFirst() {
        add(array, isMade: false)
      } else {
        add(try made("\(layer.name)/\(name)", shape: [features], value: value), isMade: true)
        notes.append(
          "layer \(layer.name) (\(layer.className)) has no \(name): \(value == 1 ? "ones" : "zeros") stand in its place"
        )
      }
    }
    for array in found { add(array, isMade: false) }
  }

  /// Makes sure that it is channels, or the values of a row, that are normalised.
  private func checkNormalizedAxis(_ layer: KerasLayer) throws {
    if form == .plane { try checkPicture(layer) }
    let rank = form == .row ? 2 : 4
    let wanted = form == .picture && axes == .channelsFirst ? 1 : rank - 1
    guard let node = try layer.setting("axis") else {
      guard wanted == rank - 1 else { throw layer.error("normalises the last axis, which is no channel's") }
      return
    }
    var axis = 0
    if case .array = node.value {
      axis = try node.integers(count: 1)[0]
    } else {
      axis = try node.integer()
    }
    guard axis == wanted || axis == wanted - rank else {
      throw layer.error("normalises axis \(axis), which is not that of the channels (\(wanted))")
    }
  }
}
