import CNNCodecs
import CNNModelFile

/// Follows a graph's nodes from its input to its output and turns them into a chain of layers.
///
/// Only nodes that the output depends on are looked at. Each value is the chain's (what a layer gives), a constant, or
/// a shape that is computed from that of a layer's output, as exporters do before a `Reshape`.
struct ONNXChain {
  /// The oldest operator set whose nodes mean what is assumed here: `Gemm` and `Add` broadcast without being asked.
  static let oldestOperatorSet: Int64 = 7
  /// The most numbers that a computed shape may have.
  static let maximumRank = 16

  /// What a name stands for.
  enum Value {
    /// What the chain gave at `position`, and its shape without the batch dimension.
    case activation(position: Int, shape: [Int])
    case constant(NamedArray)
    /// The extents of a shape, or one of them; nil is the batch dimension.
    case shape([Int?])
  }

  private var values: [ONNXName: Value]
  /// The input's shape without the batch dimension.
  private(set) var inputShape: [Int]
  /// The batch dimension, where the file fixes it.
  let batch: Int?
  private(set) var layers: [ImportedLayer] = []
  /// How often the chain's end has become another value: what an earlier end gave is no longer there.
  private(set) var position = 0
  /// The shape behind the last layer.
  private(set) var shape: [Int]
  /// What was left out or understood in a special way, as sentences.
  var notes: [String] = []
  /// The node that made probabilities of the logits.
  var softmax: ONNXNodeView?
  /// The largest relative rounding error of all weights on the way to float32.
  private(set) var largestRelativeError = 0.0

  private let nodes: [ONNXNodeView]
  private let output: String
  /// The values that the output depends on.
  let wanted: Set<ONNXName>
  /// How many weights may still be made; a file that names the same ones over and over must not fill the memory.
  private var weightBudget: Int
  /// How many weights may still be made for averages, which no array of the file holds: a small file must not fill the
  /// memory with them either. A global average takes one for each value that it reads.
  var averageBudget = Self.averageLimit
  static let averageLimit = 1 << 24
  private let weightLimit: Int

  init(_ model: ONNXModel) throws(ONNXImportError) {
    let graph = model.graph
    guard let version = model.operatorSetVersion(), version >= Self.oldestOperatorSet else {
      throw .operatorSet(model.operatorSetVersion())
    }
    var weightCount = 0
    var values: [ONNXName: Value] = [:]
    for tensor in graph.initializers {
      let constant = Value.constant(NamedArray(name: tensor.name, array: tensor.array))
      guard values.updateValue(constant, forKey: ONNXName(tensor.name)) == nil else {
        throw .duplicateValue(tensor.name)
      }
      weightCount += tensor.array.elementCount
    }
    for attribute in graph.nodes.lazy.flatMap(\.attributes) {
      if case .tensor(let tensor) = attribute.value { weightCount += tensor.array.elementCount }
    }
    weightLimit = 4 * weightCount + 1 << 16
    weightBudget = weightLimit

    let inputs = graph.inputs.filter { values[ONNXName($0.name)] == nil }
    guard let input = inputs.first, inputs.count == 1 else {
      throw .ends(what: "input", names: inputs.map(\.name))
    }
    guard let output = graph.outputs.first, graph.outputs.count == 1 else {
      throw .ends(what: "output", names: graph.outputs.map(\.name))
    }
    self.output = output.name
    (batch, inputShape) = try Self.shape(of: input)
    shape = inputShape
    values[ONNXName(input.name)] = .activation(position: 0, shape: inputShape)
    self.values = values
    (nodes, wanted) = try Self.reachable(from: output.name, in: graph)
  }

  /// Turns all nodes into layers.
  mutating func readNodes() throws(ONNXImportError) {
    for view in nodes { try read(view) }
    guard case .activation(let place, _) = values[ONNXName(output)], place == position else {
      throw .unknownOutput(output)
    }
  }

  // MARK: What the readers of single operators do

  /// The value of an input; nil for one that is left out.
  func value(_ index: Int, of view: ONNXNodeView) throws(ONNXImportError) -> Value? {
    guard index < view.node.inputs.count, !view.node.inputs[index].isEmpty else { return nil }
    let name = view.node.inputs[index]
    guard let value = values[ONNXName(name)] else {
      throw view.error("reads \(name.quotedForMessage), which no node before it gives")
    }
    return value
  }

  /// A constant as the file holds it, whatever became of its shape since.
  func original(_ constant: NamedArray) -> NamedArray {
    guard case .constant(let original)? = values[ONNXName(constant.name)] else { return constant }
    return original
  }

