import CNNCodecs

/// What a picture's border says about its paper: how bright it is, how even, and on which side of it the ink lies.
///
/// The border is the outermost ring of pixels, one pixel wide and wider in large pictures. Ink may cross it: all that is
/// taken from it are medians and quantiles.
struct PaperEstimate {
  /// The median of the ring.
  var brightness: Int
  /// Whether the ink is darker than the paper.
  var isInkDark: Bool
  /// Whether the light falls so unevenly that one brightness of paper will not do.
  var isUneven: Bool
  /// The standard deviation of the paper's noise in grey levels.
  var noise: Double

  /// Looks at a picture.
  init(_ picture: GrayImage) {
    let ring = Self.ring(of: picture)
    let (darkest, brightest) = Self.extremes(of: picture)
    brightness = ring.quantile(0.5)
    let (below, above) = (brightness - darkest, brightest - brightness)
    noise = Self.noise(of: picture)
    let contrast = max(below, above)
    // Paper that spreads by less than this is even enough; noise alone spreads by some deviations.
    let tolerance = max(Int(Double(contrast) * Self.evenness), Int(Self.noiseSpread * noise), 2)
    let spread = ring.quantile(0.9) - ring.quantile(0.1)
    if spread <= tolerance {
      isInkDark = below > above
      isUneven = false
      return
    }
    // The ring holds ink, or light and shadow; either way its median may mislead.
    isInkDark = Self.isInkDarkByShape(picture) ?? (below > above)
    isUneven = Self.isUneven(
      ring, darkest: darkest, brightest: brightest, isInkDark: isInkDark, tolerance: tolerance)
    if !isUneven {
      // The paper is on the far side of whatever ink there is on the ring.
      brightness = Self.paper(on: ring, darkest: darkest, brightest: brightest, isInkDark: isInkDark)
    }
  }

  /// The share of the contrast by which even paper may differ from place to place.
  private static let evenness = 0.08
  /// How many deviations of noise lie between the first and the last tenth of the ring, and a bit.
  private static let noiseSpread = 3.0
  /// What is this much of the way from the brightest paper to the darkest ink is ink, when it crosses the ring.
  private static let inkLevel = 0.6
  /// More of the ring than this is no ink.
  private static let greatestInkShare = 0.4

  /// Whether the part of the ring that is no ink spreads too much, or there is too much ink on it to be ink.
  private static func isUneven(
    _ ring: Histogram, darkest: Int, brightest: Int, isInkDark: Bool, tolerance: Int
  ) -> Bool {
    let paper = ring.cut(
      at: inkCut(darkest: darkest, brightest: brightest, isInkDark: isInkDark), keepsBright: isInkDark)
    guard Double(paper.count) >= (1 - greatestInkShare) * Double(ring.count) else { return true }
    // The soft edges of strokes that cross the ring are some of it.
    return paper.quantile(0.85) - paper.quantile(0.15) > tolerance
  }

  private static func paper(on ring: Histogram, darkest: Int, brightest: Int, isInkDark: Bool) -> Int {
    ring.cut(at: inkCut(darkest: darkest, brightest: brightest, isInkDark: isInkDark), keepsBright: isInkDark)
      .quantile(0.5)
  }

  private static func inkCut(darkest: Int, brightest: Int, isInkDark: Bool) -> Int {
    let way = Int(inkLevel * Double(brightest - darkest))
    return isInkDark ? brightest - way : darkest + way
  }

  /// The outermost pixels: one row or column in sixty-four from each side, at least one.
  private static func ring(of picture: GrayImage) -> Histogram {
    let (width, height) = (picture.width, picture.height)
    let thickness = max(1, min(width, height) / 64)
    var ring = Histogram()
    picture.pixels.withUnsafeBufferPointer { pixels in
      for y in 0..<height {
        let row = y * width
        if y < thickness || y >= height - thickness || width <= 2 * thickness {
          for x in 0..<width { ring.add(pixels[row + x]) }
        } else {
          for x in 0..<thickness {
            ring.add(pixels[row + x])
            ring.add(pixels[row + width - 1 - x])
          }
        }
      }
    }
    return ring
  }

