import CNNCodecs
import CNNModelFile

extension KerasChain {
  private func checkFront(_ layer: KerasLayer) throws {
    guard layers.isEmpty else {
      throw layer.error("is read only before all other layers, where it says what becomes of pixels")
    }
  }

  /// `scale * x + offset` is a part of the preprocessing.
  mutating func readRescaling(_ layer: KerasLayer) throws {
    try checkFront(layer)
    let scale = try one("scale", default: nil, layer)
    let offset = try one("offset", default: 0, layer)
    guard scale > 0 else { throw layer.error("its scale is \(scale); it should be greater than 0") }
    var next = preprocessing ?? Preprocessing(divisor: 1)
    if next.mean == 0, next.deviation == 1 {
      next.divisor = Self.neat(next.divisor / scale)
      next.mean = offset == 0 ? 0 : -offset
    } else {
      next.mean -= offset * next.deviation / scale
      next.deviation /= scale
    }
    try set(next, layer)
  }

  /// `(x - mean) / sqrt(variance)`, with one mean and one variance for all pixels.
  mutating func readNormalization(_ layer: KerasLayer) throws {
    try checkFront(layer)
    guard try !layer.flag("invert", default: false) else {
      throw layer.error("is inverted, which no preprocessing here is")
    }
    let mean: Double
    let variance: Double
    if try layer.setting("mean") != nil {
      mean = try one("mean", default: nil, layer)
      variance = try one("variance", default: nil, layer)
    } else {
      let arrays = try store.arrays(of: layer, [["mean"], ["variance"], ["count"]])
      (mean, variance) = (try same(arrays[0], layer), try same(arrays[1], layer))
    }
    guard variance >= 0 else { throw layer.error("its variance is \(variance)") }
    // Keras divides by no less.
    let deviation = max(variance.squareRoot(), 1e-7)
    var next = preprocessing
    if next == nil {
      // Statistics of pixels are whole numbers in size, those of pixels that were divided by 255 are below 1.
      let isDivided = mean.magnitude <= 1 && deviation <= 1
      next = Preprocessing(divisor: isDivided ? 255 : 1)
      notes.append(
        "layer \(layer.name) (Normalization) is read as one of pixels \(isDivided ? "that were divided by 255" : "from 0 to 255"), "
          + "which its mean suggests; --divisor, --mean and --deviation say otherwise")
    }
    guard var next else { return }
    next.mean += mean * next.deviation
    next.deviation *= deviation
    try set(next, layer)
  }

  private mutating func set(_ next: Preprocessing, _ layer: KerasLayer) throws {
    guard next.divisor > 0, next.deviation > 0,
      [next.divisor, next.mean, next.deviation].allSatisfy(\.isFinite)
    else { throw layer.error("leaves nothing of the pixels") }
    preprocessing = next
  }

  /// A setting that is one number, alone or as often as there are channels.
  private func one(_ name: String, default value: Double?, _ layer: KerasLayer) throws -> Double {
    guard let node = try layer.setting(name) else {
      if let value { return value }
      throw try layer.config.member(name).error("should be a number")
    }
    var first = node
    while case .array(let elements) = first.value {
      guard let inner = try first.elements().first, elements.allSatisfy({ $0 == inner.value }) else {
        throw layer.error("its \(name) differs from channel to channel; one for all is read")
      }
      first = inner
    }
    return try first.number()
  }

  private func same(_ array: NamedArray, _ layer: KerasLayer) throws -> Double {
    guard array.array.elementType.isFloatingPoint, array.array.elementCount > 0 else {
      throw layer.error("\(array.name) holds no floating-point numbers")
    }
    let values = array.array.doubles()
    guard let first = values.first, values.allSatisfy({ $0 == first }) else {
      throw layer.error(
        "\(array.name) differs from channel to channel or pixel to pixel; one for all is read")
    }
    return first
  }

  /// 255 for what 1 / (1 / 255) comes to, and halves likewise.
  private static func neat(_ divisor: Double) -> Double {
    let near = (divisor * 2).rounded() / 2
    return near > 0 && (divisor / near - 1).magnitude < 1e-6 ? near : divisor
  }
}
