/// A network as data: the manifest's `graph` and `input`.
///
/// Nodes stand in an order in which every node comes after those it reads from. The parameters of a node are
/// the tensors called `<node>.weight`, `<node>.bias` and so on. The output of the network is its logits: what
/// a softmax would take, not what it gives.
public struct NetworkDescription: Sendable, Equatable {
  /// The name by which nodes refer to the network's input.
  public static let inputName = "input"

  /// The shape of one input without the batch dimension: `[C, H, W]`.
  public var inputShape: [Int]
  /// The nodes in the order in which they are computed.
  public var nodes: [Node]
  /// The name of the node whose output is the network's.
  public var output: String

  /// Creates a description; `inferShapes()` says whether it makes sense.
  public init(inputShape: [Int], nodes: [Node], output: String) {
    self.inputShape = inputShape
    self.nodes = nodes
    self.output = output
  }

  /// One operation of the network.
  public struct Node: Sendable, Equatable {
    /// The name, unique in the network: `conv1`.
    public var name: String
    /// What is computed.
    public var operation: Operation
    /// The names of the nodes (or `input`) whose outputs it reads.
    public var inputs: [String]

    /// Creates a node.
    public init(name: String, operation: Operation, inputs: [String]) {
      self.name = name
      self.operation = operation
      self.inputs = inputs
    }
  }
}
