import CNNEngine
import CNNModelFile

/// What the layers of a network give for some examples, before and after training: the pictures by which *Deep Learning
/// from Scratch* explains first weights.
public enum ActivationHistograms {
  /// The most examples that are looked at.
  public static let exampleLimit = 1000

  /// A histogram for every activation function of the network, and one for its output.
  ///
  /// Each layer is run by itself, as a network that ends there, in pieces of the examples, twice: for the range and for
  /// the bins. So no more memory is needed than for a piece.
  ///
  /// - Parameters:
  ///   - before: the first parameters; nil where they are not known.
  ///   - examples: those to run; more than `exampleLimit` are not.
  /// - Throws: `EngineError` if the network cannot be run.
  public static func measure(
    _ network: NetworkDescription, before: [Tensor]?, after: [Tensor], examples: Examples, pool: WorkerPool
  ) throws(EngineError) -> [LayerHistogram] {
    let examples = examples.first(exampleLimit)
    var histograms: [LayerHistogram] = []
    for node in network.nodes where isShown(node, in: network) {
      guard let part = network.prefix(endingAt: node.name) else { continue }
      histograms.append(
        try measure(node, part, before: before, after: after, examples: examples, pool: pool))
    }
    return histograms
  }

  private static func isShown(_ node: NetworkDescription.Node, in network: NetworkDescription) -> Bool {
    switch node.operation {
    case .relu, .sigmoid, .tanh: true
    default: node.name == network.output
    }
  }

  private static func measure(
    _ node: NetworkDescription.Node, _ part: NetworkDescription, before: [Tensor]?, after: [Tensor],
    examples: Examples, pool: WorkerPool
  ) throws(EngineError) -> LayerHistogram {
    var sessions: [InferenceSession] = []
    for tensors in [after, before].compactMap({ $0 }) {
      sessions.append(try InferenceSession(Network(part, tensors: tensors), pool: pool))
    }
    let ends: ClosedRange<Float>?
    switch node.operation {
    case .sigmoid: ends = 0...1
    case .tanh: ends = -1...1
    default: ends = nil
    }
    let isReLU = node.operation == .relu
    let summaries = sessions.map { session in
      var summary = ValueSummary()
      visit(session, examples) { summary.add($0) }
      return summary
    }
    let range =
      ends.map { Double($0.lowerBound)...Double($0.upperBound) } ?? LayerHistogram.range(of: summaries)
    let states = zip(sessions, summaries).map { session, summary in
      var bins = LayerHistogram.Bins(range: range, leavesOutZeros: isReLU, ends: ends)
      visit(session, examples) { bins.add($0) }
      return LayerHistogram.State(
        summary: summary, counts: bins.counts, saturatedCount: ends == nil ? nil : bins.saturatedCount)
    }
    return LayerHistogram(
      name: node.name, operation: node.operation.summary, range: range, leavesOutZeros: isReLU,
      before: states.count > 1 ? states[1] : nil, after: states[0])
  }

  /// Gives the outputs of a session piece by piece.
  private static func visit(
    _ session: InferenceSession, _ examples: Examples, _ body: ([Float]) -> Void
  ) {
    let size = 128
    for start in stride(from: 0, to: examples.count, by: size) {
      let piece = examples.selecting(Array(start..<min(start + size, examples.count)))
      body(session.logits(for: piece))
    }
  }
}

extension NetworkDescription {
  /// The network up to a node, whose output is then the network's.
  fileprivate func prefix(endingAt node: String) -> NetworkDescription? {
    guard let last = nodes.firstIndex(where: { $0.name == node }) else { return nil }
    var needed: Set<String> = [node]
    for node in nodes[...last].reversed() where needed.contains(node.name) { needed.formUnion(node.inputs) }
    return NetworkDescription(
      inputShape: inputShape, nodes: nodes[...last].filter { needed.contains($0.name) }, output: node)
  }
}
