import CNNCodecs
import CNNModelFile

/// Turns the layers of a model of Keras into a chain of ours, one after another.
///
/// Shapes are ours, channels first, throughout; `axes` says how the same picture stands in Keras, which matters where
/// it becomes a row.
struct KerasChain {
  /// What the last layer gives, as Keras has it.
  enum Form {
    /// With channels: rank 3.
    case picture
    /// Without channels: rank 2.
    case plane
    case row
  }

  private(set) var inputShape: [Int]
  /// The shape behind the last layer, without the number of pictures.
  private(set) var shape: [Int]
  var form: Form
  let axes: KerasAxes
  /// The layers so far, not yet named; their parameters are in `arrays`.
  private(set) var layers: [ImportedLayer] = []
  /// The arrays for all parameters in their order; those that no file has are made up.
  private(set) var arrays: [(array: NamedArray, isMade: Bool)] = []
  /// In which order the picture became a row, where the order matters.
  var flattenOrder = FlattenOrder.channelsFirst
  /// What was left out or understood in a special way, as sentences.
  var notes: [String] = []
  /// What the layers at the beginning make of pixels; nil without such layers.
  var preprocessing: Preprocessing?
  /// A layer of zeros around the picture that waits for its convolution.
  var padding: (layer: KerasLayer, Operation.Padding)?
  /// The layer that made probabilities of the logits.
  var softmax: KerasLayer?
  var store: KerasStore

  /// - Parameter shape: that of the input as the configuration has it, the number of pictures first.
  init(shape node: JSONNode, layers: [KerasLayer], store: KerasStore) throws {
    self.store = store
    axes = try Self.axes(of: layers)
    var extents: [Int] = []
    for extent in try node.elements().dropFirst() {
      guard case .number(let value) = extent.value, let size = Int(exactly: value),
        (1...Int(Int32.max)).contains(size)
      else { throw KerasImportError.inputShape(Self.text(of: node)) }
      extents.append(size)
    }
    switch extents.count {
    case 1:
      (form, shape) = (.row, extents)
    case 2:
      (form, shape) = (.plane, [1] + extents)
    case 3:
      form = .picture
      shape = axes == .channelsLast ? [extents[2], extents[0], extents[1]] : extents
    default: throw KerasImportError.inputShape(Self.text(of: node))
    }
    // No product of extents, nor a part of one, may overflow.
    guard NetworkDescription.elementCount(shape) != nil else {
      throw KerasImportError.inputShape(Self.text(of: node))
    }
    inputShape = shape
  }

  /// Where the channels are, which the first layer that works on pictures says.
  private static func axes(of layers: [KerasLayer]) throws -> KerasAxes {
    for layer in layers where layer.className != "Flatten" {
      if let axes = try layer.axes() { return axes }
    }
    return .channelsLast
  }

  private static func text(of shape: JSONNode) -> String {
    let extents = (shape.value.arrayElements ?? []).prefix(8).map { extent in
      extent.numberValue.map { JSONWriter.text(of: $0) } ?? "?"
    }
    return "[\(extents.joined(separator: ", "))]"
  }

  // MARK: What the readers of single layers do

  /// Adds an operation with its arrays.
  mutating func append(
    _ kind: String, _ operation: Operation, _ layer: KerasLayer, _ arrays: [NamedArray] = []
  ) throws {
    if layers.isEmpty, form == .row { beginWithPicture() }
    do { shape = try operation.outputShape(of: shape, window: "window") } catch {
      throw layer.error(error.reason)
    }
    layers.append(ImportedLayer(kind: kind, operation: operation))
    for array in arrays { add(array, isMade: false) }
  }

  /// Adds the arrays of the layer that `append` added last.
  mutating func add(_ array: NamedArray, isMade: Bool) { arrays.append((array, isMade)) }

  /// Takes the last layer away, which has no parameters.
  mutating func removeLast() { layers.removeLast() }

  /// Makes another shape of the same number of values that of the input; only before the first layer.
  mutating func reshapeInput(_ shape: [Int], _ form: Form) {
    (inputShape, self.shape, self.form) = (shape, shape, form)
  }

  /// Rows as long as a square picture are such pictures, put into rows by whoever fed the model.
  private mutating func beginWithPicture() {
    let side = Int(Double(shape[0]).squareRoot())
    guard side > 1, side * side == shape[0] else { return }
    inputShape = [1, side, side]
    layers.append(ImportedLayer(kind: "flatten", operation: .flatten))
    notes.append("the model's input, rows of \(shape[0]) values, is read as pictures of \(side)x\(side)")
  }

  /// Makes sure that the last layer gives pictures with channels where this layer looks for them.
  func checkPicture(_ layer: KerasLayer) throws {
    switch form {
    case .picture: break
    case .plane:
      throw layer.error("takes pictures with channels, and gets them without; put a Reshape before it")
    case .row: throw layer.error("takes pictures, and gets rows of \(shape[0]) values")
    }
    if let axes = try layer.axes(), axes != self.axes {
      throw layer.error(
        "its data_format is \(axes.rawValue), and that of the layers before it is \(self.axes.rawValue)")
    }
  }

  /// Makes sure that the last layer gives rows.
  func checkRow(_ layer: KerasLayer) throws {
    guard form == .row else {
      throw layer.error("works on the last axis of pictures; put a Flatten before it")
    }
  }

  /// An array that no file has: so many values, all the same.
  mutating func made(_ name: String, shape: [Int], value: Float) throws -> NamedArray {
    let count = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    try store.charge(max(count, 0))
    let bits = [UInt32](repeating: value.bitPattern.littleEndian, count: max(count, 0))
    let bytes = bits.withUnsafeBytes { [UInt8]($0) }
    guard
      let array = NumericArray(
        elementType: .float32, shape: shape, storage: bytes, range: 0..<bytes.count)
    else { throw KerasImportError.weights(.notUsable("a layer of the shape \(shape)")) }
    return NamedArray(name: name, array: array)
  }
}
