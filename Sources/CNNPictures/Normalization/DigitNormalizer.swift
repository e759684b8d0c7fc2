import CNNCodecs

/// Makes the picture of a digit what MNIST's pictures are: white ink on black, in a box of 20 pixels within a field of
/// 28, the centre of mass in the middle.
///
///     let digit = try DigitNormalizer().normalize(PNG.decodeInk(bytes))
///     print(digit.image, digit.report)
///
/// `docs/normalization.md` gives every step and constant. Fields of other sizes are treated alike, with a box of 20/28
/// of the shorter side. The same picture gives the same pixels on every machine.
public struct DigitNormalizer: Sendable, Equatable {
  /// The columns of the field.
  public var width: Int
  /// The rows of the field.
  public var height: Int
  /// Whether slanted digits are sheared upright.
  public var deskews: Bool

  /// A normaliser for fields of `width` by `height` pixels.
  ///
  /// - Precondition: both are positive.
  public init(width: Int = 28, height: Int = 28, deskews: Bool = false) {
    precondition(width > 0 && height > 0, "a field of \(width)x\(height) pixels")
    self.width = width
    self.height = height
    self.deskews = deskews
  }

  /// The side of the box that the ink fills.
  public var boxSide: Int { max(1, Int((Double(min(width, height)) * 20 / 28).rounded())) }

  /// The digit in a picture, ready for a network.
  ///
  /// A picture that is so already (see `meetsStandard(_:)`) comes back as it is, unless it is to be deskewed.
  ///
  /// Time is linear in the number of pixels. Memory is at most the picture and some 16 MB, as large pictures are
  /// reduced first.
  ///
  /// - Throws: `BlankPicture` if there is no ink.
  public func normalize(_ picture: GrayImage) throws(BlankPicture) -> NormalizedDigit {
    if !deskews, meetsStandard(picture) {
      var report = NormalizationReport(
        box: PixelRectangle(x: 0, y: 0, width: picture.width, height: picture.height))
      report.isUnchanged = true
      return NormalizedDigit(image: picture, report: report)
    }
    let field = try InkField(picture)
    let isKept = SpeckRemoval.kept(field.components.components)
    return digit(in: field, isKept: isKept)
  }

  /// The digit that some components of a field make up.
  func digit(in field: InkField, isKept: [Bool]) -> NormalizedDigit {
    let parts = field.components.components
    var box: PixelRectangle?
    var dropped = 0
    for index in parts.indices {
      guard isKept[index] else {
        dropped += 1
        continue
      }
      box = box?.union(parts[index].box) ?? parts[index].box
    }
    let tight = box ?? PixelRectangle(x: 0, y: 0, width: field.width, height: field.height)
    var report = NormalizationReport(field, box: tight)
    report.droppedSpecks = dropped
    // Where there was nothing to clean, every shade is kept.
    let isClean = dropped == 0 && field.noise == 0 && !field.paper.isUneven
    let ink = isClean ? field.ink : field.ink(of: isKept)
    if !deskews, field.width == width, field.height == height {
      let stretched = Self.stretched(ink)
      let image = GrayImage(width: width, height: height, pixels: stretched)
      if meetsStandard(image) {
        report.scale = 1
        return NormalizedDigit(image: image, report: report)
      }
    }
    return placed(ink, width: field.width, box: tight, report)
  }

  /// Scales the ink in `box` into the field's box and puts its centre of mass into the middle.
  func placed(_ ink: [UInt8], width inkWidth: Int, box: PixelRectangle, _ report: NormalizationReport)
    -> NormalizedDigit
  {
    var (ink, inkWidth, box, report) = (ink, inkWidth, box, report)
    if deskews {
      let slant = Slant(of: ink, width: inkWidth, box: box)
      (ink, inkWidth, box) = slant.removed(from: ink, width: inkWidth, box: box)
      report.angle = slant.degrees
    }
    let side = max(box.width, box.height)
    let target = boxSide
    // The shorter side is widened to a square on both sides alike, the odd pixel on the left or at the top.
    let left = box.x + (box.width - side) >> 1
    let top = box.y + (box.height - side) >> 1
    let plane = Plane(
      resampling: ink, width: inkWidth,
      columns: AxisWeights(
        start: Double(left), length: Double(side), sourceCount: inkWidth, targetCount: target),
      rows: AxisWeights(
        start: Double(top), length: Double(side), sourceCount: ink.count / inkWidth, targetCount: target))
    report.scale = Double(target) / Double(side * report.reduction)
    return NormalizedDigit(
      image: CentreOfMass.placed(Self.stretched(plane.values), side: target, width: width, height: height),
      report: report)
  }

  /// Whether a picture is as a normalised digit is: of the field's size, black around white ink that fits into the box
  /// and whose centre of mass is within a pixel of where MNIST puts it, half a pixel right of and below the middle.
  public func meetsStandard(_ picture: GrayImage) -> Bool {
    guard picture.width == width, picture.height == height else { return false }
    return picture.pixels.withUnsafeBufferPointer { pixels in
      // The corners tell most pictures on paper at once.
      guard pixels[0] == 0 else { return false }
      var (left, right, top, bottom) = (width, -1, height, -1)
      var (mass, massX, massY, strongest, inked) = (0, 0, 0, UInt8(0), 0)
      for y in 0..<height {
        var rowMass = 0
        for x in 0..<width {
          let value = pixels[y * width + x]
          if value == 0 { continue }
          inked += 1
          rowMass += Int(value)
          massX += Int(value) * x
          left = min(left, x)
          right = max(right, x)
          strongest = max(strongest, value)
        }
        if rowMass > 0 {
          top = min(top, y)
          bottom = y
          mass += rowMass
          massY += rowMass * y
        }
      }
      guard strongest >= 128, inked >= 3, right - left < boxSide, bottom - top < boxSide else { return false }
      let centre = (
        x: Double(massX) / Double(mass) + 0.5 - Double(width) / 2,
        y: Double(massY) / Double(mass) + 0.5 - Double(height) / 2
      )
      return abs(centre.x - 0.5) <= 1 && abs(centre.y - 0.5) <= 1
    }
  }

  /// The ink with its strongest at 255.
  private static func stretched(_ ink: [UInt8]) -> [UInt8] {
    let strongest = Int(ink.max() ?? 0)
    guard strongest > 0, strongest < 255 else { return ink }
    return ink.map { UInt8((Int($0) * 255 + strongest / 2) / strongest) }
  }

  private static func stretched(_ ink: [Float]) -> [UInt8] {
    let strongest = ink.max() ?? 0
    guard strongest > 0 else { return [UInt8](repeating: 0, count: ink.count) }
    return ink.map { UInt8(min(max(($0 / strongest * 255).rounded(), 0), 255)) }
  }
}
