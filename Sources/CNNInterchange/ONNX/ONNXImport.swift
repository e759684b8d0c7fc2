import CNNCodecs
import CNNModelFile

/// An ONNX file's network as a graph with named tensors: chains of the layers that `formats/onnx.md` lists.
///
/// The inverse is `ONNXExport`. Nothing is trusted: what cannot be taken over exactly is refused, naming the node.
public struct ONNXImport: Sendable {
  /// The network; it has been checked.
  public let network: NetworkDescription
  /// The parameters under their native names, all float32 but the counters of batch normalisation.
  public let tensors: [Tensor]
  /// What became of every array, in the order of the layers.
  public let fates: [ArrayFate]
  /// The largest relative rounding error of all arrays on the way to float32.
  public let largestRelativeError: Double
  /// What was left out or understood in a special way, as sentences without a leading capital or a full stop.
  public let notes: [String]
  /// The names of the classes, where the file has them under `cnn.labels`.
  public let labels: [String]?
  /// What turns pixels into the network's input, where the file says it under `cnn.preprocess`.
  public let preprocessing: Preprocessing?

  /// Takes over the network of a model.
  ///
  /// - Throws: `ONNXImportError` for the first node that is not one of a chain of known layers, and for anything else
  ///   that could not be taken over exactly.
  public init(_ model: ONNXModel) throws(ONNXImportError) {
    var chain = try ONNXChain(model)
    try chain.readNodes()
    let names = ONNXLayer.names(of: chain.layers)
    var nodes: [NetworkDescription.Node] = []
    for (name, layer) in zip(names, chain.layers) {
      nodes.append(
        .init(
          name: name, operation: layer.operation,
          inputs: [nodes.last?.name ?? NetworkDescription.inputName]))
    }
    let network = NetworkDescription(
      inputShape: chain.inputShape, nodes: nodes, output: nodes.last?.name ?? NetworkDescription.inputName)
    let shapes: [String: [Int]]
    do { shapes = try network.inferShapes() } catch { throw .graph(error) }
    let output = shapes[network.output] ?? []
    guard output.count == 1, output[0] <= WeightImport.maximumOutputCount else { throw .outputShape(output) }

    var tensors: [Tensor] = []
    var fates: [ArrayFate] = []
    for (name, layer) in zip(names, chain.layers) {
      for parameter in layer.parameters {
        let (tensor, fate) = parameter.tensor(of: name)
        tensors.append(tensor)
        fates.append(fate)
      }
      for counter in layer.operation.parameters where !counter.elementType.isFloatingPoint {
        tensors.append(
          Tensor(
            name: "\(name).\(counter.suffix)", elementType: counter.elementType, shape: counter.shape,
            bytes: [UInt8](repeating: 0, count: counter.elementType.byteCount)))
      }
    }
    self.network = network
    self.tensors = tensors
    self.fates = fates
    largestRelativeError = chain.largestRelativeError
    notes = chain.notes
    labels = try ONNXMetadata.labels(in: model.metadata, count: output[0])
    preprocessing = try ONNXMetadata.preprocessing(in: model.metadata)
  }
}

extension ONNXLayer.Parameter {
  fileprivate func tensor(of layer: String) -> (Tensor, ArrayFate) {
    let tensor = Tensor(name: "\(layer).\(suffix)", shape: shape, values: values)
    var changes = changes
    if !values.allSatisfy(\.isFinite) { changes.append("holds NaN or infinity") }
    if source.array.elementType != .float32 { changes.append("\(source.array.elementType.name) to float32") }
    return (tensor, ArrayFate(source.name, source.array, became: tensor, changes: changes))
  }
}
