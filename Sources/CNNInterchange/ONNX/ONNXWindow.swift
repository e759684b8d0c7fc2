import CNNCodecs
import CNNModelFile

/// The attributes that `Conv`, `MaxPool` and `AveragePool` share.
struct ONNXWindow {
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

  /// Whether rounding up would add a window.
  func leavesRest(_ picture: Operation.Size) -> Bool {
    func rest(_ extent: Int, _ before: Int, _ after: Int, _ kernel: Int, _ stride: Int, _ dilation: Int)
      -> Int
    {
      (extent + before + after - ((kernel - 1) * dilation + 1)) % stride
    }
    return rest(picture.height, padding.top, padding.bottom, kernel.height, stride.height, dilation.height)
      != 0
      || rest(picture.width, padding.left, padding.right, kernel.width, stride.width, dilation.width) != 0
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
