import CNNCodecs
import CNNModelFile

extension ONNXChain {
  /// The picture that the chain's end is.
  func picture(_ view: ONNXNodeView) throws(ONNXImportError) -> Operation.Size {
    try checkChain(view)
    guard shape.count == 3 else {
      throw view.error("takes pictures of [channels, height, width], and gets \(shape)")
    }
    return Operation.Size(shape[1], shape[2])
  }

  mutating func readConvolution(_ view: ONNXNodeView) throws(ONNXImportError) {
    let picture = try picture(view)
    try view.checkAttributes(["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"])
    guard let weight = try constant(1, of: view, "its weight") else { throw view.error("has no weight") }
    let extents = weight.array.shape
    guard extents.count == 4, extents.allSatisfy({ (1...Int(Int32.max)).contains($0) }) else {
      throw view.error(
        "its weight has the shape \(extents); two-dimensional convolutions with weights of [O, I, height, width] are read"
      )
    }
    let groups = try view.integer("group", default: 1)
    guard (1...Int64(Int32.max)).contains(groups) else { throw view.error("group is \(groups)") }
    let window = try ONNXWindow(view, kernel: Operation.Size(extents[2], extents[3]), picture: picture)
    let bias = try constant(2, of: view, "its bias")
    let operation = Operation.conv2d(
      Operation.Convolution(
        inputChannels: extents[1] * Int(groups), outputChannels: extents[0], kernelSize: window.kernel,
        stride: window.stride, padding: window.padding, dilation: window.dilation, groups: Int(groups),
        hasBias: bias != nil))
    let output = try checkedShape(operation, view)
    var parameters = [
      ImportedLayer.Parameter(suffix: "weight", source: weight, values: try weights(weight), shape: extents)
    ]
    if let bias { parameters.append(try vector("bias", bias, count: extents[0], view)) }
    append(ImportedLayer(kind: "conv", operation: operation, parameters: parameters), shape: output, view)
  }

  mutating func readBatchNormalization(_ view: ONNXNodeView) throws(ONNXImportError) {
    try checkChain(view)
    try view.checkAttributes(["epsilon", "momentum", "training_mode", "spatial"])
    guard try view.integer("training_mode", default: 0) == 0 else {
      throw view.error("is in training mode; export the network for inference (model.eval())")
    }
    guard try view.integer("spatial", default: 1) == 1 else {
      throw view.error("normalises each pixel on its own; only normalisation by channel is read")
    }
    let epsilon = try view.float("epsilon", default: 1e-5).shortestDecimal
    let kept = try view.float("momentum", default: 0.9).shortestDecimal
    // PyTorch's momentum is the share of what is new, ONNX's that of what was there.
    let momentum = Float(1 - kept).shortestDecimal
    let operation = Operation.batchNorm(
      Operation.BatchNorm(features: shape.first ?? 0, epsilon: epsilon, momentum: momentum))
    let output = try checkedShape(operation, view)
    var parameters: [ImportedLayer.Parameter] = []
    for (index, suffix) in ["weight", "bias", "running_mean", "running_var"].enumerated() {
      guard let source = try constant(index + 1, of: view, "its \(suffix)") else {
        throw view.error("has no \(suffix)")
      }
      parameters.append(try vector(suffix, source, count: output[0], view))
    }
    append(ImportedLayer(kind: "bn", operation: operation, parameters: parameters), shape: output, view)
  }

  /// A parameter of one value for each channel.
  private mutating func vector(_ suffix: String, _ source: NamedArray, count: Int, _ view: ONNXNodeView)
    throws(ONNXImportError) -> ImportedLayer.Parameter
  {
    guard source.array.shape == [count] else {
      throw view.error("its \(suffix) has the shape \(source.array.shape), and should have [\(count)]")
    }
    return ImportedLayer.Parameter(
      suffix: suffix, source: source, values: try weights(source), shape: [count])
  }

  /// The shape that `operation` makes of the chain's end. The layer has no name yet: the node's stands in its place.
  func checkedShape(_ operation: Operation, _ view: ONNXNodeView) throws(ONNXImportError) -> [Int] {
    do { return try operation.outputShape(of: shape, window: "kernel") } catch {
      throw view.error(error.reason)
    }
  }
}
