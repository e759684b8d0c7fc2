import CNNCodecs
import CNNModelFile

extension ONNXChain {
  mutating func readGemm(_ view: ONNXNodeView) throws(ONNXImportError) {
    try checkChain(view)
    try view.checkAttributes(["alpha", "beta", "transA", "transB"])
    guard try view.integer("transA", default: 0) == 0 else {
      throw view.error("transA turns pictures into columns, which no layer here does")
    }
    guard let weight = try constant(1, of: view, "its weight") else { throw view.error("has no weight") }
    let isTransposed = try view.integer("transB", default: 0) != 0
    var layer = try linear(view, weight, outputsFirst: isTransposed)
    layer.parameters[0].scale(by: try view.float("alpha", default: 1), "alpha")
    if let bias = try constant(2, of: view, "its bias") {
      try addBias(bias, to: &layer, view)
      layer.parameters[1].scale(by: try view.float("beta", default: 1), "beta")
    }
    append(layer, shape: [layer.outputFeatures], view)
  }

  mutating func readMatMul(_ view: ONNXNodeView) throws(ONNXImportError) {
    try checkChain(view)
    try view.checkAttributes([])
    guard let weight = try constant(1, of: view, "its weight") else { throw view.error("has no weight") }
    let layer = try linear(view, weight, outputsFirst: false)
    append(layer, shape: [layer.outputFeatures], view)
  }

  /// A constant that is added behind a layer without a bias is its bias.
  mutating func readAdd(_ view: ONNXNodeView) throws(ONNXImportError) {
    let bias = try operand(view, "adds two values that are computed; ")
    try view.checkAttributes([])
    guard var layer = layers.last else {
      throw view.error(
        "prepares the network's input; export the network without its preprocessing, and state that separately"
      )
    }
    try addBias(bias, to: &layer, view)
    replaceLast(layer)
    passOn(view)
  }

  /// One number from 0 to 1 is what a dropout that scales at inference comes to.
  mutating func readMul(_ view: ONNXNodeView) throws(ONNXImportError) {
    let factor = try operand(view, "multiplies two values that are computed; ")
    try view.checkAttributes([])
    guard !layers.isEmpty else {
      throw view.error(
        "prepares the network's input; export the network without its preprocessing, and state that separately"
      )
    }
    guard factor.array.elementCount == 1, factor.array.shape.count <= shape.count + 1,
      let value = try weights(factor).first, value > 0, value <= 1
    else {
      throw view.error("only multiplication by one number from 0 to 1, as of a dropout, is read")
    }
    let rate = Float(1 - value.shortestDecimal).shortestDecimal
    notes.append("multiplication by \(value) is read as a dropout of \(rate) that scales at inference")
    let operation = Operation.dropout(.init(rate: rate, scaling: .inference))
    append(
      ImportedLayer(kind: "dropout", operation: operation), shape: try checkedShape(operation, view), view)
  }

  /// The constant among the two inputs, of which the other is the chain's end.
  private func operand(_ view: ONNXNodeView, _ complaint: String) throws(ONNXImportError) -> NamedArray {
    let (first, second) = (try value(0, of: view), try value(1, of: view))
    switch (first, second) {
    case (.activation(position, _), .constant(let array)),
      (.constant(let array), .activation(position, _)):
      return array
    case (.activation, .activation):
      throw view.error(complaint + "only chains of layers are read, without residual or parallel branches")
    default:
      throw view.error("does not read what the layer before it gives and a constant")
    }
  }

  private mutating func linear(_ view: ONNXNodeView, _ weight: NamedArray, outputsFirst: Bool)
    throws(ONNXImportError) -> ImportedLayer
  {
    let extents = weight.array.shape
    guard extents.count == 2, extents.allSatisfy({ (1...Int(Int32.max)).contains($0) }) else {
      throw view.error("its weight has the shape \(extents); a matrix is needed")
    }
    let (outputs, inputs) = outputsFirst ? (extents[0], extents[1]) : (extents[1], extents[0])
    let operation = Operation.linear(.init(inputFeatures: inputs, outputFeatures: outputs, hasBias: false))
    _ = try checkedShape(operation, view)
    // A matrix that stands on its side is one whose first index runs fastest.
    let array = outputsFirst ? weight : try transposed(weight, view)
    return ImportedLayer(
      kind: "fc", operation: operation,
      parameters: [
        .init(
          suffix: "weight", source: weight, values: try weights(array), shape: [outputs, inputs],
          changes: array.array.memoryOrder == .columnMajor ? ["transposed"] : [])
      ])
  }

  /// The same numbers with rows for columns; nothing is moved.
  func transposed(_ matrix: NamedArray, _ view: ONNXNodeView) throws(ONNXImportError) -> NamedArray {
    let array = matrix.array
    guard array.shape.count == 2,
      let turned = NumericArray(
        elementType: array.elementType, shape: array.shape.reversed(),
        memoryOrder: array.memoryOrder == .rowMajor ? .columnMajor : .rowMajor, byteOrder: array.byteOrder,
        storage: array.storage, range: array.range)
    else { throw view.error("\(matrix.name.quotedForMessage) of shape \(array.shape) is no matrix") }
    return NamedArray(name: matrix.name, array: turned)
  }

  /// Adds one number for each output, or one for all of them.
  private mutating func addBias(_ bias: NamedArray, to layer: inout ImportedLayer, _ view: ONNXNodeView)
    throws(ONNXImportError)
  {
    let count: Int
    /// How many extents stand behind the channels.
    let behind: Int
    switch layer.operation {
    case .linear(var linear) where !linear.hasBias:
      linear.hasBias = true
      layer.operation = .linear(linear)
      (count, behind) = (linear.outputFeatures, 0)
    case .conv2d(var convolution) where !convolution.hasBias:
      convolution.hasBias = true
      layer.operation = .conv2d(convolution)
      (count, behind) = (convolution.outputChannels, 2)
    default:
      throw view.error(
        "adds a constant behind a layer that has no room for one; behind MatMul and Conv without a bias it is read"
      )
    }
    let extents = bias.array.shape
    let channels = extents.count - 1 - behind
    let fits =
      extents.count <= behind + 2
      && extents.enumerated().allSatisfy { $1 == 1 || ($0 == channels && $1 == count) }
    guard fits else {
      throw view.error(
        "adds \(extents), and \(count) value\(count == 1 ? "" : "s"), one for each output, are needed")
    }
    var values = try weights(bias)
    var changes: [String] = []
    if values.count < count {
      values = [Float](repeating: values[0], count: count)
      changes.append("repeated")
    }
    layer.parameters.append(
      .init(suffix: "bias", source: bias, values: values, shape: [count], changes: changes))
  }
}

extension ImportedLayer {
  fileprivate var outputFeatures: Int { parameters[0].shape[0] }
}

extension ImportedLayer.Parameter {
  fileprivate mutating func scale(by factor: Float, _ name: String) {
    guard factor != 1 else { return }
    values = values.map { $0 * factor }
    changes.append("times \(name) \(factor)")
  }
}
