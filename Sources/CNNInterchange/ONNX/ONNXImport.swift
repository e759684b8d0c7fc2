import CNNCodecs
import CNNModelFile

extension ImportedNetwork {
  /// An ONNX file's network as a graph with named tensors: chains of the layers that `formats/onnx.md` lists.
  ///
  /// The inverse is `ONNXExport`. Nothing is trusted: what cannot be taken over exactly is refused, naming the node.
  /// Names of classes stand under `cnn.labels` in the file, what turns pixels into the network's input under
  /// `cnn.preprocess`.
  ///
  /// - Throws: `ONNXImportError` for the first node that is not one of a chain of known layers, and for anything else
  ///   that could not be taken over exactly.
  public init(_ model: ONNXModel) throws(ONNXImportError) {
    var chain = try ONNXChain(model)
    try chain.readNodes()
    let network = NetworkDescription(chain: chain.layers, inputShape: chain.inputShape)
    let shapes: [String: [Int]]
    do { shapes = try network.inferShapes() } catch { throw .graph(error) }
    let output = shapes[network.output] ?? []
    guard output.count == 1, output[0] <= WeightImport.maximumOutputCount else { throw .outputShape(output) }

    var tensors: [Tensor] = []
    var fates: [ArrayFate] = []
    for (node, layer) in zip(network.nodes, chain.layers) {
      for parameter in layer.parameters {
        let (tensor, fate) = parameter.tensor(of: node.name, in: chain)
        tensors.append(tensor)
        if let fate { fates.append(fate) }
      }
      for counter in layer.operation.parameters where !counter.elementType.isFloatingPoint {
        tensors.append(
          Tensor(
            name: "\(node.name).\(counter.suffix)", elementType: counter.elementType, shape: counter.shape,
            bytes: [UInt8](repeating: 0, count: counter.elementType.byteCount)))
      }
    }
    self.init(
      network: network, outputCount: output[0], tensors: tensors, fates: fates,
      largestRelativeError: chain.largestRelativeError, notes: chain.notes,
      labels: try ONNXMetadata.labels(in: model.metadata, count: output[0]),
      preprocessing: try ONNXMetadata.preprocessing(in: model.metadata))
  }
}

extension ImportedLayer.Parameter {
  fileprivate func tensor(of layer: String, in chain: ONNXChain) -> (Tensor, ArrayFate?) {
    let tensor = Tensor(name: "\(layer).\(suffix)", shape: shape, values: values)
    guard let source else { return (tensor, nil) }
    let original = chain.original(source)
    var changes = changes
    if original.array.shape.count != source.array.shape.count { changes.insert("reshaped", at: 0) }
    if !values.allSatisfy(\.isFinite) { changes.append("holds NaN or infinity") }
    if source.array.elementType != .float32 { changes.append("\(source.array.elementType.name) to float32") }
    return (tensor, ArrayFate(source.name, original.array, became: tensor, changes: changes))
  }
}
