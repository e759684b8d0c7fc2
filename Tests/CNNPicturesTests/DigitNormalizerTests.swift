import CNNCodecs
import CNNPictures
import Testing

/// What people rely on: the same digit, however it comes.
@Suite struct DigitNormalizerTests {
  private let normalizer = DigitNormalizer()
  private let seven = TestDigits.seven

  private func normalized(_ picture: GrayImage) throws -> GrayImage {
    try normalizer.normalize(picture).image
  }

  @Test func theInkFillsTwentyPixelsAndItsMassIsInTheMiddle() throws {
    let digit = try normalized(TestDigits.sheet(seven, x: 3, y: 50, width: 90, height: 80))
    #expect(digit.width == 28 && digit.height == 28)
    let rows = (0..<28).filter { y in (0..<28).contains { digit[$0, y] > 0 } }
    #expect((rows.last ?? 0) - (rows.first ?? 0) == 19)
    var (mass, massX, massY) = (0.0, 0.0, 0.0)
    for y in 0..<28 {
      for x in 0..<28 {
        mass += Double(digit[x, y])
        massX += Double(digit[x, y]) * (Double(x) + 0.5)
        massY += Double(digit[x, y]) * (Double(y) + 0.5)
      }
    }
    // MNIST's place: more than 14, at most 15.
    #expect(massX / mass > 14 && massX / mass <= 15)
    #expect(massY / mass > 14 && massY / mass <= 15)
    #expect(digit.pixels.max() == 255)
  }

  @Test func inkOfTwentyPixelsIsOnlyMoved() throws {
    let digit = try normalized(TestDigits.sheet(seven, x: 31, y: 5, width: 70, height: 40))
    let left = try #require((0..<28).first(where: { x in (0..<28).contains { digit[x, $0] > 0 } }))
    let top = try #require((0..<28).first(where: { y in (0..<28).contains { digit[$0, y] > 0 } }))
    for y in 0..<20 {
      for x in 0..<14 { #expect(digit[left + x, top + y] == seven[x, y]) }
    }
  }

  @Test func aPictureThatMeetsTheStandardIsTakenAsItIs() throws {
    let standard = try normalized(TestDigits.sheet(seven, x: 30, y: 9, width: 64, height: 64))
    let again = try normalizer.normalize(standard)
    #expect(again.report.isUnchanged)
    #expect(again.image == standard)
    #expect(normalizer.meetsStandard(standard))
    #expect(!normalizer.meetsStandard(standard.inverted()))
    // Inverted, it is inverted and no more.
    let back = try normalizer.normalize(standard.inverted())
    #expect(back.image == standard)
    #expect(back.report.isInverted && !back.report.isUnchanged && back.report.scale == 1)
  }

  @Test func aDigitThatIsMovedByTwoPixelsDoesNotMeetTheStandard() throws {
    let standard = try normalized(TestDigits.sheet(seven, x: 30, y: 9, width: 64, height: 64))
    var moved = GrayImage(width: 28, height: 28, pixels: [UInt8](repeating: 0, count: 784))
    for y in 0..<28 {
      for x in 2..<28 { moved[x, y] = standard[x - 2, y] }
    }
    #expect(!normalizer.meetsStandard(moved))
    #expect(try normalized(moved) == standard)
  }

  @Test(arguments: [(0, 0), (1, 30), (46, 0), (23, 44)]) func whereItStandsMakesNoDifference(x: Int, y: Int)
    throws
  {
    let one = try normalized(TestDigits.sheet(seven, x: 20, y: 20, width: 60, height: 64))
    #expect(try normalized(TestDigits.sheet(seven, x: x, y: y, width: 60, height: 64)) == one)
  }

  @Test(
    arguments: [
      (0, 255), (255, 0), (200, 30), (30, 200), (90, 140), (140, 110),
    ] as [(UInt8, UInt8)]) func coloursMakeNoDifference(paper: UInt8, strokes: UInt8) throws
  {
    let one = try normalized(TestDigits.sheet(seven, x: 20, y: 20, width: 60, height: 64))
    let other = try normalized(
      TestDigits.sheet(seven, x: 20, y: 20, width: 60, height: 64, paper: paper, strokes: strokes))
    // A range of 30 greys has steps of 255 / 30.
    let step = 255 / abs(Int(paper) - Int(strokes)) + 1
    #expect(TestDigits.difference(one, other) <= step)
  }

  @Test(arguments: [2, 3, 7, 20]) func wholeScalesMakeNoDifference(factor: Int) throws {
    let sheet = TestDigits.sheet(seven, x: 20, y: 20, width: 60, height: 64, paper: 255, strokes: 0)
    let one = try normalizer.normalize(sheet)
    let other = try normalizer.normalize(TestDigits.enlarged(sheet, by: factor))
    #expect(TestDigits.difference(one.image, other.image) <= 1)
    #expect(
      other.report.box
        == PixelRectangle(x: 20 * factor, y: 20 * factor, width: 14 * factor, height: 20 * factor))
    #expect(abs(other.report.scale - 1 / Double(factor)) < 1e-9)
  }

