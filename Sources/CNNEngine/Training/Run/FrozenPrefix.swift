import CNNModelFile

/// A network cut in two before its first layer that learns: what comes before runs as at inference, and can be computed
/// once for all epochs.
struct FrozenPrefix {
  /// The layers before the cut; nil if the first layer learns.
  let prefix: NetworkDescription?
  /// The layers behind it, reading from an input of the shape that the prefix gives.
  let rest: NetworkDescription

  /// - Parameter frozen: the layers that don't learn.
  init(_ network: NetworkDescription, shapes: [String: [Int]], frozen: Set<String>) {
    // Layers without parameters belong to what is before them: they are dropped, scaled or pooled all the same.
    let firstTrained = network.nodes.firstIndex { node in
      let learns = node.operation.parameters.contains { $0.isTrained } && !frozen.contains(node.name)
      if case .dropout = node.operation { return learns || !frozen.contains(node.name) }
      return learns
    }
    guard let cut = firstTrained, cut > 0,
      network.nodes[..<cut].contains(where: { !$0.operation.parameters.isEmpty })
    else {
      prefix = nil
      rest = network
      return
    }
    let before = network.nodes[cut - 1].name
    prefix = NetworkDescription(
      inputShape: network.inputShape, nodes: Array(network.nodes[..<cut]), output: before)
    var nodes = Array(network.nodes[cut...])
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map { $0 == before ? NetworkDescription.inputName : $0 }
    }
    rest = NetworkDescription(inputShape: shapes[before] ?? [], nodes: nodes, output: network.output)
  }
}
