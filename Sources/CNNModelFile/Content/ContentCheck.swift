import CNNCodecs

/// What is known of a tensor before its bytes are there.
struct TensorOutline {
  let name: String
  let elementType: ElementType
  let shape: [Int]
}

/// Whether manifest and tensors fit together, as `formats/model-file.md` has it for each kind.
///
/// Reader and writer ask the same questions, so that nothing is written that could not be read.
struct ContentCheck {
  let manifest: Manifest
  private let tensors: [String: TensorOutline]

  /// Looks at everything but the tensors' bytes.
  init(_ manifest: Manifest, _ outlines: [TensorOutline]) throws(ContentError) {
    guard outlines.count <= Limits.tensors else { throw .tooManyTensors(outlines.count) }
    var tensors: [String: TensorOutline] = [:]
    for outline in outlines {
      guard outline.name.utf8.count <= Limits.nameBytes else { throw .tensorName(outline.name) }
      guard tensors.updateValue(outline, forKey: outline.name) == nil else {
        throw .duplicateTensor(outline.name)
      }
      guard outline.shape.allSatisfy({ $0 <= Limits.extent }) else {
        throw .rank(tensor: outline.name, expected: "extents of at most 2^53", found: outline.shape)
      }
    }
    self.manifest = manifest
    self.tensors = tensors
    if let index = manifest.labels.firstIndex(where: { $0.utf8.count > Limits.nameBytes }) {
      let problem = "has more than \(Limits.nameBytes) bytes"
      throw .member(JSONContentError(path: "labels[\(index)]", problem: problem))
    }
    if let feature = manifest.requires.first(where: { !Manifest.knows(feature: $0) }) {
      throw .unknownFeature(feature)
    }
    switch manifest.kind {
    case .model: try checkModel(withExtras: false)
    case .checkpoint:
      try checkModel(withExtras: true)
      try checkTrainingState()
    case .dataset: try checkDataset()
    }
  }

  /// Looks at a tensor's bytes, which matters for labels.
  func checkValues(of tensor: Tensor) throws(ContentError) {
    if manifest.kind == .dataset, tensor.name.hasSuffix(".labels") { try checkLabels(tensor) }
  }

  // MARK: Models and checkpoints

