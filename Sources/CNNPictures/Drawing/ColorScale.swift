import CNNCodecs

/// How numbers become greys or colours.
public enum ColorScale: Sendable, Equatable, CaseIterable {
  /// The least is white, the greatest black.
  case grayDarkIsLarge
  /// The least is black, the greatest white.
  case grayLightIsLarge
  /// Blue below 0, white at 0, red above; as far from 0 on both sides.
  case diverging
  /// From pale yellow over orange to dark red, for heat over a grey picture.
  case heat

  /// Whether its tiles have colours.
  public var isColored: Bool {
    switch self {
    case .grayDarkIsLarge, .grayLightIsLarge: false
    case .diverging, .heat: true
    }
  }

  /// The colour at a fraction of the way from the least (0) to the greatest number (1).
  ///
  /// *Edge cases*: fractions beyond 0 and 1 have the colours of these; NaN has that of the middle.
  public func color(at fraction: Double) -> Color {
    let fraction = fraction.isNaN ? 0.5 : min(max(fraction, 0), 1)
    switch self {
    case .grayDarkIsLarge: return .gray(UInt8((255 * (1 - fraction)).rounded()))
    case .grayLightIsLarge: return .gray(UInt8((255 * fraction).rounded()))
    case .diverging: return Self.divergingColor(2 * fraction - 1)
    case .heat:
      return fraction < 0.5
        ? Self.mix(Self.cool, Self.warm, 2 * fraction) : Self.mix(Self.warm, Self.hot, 2 * fraction - 1)
    }
  }

  /// Numbers as a picture: grey, or coloured where the scale is.
  ///
  /// Grey values are round(255 (greatest - v) / (greatest - least)) where dark is large, or the like from the least on
  /// where light is, in `Double`. Diverging colours depend on v / m, m being the range's greatest magnitude, rounded to
  /// a multiple of 1/120: each of red, green and blue goes from 255 at 0 in a straight line to (178, 24, 43) at 1 and
  /// (33, 102, 172) at -1, and is rounded.
  ///
  /// *Edge cases*: a range of a single number gives the middle grey 128; diverging, a range of 0 alone is white. Numbers
  /// beyond the range are drawn as its ends, NaN as its middle.
  ///
  /// - Parameters:
  ///   - values: [height, width].
  ///   - range: what is drawn as least and greatest.
  /// - Precondition: there are `width * height` values, at least one.
  public func tile(values: some Collection<Float>, width: Int, height: Int, range: ValueRange) -> Picture {
    let color = coloring(range)
    guard isColored else {
      return .gray(GrayImage(width: width, height: height, pixels: values.map { color(Double($0)).red }))
    }
    var samples: [UInt8] = []
    samples.reserveCapacity(3 * values.count)
    for value in values {
      let color = color(Double(value))
      samples.append(color.red)
      samples.append(color.green)
      samples.append(color.blue)
    }
    return .rgb(RGBImage(width: width, height: height, pixels: samples))
  }

  /// The colour of a number, by the range.
  private func coloring(_ range: ValueRange) -> (Double) -> Color {
    let (least, greatest) = (range.least, range.greatest)
    switch self {
    case .grayDarkIsLarge:
      return { .gray(Self.gray(greatest - $0, of: greatest - least)) }
    case .grayLightIsLarge:
      return { .gray(Self.gray($0 - least, of: greatest - least)) }
    case .diverging:
      let magnitude = range.greatestMagnitude
      return { magnitude > 0 ? Self.divergingColor($0 / magnitude) : .white }
    case .heat:
      return { color(at: greatest > least ? ($0 - least) / (greatest - least) : 0.5) }
    }
  }

  private static func gray(_ part: Double, of whole: Double) -> UInt8 {
    guard whole > 0, !part.isNaN else { return 128 }
    return UInt8(min(max((255 * part / whole).rounded(), 0), 255))
  }

  private static func divergingColor(_ value: Double) -> Color {
    guard !value.isNaN else { return .white }
    let share = (min(abs(value), 1) * divergingSteps).rounded() / divergingSteps
    return mix(.white, value < 0 ? negative : positive, share)
  }

  /// How many colours there are on either side of white: few enough that a sheet fits a palette, with its letters.
  private static let divergingSteps = 120.0

  // The ends of ColorBrewer's RdBu, but for its darkest colours.
  private static let negative = Color(red: 33, green: 102, blue: 172)
  private static let positive = Color(red: 178, green: 24, blue: 43)
  private static let cool = Color(red: 255, green: 240, blue: 130)
  private static let warm = Color(red: 253, green: 130, blue: 40)
  private static let hot = Color(red: 189, green: 0, blue: 38)

  /// The colour at `share`, 0 to 1, of the way from one to the other.
  static func mix(_ first: Color, _ second: Color, _ share: Double) -> Color {
    func channel(_ from: UInt8, _ to: UInt8) -> UInt8 {
      UInt8((Double(from) + share * (Double(to) - Double(from))).rounded())
    }
    return Color(
      red: channel(first.red, second.red), green: channel(first.green, second.green),
      blue: channel(first.blue, second.blue))
  }
}