  @Test func smallDigitsAreSmooth() throws {
    let small = TestDigits.ink(" ### ", "#   #", "#   #", "#   #", "#   #", "#   #", " ### ")
    let digit = try normalized(TestDigits.sheet(small, x: 3, y: 2, width: 12, height: 12))
    // Blocks would have only 0 and 255.
    #expect(Set(digit.pixels).count > 10)
    #expect(digit[14, 14] == 0, "the hole is one still")
  }

  @Test func aHollowDigitOfThickStrokesIsNotEaten() throws {
    let ring = TestDigits.ring(200, stroke: 0.2)
    let even = try normalized(
      TestDigits.sheet(ring, x: 20, y: 20, width: 240, height: 240, paper: 240, strokes: 20))
    var shaded = TestDigits.sheet(ring, x: 20, y: 20, width: 240, height: 240, paper: 240, strokes: 20)
    for y in 0..<240 {
      for x in 0..<240 { shaded[x, y] = UInt8(Double(shaded[x, y]) * (1 - 0.5 * Double(x) / 240)) }
    }
    let result = try normalizer.normalize(shaded)
    #expect(result.report.removedLight)
    let masses = [even, result.image].map { $0.pixels.reduce(0) { $0 + Int($1) } }
    #expect(abs(masses[1] - masses[0]) * 20 < masses[0], "at most a twentieth of the ink is lost or won")
    #expect(result.image[14, 14] == 0)
  }

  @Test func aShadowsEdgeIsNotInk() throws {
    let plain = TestDigits.sheet(
      TestDigits.enlarged(seven, by: 4), x: 60, y: 60, width: 200, height: 200, paper: 230, strokes: 40)
    var shaded = plain
    for y in 0..<200 {
      for x in 0..<200 where x + y > 210 { shaded[x, y] = UInt8(Int(plain[x, y]) * 11 / 20) }
    }
    let result = try normalizer.normalize(shaded)
    #expect(result.report.removedLight && result.report.isInverted)
    #expect(try TestDigits.meanDifference(normalized(plain), result.image) < 4)
  }

  @Test func specksAreDroppedAndBrokenStrokesKept() throws {
    let sheet = TestDigits.sheet(
      TestDigits.enlarged(seven, by: 4), x: 60, y: 60, width: 200, height: 200, paper: 255, strokes: 0)
    let clean = try normalized(sheet)
    var dusty = sheet
    for (x, y) in [(3, 3), (190, 20), (100, 195), (20, 150)] {
      for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] { dusty[x + dx, y + dy] = 0 }
    }
    let result = try normalizer.normalize(dusty)
    #expect(result.report.droppedSpecks == 4)
    #expect(result.image == clean)

    // A cut through the stem, four pixels wide, leaves two parts of one digit.
    var broken = sheet
    for y in 96..<100 {
      for x in 0..<200 { broken[x, y] = 255 }
    }
    let whole = try normalizer.normalize(broken)
    #expect(whole.report.droppedSpecks == 0)
    #expect(whole.report.box == PixelRectangle(x: 60, y: 60, width: 56, height: 80))
  }

  @Test func noiseBecomesPaper() throws {
    var state: UInt64 = 7
    func random() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 40) % 41 - 20
    }
    var noisy = TestDigits.sheet(
      TestDigits.enlarged(seven, by: 4), x: 40, y: 30, width: 140, height: 140, paper: 210, strokes: 40)
    let clean = try normalized(noisy)
    for y in 0..<140 {
      for x in 0..<140 { noisy[x, y] = UInt8(min(max(Int(noisy[x, y]) + random(), 0), 255)) }
    }
    let result = try normalizer.normalize(noisy)
    #expect(result.report.noise > 5)
    #expect(result.image[3, 3] == 0 && result.image[24, 24] == 0)
    #expect(TestDigits.meanDifference(clean, result.image) < 6)
  }

  @Test func deskewingStandsASlantedStrokeUp() throws {
    var slanted = GrayImage(width: 40, height: 60, pixels: [UInt8](repeating: 0, count: 2400))
    for y in 10..<50 {
      for x in 0..<4 { slanted[8 + (50 - y) / 2 + x, y] = 255 }
    }
    let digit = try DigitNormalizer(deskews: true).normalize(slanted)
    let angle = try #require(digit.report.angle)
    #expect(abs(angle - 26.57) < 1.5, "a half to the right for each up")
    let columns = (0..<28).filter { x in (0..<28).contains { digit.image[x, $0] > 100 } }
    #expect(columns.count <= 4)
    #expect(try normalizer.normalize(slanted).report.angle == nil)
  }

  @Test(arguments: [(8, 8), (20, 28), (32, 32), (64, 48)]) func otherFieldsHaveABoxInProportion(
    width: Int, height: Int
  ) throws {
    let field = DigitNormalizer(width: width, height: height)
    let digit = try field.normalize(TestDigits.sheet(seven, x: 20, y: 20, width: 60, height: 64)).image
    #expect(digit.width == width && digit.height == height)
    let rows = (0..<height).filter { y in (0..<width).contains { digit[$0, y] > 0 } }
    #expect((rows.last ?? 0) - (rows.first ?? 0) + 1 <= field.boxSide)
    #expect(try field.normalize(digit).image == digit)
  }
}
