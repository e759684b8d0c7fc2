/// The colours of a picture that has at most 256, and its pixels as indices into them.
///
/// Colours stand in ascending order of red, then green, then blue, so that a picture's palette does not depend on
/// where its colours are.
struct PNGPalette {
  /// Red, green and blue of each colour.
  let colors: [UInt8]
  /// [height, width] indices.
  let indices: [UInt8]

  /// Nil if the samples, three a pixel, have more than 256 colours.
  init?(_ samples: [UInt8]) {
    guard var table = ColorTable(samples) else { return nil }
    let order = table.numberInAscendingOrder()
    colors = order.flatMap {
      [
        UInt8(truncatingIfNeeded: $0 >> 16), UInt8(truncatingIfNeeded: $0 >> 8),
        UInt8(truncatingIfNeeded: $0),
      ]
    }
    indices = table.indices(of: samples)
  }
}

/// A hash table of up to 256 colours.
private struct ColorTable {
  /// Four times as many places as colours, so that chains stay short.
  private static let bits = 10
  /// The colour in each place plus 1; 0 where there is none.
  private var keys = [UInt32](repeating: 0, count: 1 << bits)
  private var numbers = [UInt8](repeating: 0, count: 1 << bits)

  /// The colours of samples, three a pixel; nil if there are more than 256.
  init?(_ samples: [UInt8]) {
    var count = 0
    var previous: UInt32 = .max
    let fits = samples.withUnsafeBufferPointer { samples in
      for start in stride(from: 0, to: samples.count, by: 3) {
        let color = Self.color(samples, start)
        // Scaled pictures consist of runs.
        if color == previous { continue }
        previous = color
        let place = place(of: color)
        if keys[place] == 0 {
          count += 1
          guard count <= 256 else { return false }
          keys[place] = color + 1
        }
      }
      return true
    }
    guard fits else { return nil }
  }

  /// Gives each colour its number in ascending order, and returns them in that order.
  mutating func numberInAscendingOrder() -> [UInt32] {
    let colors = keys.filter { $0 != 0 }.map { $0 - 1 }.sorted()
    for (number, color) in colors.enumerated() { numbers[place(of: color)] = UInt8(number) }
    return colors
  }

  func indices(of samples: [UInt8]) -> [UInt8] {
    let pixelCount = samples.count / 3
    return [UInt8](unsafeUninitializedCapacity: pixelCount) { buffer, initialized in
      samples.withUnsafeBufferPointer { samples in
        var previous: UInt32 = .max
        var number: UInt8 = 0
        for pixel in 0..<pixelCount {
          let color = Self.color(samples, 3 * pixel)
          if color != previous {
            previous = color
            number = numbers[place(of: color)]
          }
          buffer[pixel] = number
        }
      }
      initialized = pixelCount
    }
  }

  private static func color(_ samples: UnsafeBufferPointer<UInt8>, _ start: Int) -> UInt32 {
    UInt32(samples[start]) << 16 | UInt32(samples[start + 1]) << 8 | UInt32(samples[start + 2])
  }

  /// Where a colour is, or would be put.
  private func place(of color: UInt32) -> Int {
    // Fibonacci hashing: the high bits of the product depend on all of the colour's.
    var place = Int((color &* 2_654_435_769) >> UInt32(32 - Self.bits))
    while keys[place] != 0, keys[place] != color + 1 { place = (place + 1) & (1 << Self.bits - 1) }
    return place
  }
}
