import CNNEngine
import CNNModelFile

/// What the layers of a network give for some examples, before and after training: the pictures by which *Deep Learning
/// from Scratch* explains first weights.
public enum ActivationHistograms {
  /// The most examples that are looked at.
  public static let exampleLimit = 1000

  /// A histogram for every activation function on the way to the network's output, and one for the output.
  ///
  /// The network is cut behind each of these. Pieces of the examples go through the parts one after another, twice: for
  /// the ranges and for the bins. So it takes the time of two runs, and the memory of a piece.
  ///
  /// - Parameters:
  ///   - before: the first parameters; nil where they are not known.
  ///   - examples: those to run; more than `exampleLimit` are not.
  /// - Throws: `EngineError` if the network cannot be run.
  public static func measure(
    _ network: NetworkDescription, before: [Tensor]?, after: [Tensor], examples: Examples, pool: WorkerPool
  ) throws(EngineError) -> [LayerHistogram] {
    let examples = examples.first(exampleLimit)
    let parts = network.cutBehindActivations
    let states = [after, before].compactMap { $0 }
    var summaries: [[ValueSummary]] = []
    for tensors in states {
      var found = [ValueSummary](repeating: ValueSummary(), count: parts.count)
      try visit(parts, tensors, examples, pool) { found[$0].add($1) }
      summaries.append(found)
    }
    let ranges = parts.enumerated().map { index, part in
      part.ends.map { Double($0.lowerBound)...Double($0.upperBound) }
        ?? LayerHistogram.range(of: summaries.map { $0[index] })
    }
    var counted: [[LayerHistogram.State]] = []
    for (tensors, summaries) in zip(states, summaries) {
      var bins = zip(parts, ranges).map { part, range in
        LayerHistogram.Bins(range: range, leavesOutZeros: part.isReLU, ends: part.ends)
      }
      try visit(parts, tensors, examples, pool) { bins[$0].add($1) }
      counted.append(
        parts.indices.map { index in
          LayerHistogram.State(
            summary: summaries[index], counts: bins[index].counts,
            saturatedCount: parts[index].ends == nil ? nil : bins[index].saturatedCount)
        })
    }
    return parts.enumerated().map { index, part in
      LayerHistogram(
        name: part.node.name, operation: part.node.operation.summary, range: ranges[index],
        leavesOutZeros: part.isReLU, before: counted.count > 1 ? counted[1][index] : nil,
        after: counted[0][index])
    }
  }

  /// Gives what each part of a network puts out, piece by piece of the examples. The memory that running takes is gone
  /// when it returns.
  private static func visit(
    _ parts: [Part], _ tensors: [Tensor], _ examples: Examples, _ pool: WorkerPool,
    _ body: (_ part: Int, [Float]) -> Void
  ) throws(EngineError) {
    var sessions: [InferenceSession] = []
    for part in parts {
      sessions.append(try InferenceSession(Network(part.network, tensors: tensors), pool: pool))
    }
    let size = 128
    for start in stride(from: 0, to: examples.count, by: size) {
      let piece = examples.selecting(Array(start..<min(start + size, examples.count)))
      var values: [Float] = []
      for (part, session) in sessions.enumerated() {
        values =
          part == 0
          ? session.logits(for: piece)
          : session.logits(for: FloatInputs(values, inputCount: session.plan.inputCount))
        body(part, values)
      }
    }
  }
}

/// A stretch of a network that ends with an activation function, or with the network.
private struct Part {
  /// The stretch as a network of its own.
  var network: NetworkDescription
  /// Its last node.
  var node: NetworkDescription.Node

  var isReLU: Bool { node.operation == .relu }

  /// The ends of what the last node can give, where it has any.
  var ends: ClosedRange<Float>? {
    switch node.operation {
    case .sigmoid: 0...1
    case .tanh: -1...1
    default: nil
    }
  }
}

extension NetworkDescription {
  /// The way from the input to the output (every node reads from one other), cut behind each activation function.
  fileprivate var cutBehindActivations: [Part] {
    let shapes = (try? inferShapes()) ?? [:]
    var way: [Node] = []
    var next: String? = output
    for node in nodes.reversed() where node.name == next {
      way.insert(node, at: 0)
      next = node.inputs.first
    }
    var parts: [Part] = []
    var stretch: [Node] = []
    var shape = inputShape
    for node in way {
      var node = node
      if stretch.isEmpty { node.inputs = [Self.inputName] }
      stretch.append(node)
      switch node.operation {
      case .relu, .sigmoid, .tanh: break
      default: if node.name != output { continue }
      }
      parts.append(
        Part(
          network: NetworkDescription(inputShape: shape, nodes: stretch, output: node.name), node: node))
      shape = shapes[node.name] ?? []
      stretch = []
    }
    return parts
  }
}