  private func checkModel(withExtras: Bool) throws(ContentError) {
    guard let network = manifest.network else { throw missing("graph") }
    guard let preprocessing = manifest.preprocessing else { throw missing("preprocess") }
    try checkPositive(preprocessing.divisor, "preprocess.divisor")
    try checkPositive(preprocessing.deviation, "preprocess.deviation")
    guard preprocessing.mean.isFinite else { throw notFinite("preprocess.mean") }

    let shapes: [String: [Int]]
    do { shapes = try network.inferShapes() } catch { throw .graph(error) }
    let output = shapes[network.output] ?? []
    guard output == [manifest.labels.count] else {
      throw .labelCount(labels: manifest.labels.count, output: output)
    }

    var parameters: [String: Parameter] = [:]
    for (name, parameter) in network.parameters {
      parameters[name] = parameter
      guard let tensor = tensors[name] else { throw .missingTensor(name) }
      try check(tensor, against: parameter)
    }
    for tensor in tensors.values.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) })
    where parameters[tensor.name] == nil {
      guard withExtras, try isCheckpointTensor(tensor, parameters) else {
        throw .unexpectedTensor(tensor.name)
      }
    }
    if withExtras { try checkCopiesAreComplete(of: network.parameters.map(\.name)) }
  }

  private func check(_ tensor: TensorOutline, against parameter: Parameter) throws(ContentError) {
    guard tensor.shape == parameter.shape else {
      throw .shape(tensor: tensor.name, expected: parameter.shape, found: tensor.shape)
    }
    if parameter.elementType.isFloatingPoint {
      try checkFloatingPoint(tensor)
    } else if tensor.elementType != parameter.elementType {
      throw .elementType(
        tensor: tensor.name, expected: parameter.elementType.name, found: tensor.elementType)
    }
  }

  /// Whether a tensor that is no parameter belongs to one: `optimizer.<slot>.`, `ema.` or `best.` before its name.
  private func isCheckpointTensor(
    _ tensor: TensorOutline, _ parameters: [String: Parameter]
  ) throws(ContentError) -> Bool {
    let parts = tensor.name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return false }
    switch parts[0] {
    case "ema", "best":
      let name = String(parts[1])
      guard let original = tensors[name], parameters[name] != nil else { return false }
      guard tensor.shape == original.shape else {
        throw .shape(tensor: tensor.name, expected: original.shape, found: tensor.shape)
      }
      guard tensor.elementType == original.elementType else {
        throw .elementType(
          tensor: tensor.name, expected: original.elementType.name, found: tensor.elementType)
      }
      return true
    case "optimizer":
      let rest = parts[1].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
      guard rest.count == 2, Self.isSlotName(rest[0]), let parameter = parameters[String(rest[1])] else {
        return false
      }
      guard tensor.shape == parameter.shape else {
        throw .shape(tensor: tensor.name, expected: parameter.shape, found: tensor.shape)
      }
      try checkFloatingPoint(tensor)
      return true
    default: return false
    }
  }

  private static func isSlotName(_ name: Substring) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
      }
  }

  private func checkCopiesAreComplete(of names: [String]) throws(ContentError) {
    for prefix in ["best.", "ema."] where tensors.keys.contains(where: { $0.hasPrefix(prefix) }) {
      if let name = names.first(where: { tensors[prefix + $0] == nil }) {
        throw .missingTensor(prefix + name)
      }
    }
  }

  private func checkTrainingState() throws(ContentError) {
    guard let training = manifest.training else { throw missing("training") }
    do {
      let state = JSONNode(training, path: "training")
      for name in ["epoch", "seed", "step"] { _ = try state.member(name).integer(in: 0...1 << 53) }
    } catch {
      throw .member(error)
    }
  }

  // MARK: Data sets

  private func checkDataset() throws(ContentError) {
    guard let divisor = manifest.divisor else { throw missing("divisor") }
    try checkPositive(divisor, "divisor")
    let splits = ["train", "valid", "test"]
    let meaningful = Set(splits.flatMap { ["\($0).images", "\($0).labels"] })
    if let odd = tensors.keys.filter({ !meaningful.contains($0) }).min() { throw .unexpectedTensor(odd) }

    var first: TensorOutline?
    for split in splits {
      guard let images = tensors["\(split).images"] else {
        if tensors["\(split).labels"] != nil { throw .missingTensor("\(split).images") }
        continue
      }
      try checkImages(images, like: first, divisor: divisor)
      first = first ?? images
      guard let labels = tensors["\(split).labels"] else { continue }
      guard labels.shape.count == 1 else {
        throw .rank(tensor: labels.name, expected: "one extent", found: labels.shape)
      }
      guard labels.elementType == .uint8 || labels.elementType == .int64 else {
        throw .elementType(tensor: labels.name, expected: "uint8 or int64", found: labels.elementType)
      }
      guard labels.shape[0] == images.shape[0] else {
        throw .splitCount(split: split, images: images.shape[0], labels: labels.shape[0])
      }
    }
    if first == nil { throw .noImages }
  }

  private func checkImages(
    _ images: TensorOutline, like first: TensorOutline?, divisor: Double
  ) throws(ContentError) {
    guard images.shape.count == 3 || images.shape.count == 4, images.shape.dropFirst().allSatisfy({ $0 > 0 })
    else {
      throw .rank(
        tensor: images.name, expected: "[pictures, height, width] or [pictures, channels, height, width]",
        found: images.shape)
    }
    guard images.elementType == .uint8 || images.elementType.isFloatingPoint else {
      throw .elementType(
        tensor: images.name, expected: "uint8 or of a floating-point type", found: images.elementType)
    }
    if images.elementType.isFloatingPoint, divisor != 1 {
      throw .member(
        JSONContentError(
          path: "divisor", problem: "should be 1 for floating-point pictures, and is \(divisor)"))
    }
    guard let first else { return }
    guard images.elementType == first.elementType else {
      throw .elementType(
        tensor: images.name, expected: "\(first.elementType.name) as \(first.name)", found: images.elementType
      )
    }
    guard images.shape.dropFirst() == first.shape.dropFirst() else {
      throw .shape(
        tensor: images.name, expected: [images.shape[0]] + first.shape.dropFirst(), found: images.shape)
    }
  }

  private func checkLabels(_ tensor: Tensor) throws(ContentError) {
    let count = manifest.labels.isEmpty ? nil : manifest.labels.count
    if tensor.elementType == .uint8 {
      // Sixty thousand of them are looked at whenever a data set is read.
      if let count, let greatest = tensor.bytes.max(), greatest >= count,
        let index = tensor.bytes.firstIndex(where: { $0 >= count })
      {
        throw .label(tensor: tensor.name, index: index, value: Int64(tensor.bytes[index]), count: count)
      }
      return
    }
    for (index, value) in (tensor.integers() ?? []).enumerated()
    where value < 0 || count.map({ value >= $0 }) ?? false {
      throw .label(tensor: tensor.name, index: index, value: value, count: count)
    }
  }

  // MARK: Values

  private func missing(_ member: String) -> ContentError { .missingMember(member, kind: manifest.kind) }

  private func notFinite(_ path: String) -> ContentError {
    .member(JSONContentError(path: path, problem: "should be a finite number"))
  }

  private func checkPositive(_ value: Double, _ path: String) throws(ContentError) {
    guard value.isFinite else { throw notFinite(path) }
    guard value > 0 else {
      throw .member(JSONContentError(path: path, problem: "should be greater than 0, and is \(value)"))
    }
  }

  private func checkFloatingPoint(_ tensor: TensorOutline) throws(ContentError) {
    guard tensor.elementType.isFloatingPoint else {
      throw .elementType(
        tensor: tensor.name, expected: "of a floating-point type", found: tensor.elementType)
    }
  }
}
