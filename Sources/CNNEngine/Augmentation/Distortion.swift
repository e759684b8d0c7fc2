import CNNCodecs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What happens to one picture: values that an `Augmentation` drew, or chosen by hand. As created it changes nothing.
///
/// The picture is scaled, then slanted, then turned, all about its middle, then shifted, and bent by the elastic field;
/// x grows to the right and y downwards. However much of this there is, each output pixel is one bilinear sample of the
/// input, so nothing is blurred twice. All values are to be finite.
public struct Distortion: Sendable, Equatable {
  /// How many pixels the picture moves to the right.
  public var shiftX: Float = 0
  /// How many pixels the picture moves down.
  public var shiftY: Float = 0
  /// How many degrees the picture turns anticlockwise. Multiples of 90 are exact.
  public var rotation: Float = 0
  /// The factor by which the picture becomes wider, not 0.
  public var scaleX: Float = 1
  /// The factor by which the picture becomes higher, not 0.
  public var scaleY: Float = 1
  /// How many degrees upright lines lean to the right, between -90 and 90.
  public var shear: Float = 0
  /// How the picture is bent, if it is.
  public var elastic: ElasticField?
  /// How many pixels strokes grow at their edges, -1...1; negative values make them thinner.
  public var thickness: Float = 0
  /// The pixels that are set to the background in the end.
  public var erased: PixelRectangle?

  /// A distortion that changes nothing.
  public init() {}

  /// Whether no pixel changes its place.
  var isInPlace: Bool {
    shiftX == 0 && shiftY == 0 && rotation == 0 && scaleX == 1 && scaleY == 1 && shear == 0 && elastic == nil
  }

  /// Distorts one picture. Nothing is allocated.
  ///
  /// Outside of the input there is background. Every output pixel lies between the least and the greatest of the input
  /// pixels and the background, but for rounding.
  ///
  /// - Parameters:
  ///   - input: the pixels, [channels, height, width] as the workspace says.
  ///   - output: as many pixels; it may be `input`, but must not overlap it otherwise.
  ///   - workspace: working memory of the calling thread.
  public func apply(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, workspace: AugmentationWorkspace
  ) {
    if isInPlace && thickness == 0 {
      if UnsafePointer(output) != input { output.update(from: input, count: workspace.count) }
    } else {
      workspace.take(input)
      if thickness != 0 { workspace.thicken(by: thickness) }
      if isInPlace {
        workspace.give(output)
      } else {
        workspace.resample(
          InverseMap(self, height: workspace.height, width: workspace.width), elastic, output)
      }
    }
    if let erased { workspace.erase(erased, output) }
  }
}

/// Where in the input an output pixel comes from, the elastic field aside: both coordinates are affine functions of
/// the output's.
struct InverseMap {
  /// Input x is `xx` * x + `xy` * y + `x0`.
  let xx, xy, x0: Float
  /// Input y is `yx` * x + `yy` * y + `y0`.
  let yx, yy, y0: Float

  init(_ distortion: Distortion, height: Int, width: Int) {
    let (sine, cosine) = Self.sineAndCosine(degrees: distortion.rotation)
    let slant = Float(tan(Double(distortion.shear) * .pi / 180))
    // The inverse of scaling, slanting and turning: turn back, straighten, scale back.
    xx = (cosine + slant * sine) / distortion.scaleX
    xy = (slant * cosine - sine) / distortion.scaleX
    yx = sine / distortion.scaleY
    yy = cosine / distortion.scaleY
    let middleX = Float(width - 1) / 2
    let middleY = Float(height - 1) / 2
    x0 = middleX - (xx * (middleX + distortion.shiftX) + xy * (middleY + distortion.shiftY))
    y0 = middleY - (yx * (middleX + distortion.shiftX) + yy * (middleY + distortion.shiftY))
  }

  /// Whether both coordinates are the output's but for a constant.
  var isMove: Bool { xx == 1 && xy == 0 && yx == 0 && yy == 1 }

  /// The sine and the cosine of an angle, exact for multiples of 90 degrees.
  static func sineAndCosine(degrees: Float) -> (sine: Float, cosine: Float) {
    let quarters = (degrees / 90).rounded()
    let rest = Double(degrees - 90 * quarters) * .pi / 180
    let (sine, cosine) = (Float(sin(rest)), Float(cos(rest)))
    return switch Int(quarters.truncatingRemainder(dividingBy: 4) + 4) % 4 {
    case 0: (sine, cosine)
    case 1: (cosine, -sine)
    case 2: (-sine, -cosine)
    default: (-cosine, sine)
    }
  }
}
