/// All objects of a file, which refer to each other by index: groups may contain themselves.
final class HDF5Contents: Sendable {
  /// What a link leads to.
  enum Target: Sendable {
    case object(Int)
    case soft(String)
    case foreign
  }

  enum Kind: Sendable {
    case group([(name: String, target: Target)])
    case dataset(HDF5DatasetDescription)
    /// A datatype with a name, or something that has none of the messages that are known.
    case other
  }

  struct Node: Sendable {
    let offset: Int
    let kind: Kind
    let attributes: [HDF5Attribute]
  }

  let input: HDF5Input
  /// The root group first, then as they are met, breadth first.
  let nodes: [Node]

  init(input: HDF5Input, nodes: [Node]) {
    self.input = input
    self.nodes = nodes
  }
}
