import CNNCodecs
import CNNModelFile

extension ONNXChain {
  /// The attributes that `Conv` and `MaxPool` share.
  private struct Window {
    var kernel: Operation.Size
    var stride: Operation.Size
    var dilation: Operation.Size
    var padding: Operation.Padding
    var isPaddedAutomatically: Bool

    /// - Parameters:
    ///   - kernel: the kernel's extent where the weights tell it.
    ///   - picture: the height and width that the layer reads.
    init(_ view: ONNXNodeView, kernel: Operation.Size?, picture: Operation.Size) throws(ONNXImportError) {
      let declared = try view.sizes("kernel_shape", count: 2, minimum: 1).map { Operation.Size($0[0], $0[1]) }
      guard let kernel = kernel ?? declared else { throw view.error("lacks kernel_shape") }
      if let declared, declared != kernel {
        throw view.error(
          "kernel_shape is [\(declared.height), \(declared.width)], and the weights are of "
            + "[\(kernel.height), \(kernel.width)]")
      }
      let strides = try view.sizes("strides", count: 2, minimum: 1) ?? [1, 1]
      let dilations = try view.sizes("dilations", count: 2, minimum: 1) ?? [1, 1]
      let pads = try view.sizes("pads", count: 4, minimum: 0)
      self.kernel = kernel
      stride = Operation.Size(strides[0], strides[1])
      dilation = Operation.Size(dilations[0], dilations[1])

      var mode = "NOTSET"
      switch view.node.attribute("auto_pad") {
      case nil: break
      case .string(let bytes): mode = String(decoding: bytes.prefix(40), as: UTF8.self)
      default: throw view.error("auto_pad should be a text")
      }
      isPaddedAutomatically = mode != "NOTSET"
      if isPaddedAutomatically, let pads, pads != [0, 0, 0, 0] {
        throw view.error("has both auto_pad and pads")
      }
      switch mode {
      case "NOTSET":
        let pads = pads ?? [0, 0, 0, 0]
        padding = Operation.Padding(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3])
      case "VALID": padding = Operation.Padding(all: 0)
      case "SAME_UPPER", "SAME_LOWER":
        let rows = Self.total(picture.height, kernel.height, stride.height, dilation.height)
        let columns = Self.total(picture.width, kernel.width, stride.width, dilation.width)
        let isUpper = mode == "SAME_UPPER"
        let top = isUpper ? rows / 2 : rows - rows / 2
        let left = isUpper ? columns / 2 : columns - columns / 2
        padding = Operation.Padding(top: top, left: left, bottom: rows - top, right: columns - left)
      default:
        throw view.error(
          "auto_pad is \(mode.quotedForMessage); it should be NOTSET, VALID, SAME_UPPER or SAME_LOWER")
      }
    }

    /// Whether rounding up would add a window that begins behind the picture. Up to operator set 21 ONNX counts it, and
    /// PyTorch does not.
    func endsInPadding(_ picture: Operation.Size) -> Bool {
      func ends(_ extent: Int, _ before: Int, _ after: Int, _ kernel: Int, _ stride: Int) -> Bool {
        let distance = extent + before + after - kernel
        return distance >= 0 && distance % stride != 0 && (distance / stride + 1) * stride >= extent + before
      }
      return ends(picture.height, padding.top, padding.bottom, kernel.height, stride.height)
        || ends(picture.width, padding.left, padding.right, kernel.width, stride.width)
    }

    /// How much padding gives an output of the input's extent divided by the stride, rounded up. All are below 2^31.
    private static func total(_ extent: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
      let outputs = (extent + stride - 1) / stride
      return max((outputs - 1) * stride + (kernel - 1) * dilation + 1 - extent, 0)
    }
  }

  /// The picture that the chain's end is.
  private func picture(_ view: ONNXNodeView) throws(ONNXImportError) -> Operation.Size {
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
    let window = try Window(view, kernel: Operation.Size(extents[2], extents[3]), picture: picture)
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

  mutating func readMaxPool(_ view: ONNXNodeView) throws(ONNXImportError) {
    let picture = try picture(view)
    try view.checkAttributes([
      "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides",
    ])
    let window = try Window(view, kernel: nil, picture: picture)
    guard window.dilation == Operation.Size(1, 1) else {
      throw view.error("has dilations, which pooling does not have here")
    }
    let ceilMode = try view.integer("ceil_mode", default: 0)
    guard ceilMode == 0 || ceilMode == 1 else { throw view.error("ceil_mode is \(ceilMode)") }
    if ceilMode == 1, !window.isPaddedAutomatically, window.endsInPadding(picture) {
      throw view.error(
        "ceil_mode adds a window that lies in the padding alone, which versions of ONNX count differently; "
          + "export with ceil_mode off")
    }
    // Automatic padding says the output's extent itself.
    let operation = Operation.maxPool2d(
      Operation.Pooling(
        kernelSize: window.kernel, stride: window.stride, padding: window.padding,
        ceilMode: ceilMode == 1 && !window.isPaddedAutomatically))
    append(ImportedLayer(kind: "pool", operation: operation), shape: try checkedShape(operation, view), view)
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
