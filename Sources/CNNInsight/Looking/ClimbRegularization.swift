import CNNCodecs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What keeps a climbing picture readable; docs/looking.md gives the reasons.
///
/// All lengths follow from the shorter side of what the unit sees, the field; the numbers in the comments are those for
/// 28 pixels.
struct ClimbRegularization {
  /// The part of the steps, at the end, in which nothing but blurring holds the picture back.
  static let freePart = 0.25
  /// How far a pixel moves in a step whose slope is the mean one, of the way from paper to ink; half of that at the end.
  static let rate: Float = 0.15
  /// How much of the last steps' direction a step keeps.
  static let momentum: Float = 0.9
  /// The pull towards paper, as a part of the mean slope; falls evenly to 0 where the free part begins.
  static let pull: Float = 0.2

  /// The deviation in pixels of the blur of the slope at the beginning (2), from which it falls to that at the end.
  let firstBlur: Double
  /// The deviation at the end (0.5).
  let lastBlur: Double
  /// By how many pixels the picture is shifted at random before a step, each way (2).
  let jitter: Int
  /// Over how many pixels from the edge the slope rises to its full height (5); 0 for none.
  let margin: Int
  /// Whether slopes are brought nearer to each other in the free part, so that small fields are inked to the end.
  let levelsSlopes: Bool

  /// - Parameter isRow: whether the unit is one of a row of numbers, which depend on where in the picture something is.
  init(field: PixelRectangle, isRow: Bool) {
    let side = min(field.width, field.height)
    firstBlur = Double(side) / 14
    lastBlur = Double(side) / 56
    jitter = side / 12
    margin = isRow ? side * 5 / 28 : 0
    levelsSlopes = side <= 8
  }

  /// How far the regulated part of the search is at a step: 0 at its beginning, 1 in the free part.
  static func progress(step: Int, of steps: Int) -> Double {
    min(Double(step) / (Double(steps) * (1 - freePart)), 1)
  }

  /// The weights of the blur at a time, from the middle outwards; a single one where it would do nothing.
  func blur(at progress: Double) -> [Float] {
    let deviation = firstBlur > 0 ? firstBlur * pow(lastBlur / firstBlur, progress) : 0
    guard deviation >= 0.3 else { return [1] }
    let weights = (0...Int((3 * deviation).rounded(.up))).map {
      exp(-0.5 * Double($0 * $0) / (deviation * deviation))
    }
    let sum = weights.reduce(0, +) * 2 - weights[0]
    return weights.map { Float($0 / sum) }
  }

  /// How much a pixel's slope counts: nothing outside the field, less near its edges where there is a margin.
  func weights(height: Int, width: Int, field: PixelRectangle) -> [Float] {
    func axis(_ extent: Int, _ from: Int, _ count: Int) -> [Float] {
      (0..<extent).map { place in
        guard (from..<from + count).contains(place) else { return 0 }
        let distance = min(place - from, from + count - 1 - place)
        return margin > 0 ? min(Float(distance + 1) / Float(margin), 1) : 1
      }
    }
    let columns = axis(width, field.x, field.width)
    return axis(height, field.y, field.height).flatMap { row in columns.map { row * $0 } }
  }
}
