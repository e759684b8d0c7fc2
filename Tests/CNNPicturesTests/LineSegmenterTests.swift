import CNNCodecs
import CNNPictures
import Testing

/// Where the digits of a line are.
@Suite struct LineSegmenterTests {
  private let seven = TestDigits.seven
  private let ring = TestDigits.ring(20, stroke: 0.15)

  /// Digits side by side, `gap` columns between them (less than 0 is overlap), 10 around them.
  private func line(_ digits: [GrayImage], gap: Int) -> GrayImage {
    let width = digits.reduce(20 - gap) { $0 + $1.width + gap }
    var sheet = GrayImage(width: width, height: 40, pixels: [UInt8](repeating: 0, count: width * 40))
    var x = 10
    for digit in digits {
      for row in 0..<digit.height {
        for column in 0..<digit.width {
          sheet[x + column, 10 + row] = max(sheet[x + column, 10 + row], digit[column, row])
        }
      }
      x += digit.width + gap
    }
    return sheet
  }

  @Test func separatedDigitsAreCandidatesWithTheirBoxes() throws {
    let found = try LineSegmenter().segment(line([seven, ring, seven], gap: 6).inverted())
    let boxes = Set(found.candidates.map(\.digit.report.box.x))
    #expect(boxes.isSuperset(of: [10, 30, 56]))
    let whole = try #require(
      found.candidates.first { $0.digit.report.box.x == 30 && $0.digit.report.box.width == 20 })
    #expect(whole.digit.report.box == PixelRectangle(x: 30, y: 10, width: 20, height: 20))
    #expect(whole.cost == 0)
    // As the digit alone would be.
    #expect(try whole.digit.image == DigitNormalizer().normalize(line([ring], gap: 0)).image)
  }

  @Test func equalConfidenceTakesEachPieceForADigit() throws {
    let found = try LineSegmenter().segment(line([seven, ring, seven], gap: 6))
    let best = found.best(scores: found.candidates.map { _ in 0 })
    #expect(best.map { found.candidates[$0].digit.report.box.x } == [10, 30, 56])
    #expect(best.map { found.candidates[$0].digit.report.box.width } == [14, 20, 14])
  }

  @Test func touchingDigitsHaveACandidateForEach() throws {
    // Two rings that share two columns.
    let found = try LineSegmenter().segment(line([ring, ring], gap: -2))
    let lefts = found.candidates.filter {
      $0.digit.report.box.x == 10 && abs($0.digit.report.box.width - 19) <= 3
    }
    let rights = found.candidates.filter {
      abs($0.digit.report.box.x - 29) <= 3 && $0.digit.report.box.right == 48
    }
    #expect(!lefts.isEmpty && !rights.isEmpty)
    #expect(lefts.contains { left in rights.contains { $0.parts.lowerBound == left.parts.upperBound } })
  }

  @Test func aBrokenStrokeBelongsToItsDigit() throws {
    var broken = line([seven, ring], gap: 8)
    // A gap of two rows below the bar of the seven.
    for x in 0..<30 {
      for y in 14..<16 { broken[x, y] = 0 }
    }
    let found = try LineSegmenter().segment(broken)
    let best = found.best(scores: found.candidates.map { _ in 0 })
    #expect(best.map { found.candidates[$0].digit.report.box.x } == [10, 32])
    #expect(found.candidates[best[0]].digit.report.box.height == 20)
  }

  @Test func specksAreNoDigits() throws {
    var dusty = line([seven, ring], gap: 8)
    for (x, y) in [(2, 2), (60, 36)] { dusty[x, y] = 255 }
    let found = try LineSegmenter().segment(dusty)
    let best = found.best(scores: found.candidates.map { _ in 0 })
    #expect(best.count == 2)
    #expect(found.candidates.allSatisfy { $0.digit.report.droppedSpecks == 2 })
  }

  @Test func theBestCoverWins() {
    func candidate(_ parts: Range<Int>, cost: Double = 0) -> DigitCandidate {
      DigitCandidate(
        parts: parts,
        digit: NormalizedDigit(
          image: GrayImage(width: 1, height: 1, pixels: [0]),
          report: NormalizationReport(box: PixelRectangle(x: 0, y: 0, width: 1, height: 1))), cost: cost)
    }
    let line = DigitLine(
      skipCosts: [.infinity, .infinity, 0.5],
      candidates: [candidate(0..<1), candidate(0..<2, cost: 1), candidate(1..<2), candidate(2..<3)])
    #expect(line.best(scores: [-0.1, -0.1, -0.1, -0.1]) == [0, 2, 3])
    #expect(line.best(scores: [-2, -0.1, -0.1, -0.1]) == [1, 3], "together the cost is less")
    #expect(line.best(scores: [-0.1, -0.1, -0.1, -3]) == [0, 2], "the last part is a speck")
    #expect(DigitLine(skipCosts: [], candidates: []).best(scores: []) == [])
  }
}
