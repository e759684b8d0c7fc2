extension NetworkDescription {
  /// The network up to a node, whose value becomes the output: what a layer gives for many inputs is what the truncated
  /// network gives, with the parameters of the whole one.
  ///
  /// - Parameter node: the name of a node; `input` names none.
  /// - Returns: the truncated network, or nil if there is no such node.
  public func truncated(at node: String) -> NetworkDescription? {
    guard let index = nodes.firstIndex(where: { $0.name == node }) else { return nil }
    return NetworkDescription(
      inputShape: inputShape, nodes: Array(nodes[...index]), output: nodes[index].name)
  }
}
