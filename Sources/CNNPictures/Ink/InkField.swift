import CNNCodecs

/// A picture's ink, taken off its paper: 0 where there is paper, more the stronger the ink, whatever the colours were.
struct InkField {
  /// How much each square of this many source pixels a side was reduced to one.
  let factor: Int
  let width: Int
  let height: Int
  /// The source's size.
  let fullWidth: Int
  let fullHeight: Int
  /// [height, width]: how far the pixel is from the paper, less the noise.
  let ink: [UInt8]
  let paper: PaperEstimate
  /// The deviation of the noise in grey levels.
  let noise: Double
  /// The connected parts of the ink.
  let components: InkComponents
  /// How far around the runs of a component its soft edge reaches.
  let margin: Int

  /// The most pixels that are looked at; larger pictures are reduced first. A digit of a thirtieth of the picture's side
  /// still has 28 pixels.
  static let workingPixelCount = 1 << 20
  /// What differs from the paper by fewer grey levels is not ink.
  static let leastContrast = 8
  /// Ink that is weaker than this share of the strongest belongs to no component.
  static let componentThreshold = 0.08
  /// The same where uneven light was removed: what the estimate of the light leaves over is weak.
  static let unevenThreshold = 0.3
  /// Noise of fewer deviations than this is paper: it becomes 0.
  static let noiseThreshold = 2.5

  /// Takes the ink off a picture.
  ///
  /// - Throws: `BlankPicture` if there is none.
  init(_ picture: GrayImage) throws(BlankPicture) {
    factor = picture.reductionFactor(toAtMost: Self.workingPixelCount)
    let small = picture.reduced(by: factor)
    (width, height) = (small.width, small.height)
    (fullWidth, fullHeight) = (picture.width, picture.height)
    paper = PaperEstimate(small)
    var differences: [UInt8]
    if paper.isUneven {
      differences = Self.differences(
        small, from: LightEstimate.paper(under: small, isInkDark: paper.isInkDark), isInkDark: paper.isInkDark
      )
      noise = PaperEstimate.noise(of: GrayImage(width: width, height: height, pixels: differences))
    } else {
      differences = Self.differences(small, from: UInt8(paper.brightness), isInkDark: paper.isInkDark)
      noise = paper.noise
    }
    let contrast = Int(differences.max() ?? 0)
    guard contrast >= Self.leastContrast, Double(contrast) > 4 * noise else {
      throw BlankPicture(contrast: contrast)
    }
    // Under noise, what an envelope took for paper is a bit too bright everywhere.
    let base = paper.isUneven ? Self.quantile(0.3, of: differences) : 0
    let floor = min(base + Int((Self.noiseThreshold * noise).rounded()), contrast / 3)
    let limit: Int
    if noise / Double(contrast) > 0.02, min(width, height) > 20 {
      // The noise would tie everything together; its mean over some pixels doesn't.
      let radius = min(width, height) < 200 ? 1 : 2
      let smooth = BoxMean.smoothed(differences, width: width, height: height, radius: radius)
      let residue = noise / Double(2 * radius + 1)
      let strongest = Double(smooth.max() ?? 0) - Double(base)
      limit =
        base + Int(max(4 * residue, (paper.isUneven ? Self.unevenThreshold : 0.15) * strongest).rounded(.up))
      components = InkComponents(smooth, width: width, height: height, above: limit)
      margin = 1
    } else {
      let threshold = paper.isUneven ? Self.unevenThreshold : Self.componentThreshold
      limit = max(floor, Int(threshold * Double(contrast)))
      components = InkComponents(differences, width: width, height: height, above: limit)
      margin = 1
    }
    if floor > 0 {
      for index in differences.indices { differences[index] = UInt8(max(0, Int(differences[index]) - floor)) }
    }
    ink = differences
    guard components.components.contains(where: { $0.area >= 3 }) else {
      throw BlankPicture(contrast: contrast)
    }
  }

  /// Only the ink of some components, and the soft edges around it.
  ///
  /// - Parameter isKept: for each component.
  func ink(of isKept: [Bool]) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: ink.count)
    for run in components.runs where isKept[run.component] {
      for y in max(0, run.y - margin)...min(height - 1, run.y + margin) {
        for x in max(0, run.start - margin)..<min(width, run.end + margin) {
          result[y * width + x] = ink[y * width + x]
        }
      }
    }
    return result
  }

  private static func differences(_ picture: GrayImage, from paper: UInt8, isInkDark: Bool) -> [UInt8] {
    isInkDark
      ? picture.pixels.map { paper > $0 ? paper - $0 : 0 }
      : picture.pixels.map { $0 > paper ? $0 - paper : 0 }
  }

  /// Light multiplies: ink takes away a share of it, the same in the sun and in the shadow. Bright ink on a dark board
  /// is told by its difference, since a share of almost nothing would be all noise.
  private static func differences(_ picture: GrayImage, from paper: [UInt8], isInkDark: Bool) -> [UInt8] {
    var result = picture.pixels
    for index in result.indices {
      let (pixel, light) = (Int(picture.pixels[index]), Int(paper[index]))
      result[index] =
        isInkDark
        ? UInt8(min(255, max(0, light - pixel) * 255 / max(light, 16))) : UInt8(max(0, pixel - light))
    }
    return result
  }

  private static func quantile(_ share: Double, of values: [UInt8]) -> Int {
    var histogram = Histogram()
    for value in values { histogram.add(value) }
    return histogram.quantile(share)
  }
}