  /// The constant that an input is; nil for one that is left out.
  func constant(_ index: Int, of view: ONNXNodeView, _ what: String) throws(ONNXImportError) -> NamedArray? {
    switch try value(index, of: view) {
    case nil: return nil
    case .constant(let array): return array
    case .activation, .shape:
      throw view.error("\(what) is computed; only weights that the file holds are read")
    }
  }

  /// Makes sure that the first input is what the last layer gives.
  func checkChain(_ view: ONNXNodeView) throws(ONNXImportError) {
    switch try value(0, of: view) {
    case .activation(position, _): return
    case .activation:
      throw view.error(
        "reads \(view.node.inputs[0].quotedForMessage), which another node reads too; only chains of layers are read"
      )
    case nil, .constant, .shape: throw view.error("does not read what a layer gives")
    }
  }

  /// Adds a layer that `view` makes of the chain's end.
  mutating func append(_ layer: ImportedLayer, shape: [Int], _ view: ONNXNodeView) {
    layers.append(layer)
    position += 1
    self.shape = shape
    passOn(view)
  }

  /// Makes the first output of `view` another name for the chain's end.
  mutating func passOn(_ view: ONNXNodeView) {
    define(.activation(position: position, shape: shape), as: view)
  }

  /// Makes `value` the first output of `view`.
  mutating func define(_ value: Value, as view: ONNXNodeView) {
    if let name = view.node.outputs.first { values[ONNXName(name)] = value }
  }

  /// Replaces the last layer, whose output stays the same in shape.
  mutating func replaceLast(_ layer: ImportedLayer) {
    layers[layers.count - 1] = layer
    position += 1
  }

  /// Makes `shape` that of the input; only before the first layer.
  mutating func reshapeInput(_ shape: [Int]) {
    inputShape = shape
    position += 1
    self.shape = shape
  }

  /// The numbers of an array that are to be weights.
  mutating func weights(_ source: NamedArray) throws(ONNXImportError) -> [Float] {
    guard source.array.elementType.isFloatingPoint else {
      throw .elementType(array: source.name.quotedForMessage, found: source.array.elementType.name)
    }
    guard source.array.elementCount <= weightBudget else { throw .tooManyWeights(limit: weightLimit) }
    weightBudget -= source.array.elementCount
    let (values, error) = source.array.floats()
    guard error.isFinite else { throw .overflow(array: source.name.quotedForMessage) }
    largestRelativeError = max(largestRelativeError, error)
    return values
  }

  // MARK: Preparing

  private static func shape(of input: ONNXValueInfo) throws(ONNXImportError) -> (batch: Int?, shape: [Int]) {
    guard let code = input.elementType, ONNXElementType.type(code: code)?.isFloatingPoint == true else {
      throw .inputType(
        input.name, found: input.elementType.map { ONNXElementType.name(code: $0) } ?? "no tensor")
    }
    let text = input.shape.map { "[" + $0.map(\.text).joined(separator: ", ") + "]" } ?? "that is not told"
    guard let extents = input.shape, extents.count >= 2, extents.count <= 4 else {
      throw .inputShape(input.name, found: text)
    }
    var shape: [Int] = []
    for extent in extents.dropFirst() {
      guard case .fixed(let value) = extent, value > 0, value <= Int32.max else {
        throw .inputShape(input.name, found: text)
      }
      shape.append(Int(value))
    }
    switch extents[0] {
    case .free: return (nil, shape)
    case .fixed(let value):
      guard value > 0, value <= Int32.max else { throw .inputShape(input.name, found: text) }
      return (Int(value), shape)
    }
  }

  /// The nodes that the output depends on, in the order of the file, and the names of all values that they read.
  private static func reachable(from output: String, in graph: ONNXGraph) throws(ONNXImportError)
    -> ([ONNXNodeView], Set<ONNXName>)
  {
    var producers: [ONNXName: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for name in node.outputs where !name.isEmpty {
        guard producers.updateValue(index, forKey: ONNXName(name)) == nil else { throw .duplicateValue(name) }
      }
    }
    var wanted: Set<ONNXName> = [ONNXName(output)]
    var waiting = [ONNXName(output)]
    var found: Set<Int> = []
    while let name = waiting.popLast() {
      guard let index = producers[name], found.insert(index).inserted else { continue }
      for input in graph.nodes[index].inputs where !input.isEmpty {
        if wanted.insert(ONNXName(input)).inserted { waiting.append(ONNXName(input)) }
      }
    }
    return (found.sorted().map { ONNXNodeView(node: graph.nodes[$0], index: $0) }, wanted)
  }
}

extension ONNXValueInfo.Extent {
  fileprivate var text: String {
    switch self {
    case .fixed(let value): "\(value)"
    case .free(let name): name.isEmpty ? "?" : name.quotedForMessage
    }
  }
}
