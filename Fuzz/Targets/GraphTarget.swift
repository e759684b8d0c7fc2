import CNNCodecs
import CNNModelFile

extension FuzzTarget {
  /// A network's description in JSON; written again, it is the same.
  static let graph = FuzzTarget("graph") { bytes in
    let network = try NetworkDescription(parsingArchitecture: bytes)
    let shapes = try network.inferShapes()
    _ = network.costs(shapes: shapes)
    for node in network.nodes { _ = network.truncated(at: node.name) }
    let json = JSONValue.object([.init("graph", network.graphJSON), .init("input", network.inputJSON)])
    let again = try NetworkDescription(parsingArchitecture: JSONWriter.canonicalBytes(of: json))
    require(again == network, "a network's JSON says another network")
  }
}
