import CNNCodecs
import CNNModelFile

extension KerasChain {
  /// The settings that convolutions share.
  private struct Window {
    let kernel: Operation.Size
    let stride: Operation.Size
    let dilation: Operation.Size
    let padding: Operation.Padding
    let hasBias: Bool
  }

  private mutating func window(_ layer: KerasLayer) throws -> Window {
    try checkPicture(layer)
    let kernel = try layer.size("kernel_size")
    let stride = try layer.size("strides", default: Operation.Size(1, 1))
    let dilation = try layer.size("dilation_rate", default: Operation.Size(1, 1))
    let outer = padding?.1 ?? Operation.Padding(all: 0)
    padding = nil
    let own = try KerasPadding.padding(
      layer, of: Operation.Size(shape[1] + outer.top + outer.bottom, shape[2] + outer.left + outer.right),
      kernel: kernel, stride: stride, dilation: dilation)
    return Window(
      kernel: kernel, stride: stride, dilation: dilation,
      padding: Operation.Padding(
        top: own.top + outer.top, left: own.left + outer.left, bottom: own.bottom + outer.bottom,
        right: own.right + outer.right),
      hasBias: try layer.flag("use_bias", default: true))
  }

  private func operation(_ window: Window, outputs: Int, groups: Int, hasBias: Bool) -> Operation {
    .conv2d(
      Operation.Convolution(
        inputChannels: shape[0], outputChannels: outputs, kernelSize: window.kernel, stride: window.stride,
        padding: window.padding, dilation: window.dilation, groups: groups, hasBias: hasBias))
  }

  mutating func readConvolution(_ layer: KerasLayer) throws {
    let window = try window(layer)
    let operation = operation(
      window, outputs: try layer.count("filters"), groups: try layer.count("groups", default: 1),
      hasBias: window.hasBias)
    let arrays = try store.arrays(of: layer, [["kernel"]] + (window.hasBias ? [["bias"]] : []))
    try append("conv", operation, layer, arrays)
    try readActivation(of: layer)
  }

  /// Each channel on its own: a convolution with as many groups as channels.
  mutating func readDepthwiseConvolution(_ layer: KerasLayer) throws {
    let window = try window(layer)
    let outputs = try multiplied(shape[0], try layer.count("depth_multiplier", default: 1), layer)
    var arrays = try store.arrays(
      of: layer, [["kernel", "depthwise_kernel"]] + (window.hasBias ? [["bias"]] : []))
    arrays[0] = try grouped(arrays[0], window, outputs, layer)
    try append(
      "conv", operation(window, outputs: outputs, groups: shape[0], hasBias: window.hasBias), layer, arrays)
    try readActivation(of: layer)
  }

  /// Each channel on its own, and then all of them pixel by pixel.
  mutating func readSeparableConvolution(_ layer: KerasLayer) throws {
    let window = try window(layer)
    let between = try multiplied(shape[0], try layer.count("depth_multiplier", default: 1), layer)
    var arrays = try store.arrays(
      of: layer,
      [["depthwise_kernel"], ["pointwise_kernel"]] + (window.hasBias ? [["bias"]] : []))
    arrays[0] = try grouped(arrays[0], window, between, layer)
    try append(
      "conv", operation(window, outputs: between, groups: shape[0], hasBias: false), layer, [arrays[0]])
    try append(
      "conv",
      .conv2d(
        Operation.Convolution(
          inputChannels: between, outputChannels: try layer.count("filters"),
          kernelSize: Operation.Size(1, 1),
          hasBias: window.hasBias)), layer, Array(arrays.dropFirst()))
    notes.append("layer \(layer.name) (SeparableConv2D) becomes two convolutions")
    try readActivation(of: layer)
  }

  private func multiplied(_ channels: Int, _ factor: Int, _ layer: KerasLayer) throws -> Int {
    let (product, overflow) = channels.multipliedReportingOverflow(by: factor)
    guard !overflow, product <= Int32.max else { throw layer.error("has too many channels") }
    return product
  }

  /// A kernel [height, width, channels, multiplier] as [height, width, 1, channels * multiplier]: the same numbers in
  /// the same order.
  private func grouped(_ kernel: NamedArray, _ window: Window, _ outputs: Int, _ layer: KerasLayer) throws
    -> NamedArray
  {
    let array = kernel.array
    let expected = [window.kernel.height, window.kernel.width, shape[0], outputs / shape[0]]
    guard array.shape == expected,
      let turned = NumericArray(
        elementType: array.elementType, shape: [expected[0], expected[1], 1, outputs],
        memoryOrder: array.memoryOrder, byteOrder: array.byteOrder, storage: array.storage, range: array.range
      )
    else {
      throw layer.error("its depthwise kernel has the shape \(array.shape), and should have \(expected)")
    }
    return NamedArray(name: kernel.name, array: turned)
  }

  /// Zeros around the picture, which the next convolution takes over.
  mutating func readZeroPadding(_ layer: KerasLayer) throws {
    try checkPicture(layer)
    let node = try layer.setting("padding") ?? layer.config.member("padding")
    let limit = 0...Int(Int32.max) / 4
    if case .number = node.value {
      padding = (layer, Operation.Padding(all: try node.integer(in: limit)))
      return
    }
    let sides = try node.elements()
    guard sides.count == 2 else { throw node.error("should have 2 elements, and has \(sides.count)") }
    var pairs: [[Int]] = []
    for side in sides {
      if case .number = side.value {
        let extent = try side.integer(in: limit)
        pairs.append([extent, extent])
      } else {
        pairs.append(try side.integers(count: 2, in: limit))
      }
    }
    padding = (
      layer,
      Operation.Padding(top: pairs[0][0], left: pairs[1][0], bottom: pairs[0][1], right: pairs[1][1])
    )
  }
}

/// What Keras's words for padding come to.
enum KerasPadding {
  /// The rows and columns that `valid` and `same` add around a picture.
  ///
  /// `same` gives as many windows as the extent divided by the stride, rounded up; what that takes is split in halves,
  /// and the odd one comes below and to the right.
  static func padding(
    _ layer: KerasLayer, of picture: Operation.Size, kernel: Operation.Size, stride: Operation.Size,
    dilation: Operation.Size = Operation.Size(1, 1)
  ) throws -> Operation.Padding {
    switch try layer.text("padding", default: "valid") {
    case "valid": return Operation.Padding(all: 0)
    case "same":
      let rows = total(picture.height, kernel.height, stride.height, dilation.height)
      let columns = total(picture.width, kernel.width, stride.width, dilation.width)
      // Sums with the padding of a layer before must not overflow; a graph takes no more anyway.
      guard max(rows, columns) <= Int(Int32.max) else { throw layer.error("pads too much") }
      return Operation.Padding(
        top: rows / 2, left: columns / 2, bottom: rows - rows / 2, right: columns - columns / 2)
    case let name:
      throw layer.error("its padding is \(name.quotedForMessage); it should be valid or same")
    }
  }

  /// All extents are below 2^32, so that products fit.
  private static func total(_ extent: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
    let outputs = (extent + stride - 1) / stride
    return max((outputs - 1) * stride + (kernel - 1) * dilation + 1 - extent, 0)
  }
}
