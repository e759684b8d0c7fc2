import CNNEngine

/// A picture [channels, height, width] for the tests of augmentation.
struct Picture: Equatable {
  var channels = 1
  var height: Int
  var width: Int
  var pixels: [Float]

  /// A picture whose pixels are a function of their channel, row and column.
  init(channels: Int = 1, height: Int, width: Int, _ value: (_ channel: Int, _ y: Int, _ x: Int) -> Float) {
    (self.channels, self.height, self.width) = (channels, height, width)
    pixels = []
    for channel in 0..<channels {
      for y in 0..<height {
        for x in 0..<width { pixels.append(value(channel, y, x)) }
      }
    }
  }

  /// A grey picture with a pixel for each character: `.` is 0, `#` is 1, a digit that many tenths.
  init(_ rows: String...) {
    self.init(height: rows.count, width: rows[0].count) { _, y, x in
      let character = Array(rows[y])[x]
      return character == "#" ? 1 : Float(character.wholeNumberValue ?? 0) / 10
    }
  }

  /// Random pixels in 0..<1.
  static func noise(channels: Int = 1, height: Int, width: Int, seed: UInt64) -> Picture {
    var random = RandomStream(seed: seed, purpose: .selection)
    return Picture(channels: channels, height: height, width: width) { _, _, _ in random.uniform() }
  }

  /// A ring of ink, with soft edges, in a field of 28x28: something like a digit.
  static let ring = Picture(height: 28, width: 28) { _, y, x in
    let radius = (((Float(x) - 13.5) * (Float(x) - 13.5) + (Float(y) - 13.5) * (Float(y) - 13.5)))
      .squareRoot()
    return min(max(2.5 - abs(radius - 6), 0), 1)
  }

  /// A pixel; the background 0 where there is none.
  subscript(channel: Int, y: Int, x: Int) -> Float {
    guard (0..<height).contains(y), (0..<width).contains(x) else { return 0 }
    return pixels[(channel * height + y) * width + x]
  }

  var mass: Double { pixels.reduce(0) { $0 + Double($1) } }

  func map(_ transform: (Float) -> Float) -> Picture {
    var copy = self
    copy.pixels = pixels.map(transform)
    return copy
  }

  func workspace(background: Float = 0) -> AugmentationWorkspace {
    AugmentationWorkspace(channels: channels, height: height, width: width, background: background)
  }

  func distorted(_ distortion: Distortion, background: Float = 0) -> Picture {
    distorted(workspace(background: background)) { distortion.apply(input: $0, output: $1, workspace: $2) }
  }

  func distorted(_ change: (inout Distortion) -> Void) -> Picture {
    var distortion = Distortion()
    change(&distortion)
    return distorted(distortion)
  }

  func augmented(
    _ augmentation: Augmentation, _ random: inout RandomStream, _ workspace: AugmentationWorkspace
  ) -> Picture {
    distorted(workspace) { augmentation.apply(input: $0, output: $1, random: &random, workspace: $2) }
  }

  private func distorted(
    _ workspace: AugmentationWorkspace,
    _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, AugmentationWorkspace) -> Void
  ) -> Picture {
    // Whatever is not written stays NaN, and is equal to nothing.
    var result = map { _ in .nan }
    pixels.withUnsafeBufferPointer { input in
      result.pixels.withUnsafeMutableBufferPointer { output in
        guard let input = input.baseAddress, let output = output.baseAddress else { return }
        body(input, output, workspace)
      }
    }
    return result
  }

  /// The greatest difference between two pictures' pixels; infinite if one of them is not a number.
  func difference(from other: Picture) -> Float {
    zip(pixels, other.pixels).map { abs($0 - $1) }.reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
  }
}
