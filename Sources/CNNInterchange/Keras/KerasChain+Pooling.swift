import CNNCodecs
import CNNModelFile

extension KerasChain {
  private func pooling(_ layer: KerasLayer) throws -> Operation.Pooling {
    try checkPicture(layer)
    let kernel = try layer.size("pool_size", default: Operation.Size(2, 2))
    let stride = try layer.size("strides", default: kernel)
    let padding = try KerasPadding.padding(
      layer, of: Operation.Size(shape[1], shape[2]), kernel: kernel, stride: stride)
    return Operation.Pooling(kernelSize: kernel, stride: stride, padding: padding)
  }

  mutating func readMaxPooling(_ layer: KerasLayer) throws {
    try append("pool", .maxPool2d(try pooling(layer)), layer)
  }

  mutating func readAveragePooling(_ layer: KerasLayer) throws {
    let pooling = try pooling(layer)
    guard pooling.padding == Operation.Padding(all: 0) else {
      throw layer.error(
        "averages over fewer pixels at the edges (padding same), which no layer here does; padding valid is read"
      )
    }
    try appendAverage(pooling, layer)
  }

  /// One value for each channel; a picture of one pixel where the axes are kept.
  mutating func readGlobalPooling(_ layer: KerasLayer, isMaximum: Bool) throws {
    try checkPicture(layer)
    let pooling = Operation.Pooling(kernelSize: Operation.Size(shape[1], shape[2]))
    if isMaximum {
      try append("pool", .maxPool2d(pooling), layer)
    } else {
      try appendAverage(pooling, layer)
    }
    if try !layer.flag("keepdims", default: false) {
      try append("flatten", .flatten, layer)
      form = .row
    }
  }

  private mutating func appendAverage(_ pooling: Operation.Pooling, _ layer: KerasLayer) throws {
    let kernel = pooling.kernelSize
    // The window fits into the picture, so that products do not overflow.
    let average = AverageConvolution(channels: shape[0], kernelSize: kernel, stride: pooling.stride)
    try append("conv", average.operation, layer)
    let weights = try made(
      "\(layer.name)/average", shape: [kernel.height, kernel.width, 1, average.weightShape[0]],
      value: average.weight)
    add(weights, isMade: true)
    notes.append(average.note(of: "layer \(layer.name) (\(layer.className))"))
  }
}