  private static func extremes(of picture: GrayImage) -> (darkest: Int, brightest: Int) {
    picture.pixels.withUnsafeBufferPointer { pixels in
      var (least, greatest) = (UInt8.max, UInt8.min)
      for pixel in pixels {
        least = min(least, pixel)
        greatest = max(greatest, pixel)
      }
      return (Int(least), Int(greatest))
    }
  }

  /// The deviation of the noise, from how much neighbours differ: those on the ring, where there is little ink, and
  /// all, of which at least a fourth are paper; the lesser counts.
  ///
  /// For normally distributed noise the median of the absolute differences is 0.954 deviations, and a fourth of them
  /// are below 0.451.
  static func noise(of picture: GrayImage) -> Double {
    let (width, height) = (picture.width, picture.height)
    guard width > 1 else { return 0 }
    var all = Histogram()
    var ring = Histogram()
    let step = max(1, width * height / (1 << 16))
    picture.pixels.withUnsafeBufferPointer { pixels in
      for y in stride(from: 0, to: height, by: step) {
        let row = y * width
        for x in 1..<width { all.add(UInt8(abs(Int(pixels[row + x]) - Int(pixels[row + x - 1])))) }
      }
      for row in [0, (height - 1) * width] {
        for x in 1..<width { ring.add(UInt8(abs(Int(pixels[row + x]) - Int(pixels[row + x - 1])))) }
      }
      if height > 1 {
        for y in 1..<height {
          for column in [0, width - 1] {
            ring.add(UInt8(abs(Int(pixels[y * width + column]) - Int(pixels[(y - 1) * width + column]))))
          }
        }
      }
    }
    return min(Double(all.quantile(0.25)) / 0.451, Double(ring.quantile(0.5)) / 0.954)
  }

  /// Whether the ink is darker than what surrounds it, told by shape alone: ink is the minority wherever there is some,
  /// so the differences from the local mean have their long tail on its side. An edge of shadow has two tails alike.
  ///
  /// nil if there is no tail to tell.
  private static func isInkDarkByShape(_ picture: GrayImage) -> Bool? {
    let small = picture.reduced(by: max(1, (max(picture.width, picture.height) + 63) / 64))
    let (width, height) = (small.width, small.height)
    var sums = [Int](repeating: 0, count: (width + 1) * (height + 1))
    for y in 0..<height {
      var row = 0
      for x in 0..<width {
        row += Int(small.pixels[y * width + x])
        sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row
      }
    }
    let radius = max(2, min(width, height) / 10)
    var tail = 0.0
    for y in 0..<height {
      let (top, bottom) = (max(0, y - radius), min(height, y + radius + 1))
      for x in 0..<width {
        let (left, right) = (max(0, x - radius), min(width, x + radius + 1))
        let sum =
          sums[bottom * (width + 1) + right] - sums[top * (width + 1) + right]
          - sums[bottom * (width + 1) + left] + sums[top * (width + 1) + left]
        let mean = Double(sum) / Double((bottom - top) * (right - left))
        let pixel = Double(small.pixels[y * width + x])
        // A share of the light, so that ink in the shadow counts as much; between -1 and 1.
        let difference = (pixel - mean) / (pixel + mean + 1)
        tail += difference * difference * difference
      }
    }
    return tail == 0 ? nil : tail < 0
  }
}

/// How often each of 256 values occurs.
struct Histogram {
  private(set) var counts = [Int](repeating: 0, count: 256)
  private(set) var count = 0

  mutating func add(_ value: UInt8) {
    counts[Int(value)] += 1
    count += 1
  }

  /// The least value that at least this share of all values does not exceed; 0 of no values.
  func quantile(_ share: Double) -> Int {
    let wanted = max(1, Int((share * Double(count)).rounded(.up)))
    var seen = 0
    for value in 0..<256 {
      seen += counts[value]
      if seen >= wanted { return value }
    }
    return 0
  }

  /// Only the values from `limit` on, or only those up to it.
  func cut(at limit: Int, keepsBright: Bool) -> Histogram {
    var result = self
    for value in 0..<256 where keepsBright ? value < limit : value > limit {
      result.count -= result.counts[value]
      result.counts[value] = 0
    }
    return result
  }
}
