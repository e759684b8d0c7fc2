import CNNCodecs
import CNNModelFile

/// The parameters of a network in training: weights and gradients in buffers that stay where they are.
public final class ParameterStore: @unchecked Sendable {
  // Written by one step at a time; within a step every buffer has one writer.

  /// A floating-point parameter.
  public struct Entry {
    /// The tensor's name: `conv1.weight`.
    public let name: String
    /// The layer that it belongs to.
    public let node: String
    /// The extents, outermost first.
    public let shape: [Int]
    /// Whether gradients reach it; false for running statistics, and for parameters that are frozen.
    public let isTrained: Bool
    let weights: FloatBuffer
    let gradient: FloatBuffer

    /// How many numbers it has.
    public var count: Int { weights.count }
    /// The numbers, last index fastest.
    public var values: [Float] { Array(UnsafeBufferPointer(start: weights.pointer, count: count)) }
    /// The gradient of the last step's mean loss.
    public var gradientValues: [Float] { Array(UnsafeBufferPointer(start: gradient.pointer, count: count)) }
  }

  /// The parameters in the order of the network's layers.
  public let entries: [Entry]
  private let places: [String: Int]
  /// For each batch normalisation, how many batches its statistics have seen.
  private(set) var batchCounts: [String: Int64] = [:]

  /// Takes a network's parameters.
  ///
  /// - Parameters:
  ///   - tensors: all parameters of the network.
  ///   - frozen: the layers whose parameters stay as they are.
  /// - Throws: `EngineError` if one is missing or has the wrong shape.
  public init(_ description: NetworkDescription, tensors: [Tensor], frozen: Set<String> = [])
    throws(EngineError)
  {
    let network = try Network(description, tensors: tensors)
    var entries: [Entry] = []
    for node in description.nodes {
      for parameter in node.operation.parameters {
        let name = "\(node.name).\(parameter.suffix)"
        guard parameter.elementType.isFloatingPoint else {
          batchCounts[node.name] = tensors.first { $0.name == name }?.integers()?.first ?? 0
          continue
        }
        let values = network.parameter(parameter.suffix, of: node.name)
        let weights = FloatBuffer(count: values.count)
        weights.pointer.update(from: values, count: values.count)
        entries.append(
          Entry(
            name: name, node: node.name, shape: parameter.shape,
            isTrained: parameter.isTrained && !frozen.contains(node.name), weights: weights,
            gradient: FloatBuffer(count: values.count)))
      }
    }
    self.entries = entries
    places = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
  }

  /// The parameter of a layer: `entry("weight", of: "conv1")`.
  func entry(_ suffix: String, of node: String) -> Entry? {
    places["\(node).\(suffix)"].map { entries[$0] }
  }

  /// Notes that a batch normalisation has seen another batch.
  func countBatch(of node: String) {
    batchCounts[node, default: 0] += 1
  }

  /// Takes the batch counts of a checkpoint.
  func restoreBatchCounts(from tensors: [String: Tensor]) {
    for node in batchCounts.keys {
      batchCounts[node] = tensors["\(node).num_batches_tracked"]?.integers()?.first ?? 0
    }
  }

  /// All parameters as tensors: what a model file holds.
  public var tensors: [Tensor] {
    let counts = batchCounts.sorted { $0.key < $1.key }.map { node, count in
      Tensor(
        name: "\(node).num_batches_tracked", elementType: .int64, shape: [],
        bytes: withUnsafeBytes(of: count.littleEndian) { [UInt8]($0) })
    }
    return entries.map { Tensor(name: $0.name, shape: $0.shape, values: $0.values) } + counts
  }
}
