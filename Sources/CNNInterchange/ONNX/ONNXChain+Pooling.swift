import CNNCodecs
import CNNModelFile

extension ONNXChain {
  mutating func readMaxPool(_ view: ONNXNodeView) throws(ONNXImportError) {
    let picture = try picture(view)
    try view.checkAttributes([
      "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides",
    ])
    let window = try ONNXWindow(view, kernel: nil, picture: picture)
    guard window.dilation == Operation.Size(1, 1) else {
      throw view.error("has dilations, which pooling does not have here")
    }
    let operation = Operation.maxPool2d(
      Operation.Pooling(
        kernelSize: window.kernel, stride: window.stride, padding: window.padding,
        ceilMode: try window.ceilMode(view, picture).isOn))
    append(ImportedLayer(kind: "pool", operation: operation), shape: try checkedShape(operation, view), view)
  }

  mutating func readAveragePool(_ view: ONNXNodeView) throws(ONNXImportError) {
    let picture = try picture(view)
    try view.checkAttributes([
      "auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads", "strides",
    ])
    let window = try ONNXWindow(view, kernel: nil, picture: picture)
    let countsPadding = try view.integer("count_include_pad", default: 0)
    guard countsPadding == 0 || countsPadding == 1 else {
      throw view.error("count_include_pad is \(countsPadding)")
    }
    guard countsPadding == 1 || window.padding == Operation.Padding(all: 0) else {
      throw view.error(
        "averages over fewer pixels at the edges, which no layer here does; count_include_pad of 1, or no padding, is read"
      )
    }
    if try window.ceilMode(view, picture).addsWindow {
      throw view.error(
        "ceil_mode adds a window that averages over fewer pixels, which no layer here does; export with ceil_mode off"
      )
    }
    guard !window.isSame || window.dilation == Operation.Size(1, 1) else {
      throw view.error(
        "has auto_pad and dilations, which programs understand differently; export with pads instead of auto_pad"
      )
    }
    try appendAverage(
      AverageConvolution(
        channels: shape[0], kernelSize: window.kernel, stride: window.stride, padding: window.padding,
        dilation: window.dilation), view)
  }

  /// `GlobalAveragePool` and `GlobalMaxPool`: a picture of one pixel.
  mutating func readGlobalPool(_ view: ONNXNodeView, isMaximum: Bool) throws(ONNXImportError) {
    let picture = try picture(view)
    try view.checkAttributes([])
    try appendGlobalPool(of: picture, isMaximum: isMaximum, view)
  }

  /// `ReduceMean` and `ReduceMax` over the pixels, as exporters write `x.mean((2, 3))`.
  mutating func readReduction(_ view: ONNXNodeView, isMaximum: Bool) throws(ONNXImportError) {
    let picture = try picture(view)
    try view.checkAttributes(["axes", "keepdims", "noop_with_empty_axes"])
    guard try axes(of: view, rank: 4)?.sorted() == [2, 3] else {
      throw view.error("reduces other axes than the pixels of each channel (2 and 3), which alone are read")
    }
    let keepsAxes = try view.integer("keepdims", default: 1)
    guard keepsAxes == 0 || keepsAxes == 1 else { throw view.error("keepdims is \(keepsAxes)") }
    try appendGlobalPool(of: picture, isMaximum: isMaximum, view)
    if keepsAxes == 0 { flatten(view) }
  }

  private mutating func appendGlobalPool(of picture: Operation.Size, isMaximum: Bool, _ view: ONNXNodeView)
    throws(ONNXImportError)
  {
    if isMaximum {
      let operation = Operation.maxPool2d(Operation.Pooling(kernelSize: picture))
      append(
        ImportedLayer(kind: "pool", operation: operation), shape: try checkedShape(operation, view), view)
    } else {
      try appendAverage(AverageConvolution(channels: shape[0], kernelSize: picture), view)
    }
  }

  private mutating func appendAverage(_ average: AverageConvolution, _ view: ONNXNodeView)
    throws(ONNXImportError)
  {
    let operation = average.operation
    let output = try checkedShape(operation, view)
    // The operation has been checked, so that the product does not overflow.
    let count = average.weightShape.reduce(1, *)
    guard count <= averageBudget else {
      throw view.error(
        "the poolings average over windows that would come to more than \(Self.averageLimit) weights")
    }
    averageBudget -= count
    let values = [Float](repeating: average.weight, count: count)
    append(
      ImportedLayer(
        kind: "conv", operation: operation,
        parameters: [.init(suffix: "weight", source: nil, values: values, shape: average.weightShape)]),
      shape: output, view)
    notes.append(average.note(of: view.description))
  }
}
