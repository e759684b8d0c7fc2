import CNNCodecs

/// How far pictures are distorted at random while a network trains, so that it sees each of them in many versions.
///
/// Every part is a range around "unchanged" from which each picture draws its own value; a part of 0 is off and
/// draws nothing. With the random stream of an example, the result depends on the seed, the step, the example and
/// its pixels alone:
///
///     let augmentation = try Augmentation(parsing: "digits")
///     let workspace = AugmentationWorkspace(channels: 1, height: 28, width: 28)
///     var random = RandomStream(seed: 1, purpose: .augmentation, step: epoch, image: index)
///     augmentation.apply(input: pixels, output: distorted, random: &random, workspace: workspace)
///
/// A picture is changed in this order: stroke thickness, then everything geometric in one resampling, then erasing.
public struct Augmentation: Sendable, Equatable {
  /// Moves by up to this many pixels along each axis, independently, fractions included.
  public let shift: Float
  /// Turns by up to this many degrees to either side, about the middle.
  public let rotation: Float
  /// Changes height and width, independently, by factors of 1 plus or minus up to this.
  public let scale: Float
  /// Slants by up to this many degrees to either side.
  public let shear: Float
  /// The strength of the elastic distortion: the alpha of Simard, Steinkraus and Platt (2003), in pixels.
  public let elasticStrength: Float
  /// The smoothness of the elastic distortion: the deviation of its Gaussian, sigma, in pixels.
  public let elasticSmoothness: Float
  /// Moves the edges of strokes in or out by up to this many pixels.
  public let thickness: Float
  /// The probability that a rectangle is erased, with sides of an eighth to a fifth of the picture's.
  public let erasing: Float

  /// What each part may be.
  enum Limit {
    static let shift: ClosedRange<Float> = 0...1000
    static let rotation: ClosedRange<Float> = 0...180
    static let scale: ClosedRange<Float> = 0...0.9
    static let shear: ClosedRange<Float> = 0...60
    static let elasticStrength: ClosedRange<Float> = 0...10_000
    static let elasticSmoothness: ClosedRange<Float> = 1...1000
    static let thickness: ClosedRange<Float> = 0...1
    static let erasing: ClosedRange<Float> = 0...1
  }

  /// An augmentation of the parts that are given, which are described at the properties of the same names.
  ///
  /// - Precondition: `shift` is in 0...1000, `rotation` in 0...180, `scale` in 0...0.9, `shear` in 0...60,
  ///   `elasticStrength` in 0...10,000, `elasticSmoothness` in 1...1000, `thickness` and `erasing` in 0...1.
  public init(
    shift: Float = 0, rotation: Float = 0, scale: Float = 0, shear: Float = 0, elasticStrength: Float = 0,
    elasticSmoothness: Float = 4, thickness: Float = 0, erasing: Float = 0
  ) {
    precondition(Limit.shift.contains(shift), "a shift by \(shift) pixels")
    precondition(Limit.rotation.contains(rotation), "a rotation by \(rotation) degrees")
    precondition(Limit.scale.contains(scale), "a scale of 1 plus or minus \(scale)")
    precondition(Limit.shear.contains(shear), "a shear by \(shear) degrees")
    precondition(Limit.elasticStrength.contains(elasticStrength), "an elastic strength of \(elasticStrength)")
    precondition(
      Limit.elasticSmoothness.contains(elasticSmoothness), "an elastic smoothness of \(elasticSmoothness)")
    precondition(Limit.thickness.contains(thickness), "strokes thicker by \(thickness) pixels")
    precondition(Limit.erasing.contains(erasing), "an erasing probability of \(erasing)")
    self.shift = shift
    self.rotation = rotation
    self.scale = scale
    self.shear = shear
    self.elasticStrength = elasticStrength
    // Without strength smoothness means nothing, and two augmentations that do the same are equal.
    self.elasticSmoothness = elasticStrength == 0 ? 4 : elasticSmoothness
    self.thickness = thickness
    self.erasing = erasing
  }

  /// No change: the output is the input, bit for bit, and nothing is drawn.
  public static let none = Augmentation()

  /// Small shifts, turns and changes of size, which every network for digits stands.
  public static let light = Augmentation(shift: 2, rotation: 10, scale: 0.1)

  /// Everything, at strengths that leave handwritten digits of about 20x20 pixels in a field of 28x28 readable.
  ///
  /// The strengths follow Simard, Steinkraus and Platt, *Best Practices for Convolutional Neural Networks Applied to
  /// Visual Document Analysis* (2003), and Ciresan, Meier, Gambardella and Schmidhuber, *Deep, Big, Simple Neural
  /// Nets for Handwritten Digit Recognition* (2010), a little lower, since here all of them come together.
  public static let digits = Augmentation(
    shift: 2, rotation: 10, scale: 0.12, shear: 6, elasticStrength: 26, elasticSmoothness: 5, thickness: 0.4,
    erasing: 0.1)

  /// Draws what happens to one picture.
  ///
  /// - Parameters:
  ///   - random: the picture's stream. Numbers are drawn for the parts that are on, and for no others.
  ///   - height: rows of the picture, at least 1.
  ///   - width: columns of the picture, at least 1.
  public func draw(_ random: inout RandomStream, height: Int, width: Int) -> Distortion {
    // What a seed gives depends on this order.
    var distortion = Distortion()
    if shift > 0 {
      distortion.shiftX = random.uniform(-shift...shift)
      distortion.shiftY = random.uniform(-shift...shift)
    }
    if rotation > 0 { distortion.rotation = random.uniform(-rotation...rotation) }
    if scale > 0 {
      distortion.scaleX = random.uniform(1 - scale...1 + scale)
      distortion.scaleY = random.uniform(1 - scale...1 + scale)
    }
    if shear > 0 { distortion.shear = random.uniform(-shear...shear) }
    if elasticStrength > 0 {
      distortion.elastic = ElasticField(
        strength: elasticStrength, smoothness: elasticSmoothness, random: &random)
    }
    if thickness > 0 { distortion.thickness = random.uniform(-thickness...thickness) }
    if erasing > 0, random.uniform() < erasing {
      distortion.erased = PixelRectangle(random: &random, height: height, width: width)
    }
    return distortion
  }

  /// Distorts one picture.
  ///
  /// Nothing is allocated.
  ///
  /// - Parameters:
  ///   - input: the pixels, [channels, height, width] as the workspace says.
  ///   - output: as many pixels; it may be `input`, but must not overlap it otherwise.
  ///   - random: the picture's stream.
  ///   - workspace: working memory of the calling thread.
  public func apply(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, random: inout RandomStream,
    workspace: AugmentationWorkspace
  ) {
    draw(&random, height: workspace.height, width: workspace.width)
      .apply(input: input, output: output, workspace: workspace)
  }
}
