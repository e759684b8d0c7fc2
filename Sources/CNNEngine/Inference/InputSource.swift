import CNNModelFile

/// Inputs for a network, written into its buffers when they are needed.
public protocol InputSource: Sendable {
  /// How many inputs there are.
  var count: Int { get }

  /// How many numbers one input has.
  var inputCount: Int { get }

  /// Writes the inputs in `range`, one after another, to `destination`: `range.count * inputCount` numbers.
  ///
  /// Called from several threads at once for different ranges.
  func write(_ range: Range<Int>, to destination: UnsafeMutablePointer<Float>)
}

/// Inputs that are numbers already: [N, ...input shape].
public struct FloatInputs: InputSource {
  private let values: [Float]
  /// How many numbers one input has.
  public let inputCount: Int

  /// Takes `values` as inputs of `inputCount` numbers each; an incomplete one at the end is left out.
  public init(_ values: [Float], inputCount: Int) {
    self.values = values
    self.inputCount = inputCount
  }

  /// How many inputs there are.
  public var count: Int { inputCount == 0 ? 0 : values.count / inputCount }

  /// Copies the inputs in `range`.
  public func write(_ range: Range<Int>, to destination: UnsafeMutablePointer<Float>) {
    values.withUnsafeBufferPointer { values in
      for index in 0..<range.count * inputCount {
        destination[index] = values[range.lowerBound * inputCount + index]
      }
    }
  }
}

/// Inputs made from bytes by a model's preprocessing: [N, ...input shape], one byte a number.
public struct PixelInputs: InputSource {
  private let pixels: [UInt8]
  /// How many numbers one input has.
  public let inputCount: Int
  private let scale: PixelScale

  /// Takes `pixels` as inputs of `inputCount` bytes each; an incomplete one at the end is left out.
  ///
  /// A pixel p becomes (Float(p) / divisor - mean) / deviation. Polarity and digit normalisation have been
  /// dealt with before: these are pixels as the model's training data had them.
  public init(_ pixels: [UInt8], inputCount: Int, preprocessing: Preprocessing) {
    self.pixels = pixels
    self.inputCount = inputCount
    scale = PixelScale(preprocessing)
  }

  /// How many inputs there are.
  public var count: Int { inputCount == 0 ? 0 : pixels.count / inputCount }

  /// Converts the inputs in `range`.
  public func write(_ range: Range<Int>, to destination: UnsafeMutablePointer<Float>) {
    pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      scale.write(base + range.lowerBound * inputCount, count: range.count * inputCount, to: destination)
    }
  }
}
