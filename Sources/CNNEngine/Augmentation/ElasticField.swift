/// A smooth random field of displacements, as if the picture were drawn on rubber.
///
/// Simard, Steinkraus and Platt (2003) draw a displacement in -1...1 for every pixel and axis, blur the two planes with
/// a Gaussian of deviation sigma and multiply by alpha. Here the random displacements stand on a coarse grid instead,
/// sqrt(3) sigma apart, and a cubic B-spline runs between them. That spline's deviation is sigma too, and its
/// autocorrelation, which is what the eye sees of a random field, differs from the Gaussian's by less than 3 % of the
/// peak; the grid lies at a random offset, so that no pixel is favoured. What is gained: a few dozen random numbers a
/// picture instead of thousands, no blur, and displacements that are bounded.
///
/// A field is a value of a few numbers: the grid's displacements follow from the key when they are wanted.
public struct ElasticField: Sendable, Equatable {
  /// No displacement, along x or along y, is greater than this many pixels.
  public let bound: Float
  /// How many pixels the grid's points are apart.
  public let spacing: Float
  /// Where in its grid cell the picture's first pixel lies, in 0..<1 of a cell along x.
  let offsetX: Float
  /// The same along y.
  let offsetY: Float
  /// What the displacements on the grid are drawn from.
  private let noise: Philox
  private let key: UInt64

  /// The B-spline's squared weights, summed over the grid in one dimension and averaged over the places between
  /// its points: 151/315, the middle of the B-spline of degree 7.
  private static let meanSquaredWeights: Float = 151.0 / 315

  /// A field that varies as much as Simard's does.
  ///
  /// - Parameters:
  ///   - strength: Simard's alpha, in pixels, not negative.
  ///   - smoothness: Simard's sigma, in pixels, at least 1.
  ///   - random: what the field is drawn from; four numbers are taken.
  public init(strength: Float, smoothness: Float, random: inout RandomStream) {
    precondition(smoothness >= 1 && smoothness.isFinite, "a smoothness of \(smoothness) pixels")
    spacing = Float(3).squareRoot() * smoothness
    // The field's deviation is bound / sqrt(3) * meanSquaredWeights.
    bound =
      Self.deviation(strength: strength, smoothness: smoothness) * Float(3).squareRoot()
      / Self.meanSquaredWeights
    offsetX = random.uniform()
    offsetY = random.uniform()
    key = UInt64(random.next()) << 32 | UInt64(random.next())
    noise = Philox(key: key)
  }

  /// The standard deviation of Simard's displacements along one axis, in pixels: alpha / (2 sigma sqrt(3 pi)).
  public static func deviation(strength: Float, smoothness: Float) -> Float {
    strength / (2 * smoothness * (3 * Float.pi).squareRoot())
  }

  /// Whether two fields are the same.
  public static func == (left: ElasticField, right: ElasticField) -> Bool {
    left.bound == right.bound && left.spacing == right.spacing && left.offsetX == right.offsetX
      && left.offsetY == right.offsetY && left.key == right.key
  }

  /// The displacements on the grid, in row `row`, of the four columns from `4 * group` on.
  ///
  /// Sixteen bits make a displacement: that is finer than a thousandth of a pixel for every bound below 32 pixels.
  func displacements(row: Int, group: Int) -> (x: SIMD4<Float>, y: SIMD4<Float>) {
    let bits = SIMD4<Int32>(
      truncatingIfNeeded: noise.block(
        SIMD4(UInt32(truncatingIfNeeded: group), UInt32(truncatingIfNeeded: row), 0, 0)))
    let unit = bound * 0x1p-15
    return (SIMD4<Float>(bits &>> 16) * unit, SIMD4<Float>((bits &<< 16) &>> 16) * unit)
  }

  /// The cell of the grid that a pixel lies in, and the weights of the four grid points from that one on.
  static func cell(at pixel: Int, spacing: Float, offset: Float) -> (index: Int, weights: SIMD4<Float>) {
    let place = Float(pixel) / spacing + offset
    let index = Int(place)
    let t = place - Float(index)
    let u = 1 - t
    // The last as what is left to 1, so that the weights never add up to more.
    let first = u * u * u / 6
    let second = (t * t * (3 * t - 6) + 4) / 6
    let third = (u * u * (3 * u - 6) + 4) / 6
    return (index, SIMD4(first, second, third, 1 - first - second - third))
  }
}
