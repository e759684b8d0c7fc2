import CNNCodecs
import CNNModelFile

/// Labelled pictures in memory: what a network learns from or is measured on.
///
/// Bytes stay bytes; they become the network's input when they are needed.
public struct Examples: Sendable {
  private enum Values: Sendable {
    /// The bytes, and what makes them the network's input.
    case bytes([UInt8], scale: PixelScale)
    case floats([Float])
  }

  private let values: Values
  /// The extents of one input: [C, H, W].
  public let inputShape: [Int]
  /// The class of each example.
  public let labels: [Int]
  /// How many numbers one input takes.
  public let inputCount: Int
  /// What makes the pictures' bytes the network's input; nil for inputs that are numbers already.
  public let preprocessing: Preprocessing?

  /// How many examples there are.
  public var count: Int { labels.count }

  /// Pictures of bytes, [N, ...inputShape], that a preprocessing makes the network's input.
  ///
  /// - Precondition: there are as many pictures as labels.
  public init(pixels: [UInt8], inputShape: [Int], labels: [Int], preprocessing: Preprocessing) {
    self.inputShape = inputShape
    self.labels = labels
    inputCount = inputShape.reduce(1, *)
    precondition(pixels.count == labels.count * inputCount, "\(labels.count) labels for other pictures")
    self.preprocessing = preprocessing
    values = .bytes(pixels, scale: PixelScale(preprocessing))
  }

  /// Inputs that are numbers already, [N, ...inputShape].
  ///
  /// - Precondition: there are as many inputs as labels.
  public init(inputs: [Float], inputShape: [Int], labels: [Int]) {
    self.inputShape = inputShape
    self.labels = labels
    inputCount = inputShape.reduce(1, *)
    precondition(inputs.count == labels.count * inputCount, "\(labels.count) labels for other inputs")
    preprocessing = nil
    values = .floats(inputs)
  }

  /// The examples at `indices`, in that order.
  public func selecting(_ indices: [Int]) -> Examples {
    func gather<T>(_ all: [T]) -> [T] {
      var chosen: [T] = []
      chosen.reserveCapacity(indices.count * inputCount)
      for index in indices { chosen += all[index * inputCount..<(index + 1) * inputCount] }
      return chosen
    }
    let values: Values =
      switch self.values {
      case .bytes(let bytes, let scale): .bytes(gather(bytes), scale: scale)
      case .floats(let floats): .floats(gather(floats))
      }
    return Examples(self, values: values, labels: indices.map { labels[$0] })
  }

  /// Others of the same kind.
  private init(_ others: Examples, values: Values, labels: [Int]) {
    self.values = values
    self.labels = labels
    inputShape = others.inputShape
    inputCount = others.inputCount
    preprocessing = others.preprocessing
  }

  /// The same pictures with other labels.
  func relabelled(_ label: (Int) -> Int) -> Examples {
    Examples(self, values: values, labels: labels.map(label))
  }

  /// The CRC-32 of the pictures' bytes and then of the labels, eight bytes each: tells data apart.
  public var fingerprint: UInt32 {
    var checksum = CRC32()
    switch values {
    case .bytes(let bytes, _): checksum.update(bytes)
    case .floats(let floats): floats.withUnsafeBytes { checksum.update($0) }
    }
    labels.map { Int64($0).littleEndian }.withUnsafeBytes { checksum.update($0) }
    return checksum.value
  }

  /// The network's input for empty paper, of which augmentation puts more around a picture: that of a black or a white
  /// pixel, as the polarity says; 0 for inputs that are numbers already, of which nothing is known.
  public var background: Float {
    guard let preprocessing, case .bytes(_, let scale) = values else { return 0 }
    return scale.input(preprocessing.backgroundPixel)
  }

  /// The first example with an input that is infinite or no number.
  var firstIndexWithoutNumbers: Int? {
    guard case .floats(let floats) = values else { return nil }
    return floats.firstIndex { !$0.isFinite }.map { $0 / inputCount }
  }

  /// The bytes of one picture; nil for inputs that are numbers already.
  public func pixels(_ index: Int) -> [UInt8]? {
    guard case .bytes(let bytes, _) = values else { return nil }
    return Array(bytes[index * inputCount..<(index + 1) * inputCount])
  }

  /// One input.
  public func input(_ index: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: inputCount) { buffer, count in
      if let base = buffer.baseAddress { write(index, to: base) }
      count = inputCount
    }
  }

  /// Writes one input.
  func write(_ index: Int, to destination: UnsafeMutablePointer<Float>) {
    let start = index * inputCount
    switch values {
    case .bytes(let bytes, let scale):
      bytes.withUnsafeBufferPointer { bytes in
        guard let base = bytes.baseAddress else { return }
        scale.write(base + start, count: inputCount, to: destination)
      }
    case .floats(let floats):
      floats.withUnsafeBufferPointer { floats in
        for offset in 0..<inputCount { destination[offset] = floats[start + offset] }
      }
    }
  }
}

extension Examples: InputSource {
  /// Writes the inputs in `range`.
  public func write(_ range: Range<Int>, to destination: UnsafeMutablePointer<Float>) {
    for index in range { write(index, to: destination + (index - range.lowerBound) * inputCount) }
  }
}
