import CNNCodecs
import CNNModelFile

/// The attributes that `Conv`, `MaxPool` and `AveragePool` share.
struct ONNXWindow {
  var kernel: Operation.Size
  var stride: Operation.Size
  var dilation: Operation.Size
  var padding: Operation.Padding
  /// Whether the output's extent is that of the input divided by the stride, rounded up, whatever else is said.
  var isSame: Bool
  /// Whether there is no padding by `auto_pad`.
  private var isValid: Bool

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
    isSame = mode.hasPrefix("SAME_")
    isValid = mode == "VALID"
    if isSame || isValid, let pads, pads != [0, 0, 0, 0] {
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

  /// Whether pooling is to round the output's extent up, and whether that adds a window.
  ///
  /// - Parameter picture: the height and width that the layer reads.
  /// - Throws: an error about the node where rounding up adds a window that those who run ONNX don't agree on.
  func ceilMode(_ view: ONNXNodeView, _ picture: Operation.Size) throws(ONNXImportError) -> (
    isOn: Bool, addsWindow: Bool
  ) {
    let mode = try view.integer("ceil_mode", default: 0)
    guard mode == 0 || mode == 1 else { throw view.error("ceil_mode is \(mode)") }
    let added = [
      Self.addedWindow(
        picture.height, padding.top, padding.bottom, kernel.height, stride.height, dilation.height),
      Self.addedWindow(
        picture.width, padding.left, padding.right, kernel.width, stride.width, dilation.width),
    ].compactMap(\.self)
    guard mode == 1, !isSame, !added.isEmpty else { return (mode == 1 && !isSame && !isValid, false) }
    if isValid {
      throw view.error(
        "ceil_mode adds a window in spite of auto_pad VALID, which programs understand differently; export with "
          + "ceil_mode off")
    }
    if added.contains(.inPadding) {
      throw view.error(
        "ceil_mode adds a window that lies in the padding alone, which versions of ONNX count differently; "
          + "export with ceil_mode off")
    }
    return (true, true)
  }

  private enum AddedWindow {
    /// It begins in the picture and reaches over its end.
    case partial
    /// It begins behind the picture: up to operator set 21 ONNX counts it, and PyTorch does not.
    case inPadding
  }

  /// The window that rounding up would add.
  private static func addedWindow(
    _ extent: Int, _ before: Int, _ after: Int, _ kernel: Int, _ stride: Int, _ dilation: Int
  ) -> AddedWindow? {
    let distance = extent + before + after - ((kernel - 1) * dilation + 1)
    guard distance >= 0, distance % stride != 0 else { return nil }
    return (distance / stride + 1) * stride >= extent + before ? .inPadding : .partial
  }

  /// How much padding gives an output of the input's extent divided by the stride, rounded up. All are below 2^31.
  private static func total(_ extent: Int, _ kernel: Int, _ stride: Int, _ dilation: Int) -> Int {
    let outputs = (extent + stride - 1) / stride
    return max((outputs - 1) * stride + (kernel - 1) * dilation + 1 - extent, 0)
  }
}
