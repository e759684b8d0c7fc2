import CNNCodecs

/// Finds the digits of a line.
///
/// Ink that hangs together, or lies above each other, makes a piece; pieces that may be several digits which touch get
/// cuts; and every run of neighbouring parts that might be one digit becomes a candidate. Which candidates are the
/// digits is for a recognizer to say:
///
///     let line = try LineSegmenter().segment(picture)
///     let scores = line.candidates.map { logarithm of the recognizer's confidence in $0.digit }
///     let digits = line.best(scores: scores).map { line.candidates[$0] }
public struct LineSegmenter: Sendable, Equatable {
  /// How each candidate is normalised.
  public var normalizer: DigitNormalizer

  /// A segmenter whose digits `normalizer` makes ready.
  public init(normalizer: DigitNormalizer = DigitNormalizer()) {
    self.normalizer = normalizer
  }

  /// The most parts that can make up one digit.
  static let mostParts = 10
  /// A candidate that is wider than this many line heights is no digit.
  static let widest = 1.5
  /// Pieces farther apart than this share of the line's height are not one digit.
  static let widestGap = 0.12

  /// What taking the ink on both sides of a gap for one digit costs.
  static let gapCost = 1.5

  /// By which share one length exceeds another.
  private static func excess(_ length: Double, over other: Double) -> Double {
    max(0, length / max(other, 1) - 1)
  }

  /// The candidates for digits in a picture.
  ///
  /// - Throws: `BlankPicture` if there is no ink.
  public func segment(_ picture: GrayImage) throws(BlankPicture) -> DigitLine {
    let field = try InkField(picture)
    let pieces = LinePieces(field)
    let parts = pieces.parts
    var candidates: [DigitCandidate] = []
    let skipCosts = pieces.skipCosts
    for start in parts.indices {
      var cost = 0.0
      for end in start..<min(start + Self.mostParts, parts.count) {
        if end > start {
          let cut = parts[end].cutBefore
          // Together although a gap is between them.
          if cut == nil {
            let gap = parts[end].box.x - parts[end - 1].box.right
            guard Double(gap) <= Self.widestGap * pieces.height else { break }
            cost += Self.gapCost
          }
        }
        let members = parts[start...end]
        let box = members.dropFirst().reduce(members[start].box) { $0.union($1.box) }
        if end > start, Double(box.width) > Self.widest * pieces.height { break }
        let ink = pieces.ink(of: members)
        guard let tight = ink.box else { continue }
        var report = NormalizationReport(field, box: tight)
        report.droppedSpecks = pieces.dropped
        // Cutting costs the more the more ink is cut; half of it to the digit on either side.
        let cuts = (parts[start].cutBefore ?? 0) + (end + 1 < parts.count ? parts[end + 1].cutBefore ?? 0 : 0)
        let shape =
          Self.excess(Double(tight.width), over: Double(tight.height)) * 2
          + Self.excess(Double(tight.width), over: pieces.height)
        candidates.append(
          DigitCandidate(
            parts: start..<end + 1,
            digit: normalizer.placed(
              ink.values, width: ink.width, box: ink.localBox ?? tight, report),
            cost: cost + cuts / 2 + shape + pieces.smallness(tight)))
      }
    }
    return DigitLine(skipCosts: skipCosts, candidates: candidates)
  }
}

/// What might be one digit of a line.
public struct DigitCandidate: Sendable, Equatable {
  /// The parts of the line that it is made of, counted from the left.
  public let parts: Range<Int>
  /// The digit, normalised; the report's box says where it is.
  public let digit: NormalizedDigit
  /// How unlikely its shape makes it, in the units of a negative logarithm of a probability.
  public let cost: Double

  /// Creates a candidate.
  public init(parts: Range<Int>, digit: NormalizedDigit, cost: Double) {
    self.parts = parts
    self.digit = digit
    self.cost = cost
  }
}

/// The candidates for the digits of a line.
public struct DigitLine: Sendable, Equatable {
  /// For each part of the line, from the left, what leaving it out as a speck costs; infinite where it cannot be one.
  public let skipCosts: [Double]
  /// What might be a digit, in reading order of the first part.
  public let candidates: [DigitCandidate]

  /// Creates a line.
  ///
  /// - Precondition: the candidates are made of the parts that have a cost.
  public init(skipCosts: [Double], candidates: [DigitCandidate]) {
    self.skipCosts = skipCosts
    self.candidates = candidates
  }

  /// The candidates that together make up the line best: every part belongs to one or is left out, and the sum of
  /// scores less costs is the greatest.
  ///
  /// - Parameter scores: for each candidate the logarithm of the probability that it is the digit it looks like.
  /// - Returns: indices of candidates in reading order.
  public func best(scores: [Double]) -> [Int] {
    let partCount = skipCosts.count
    var ending = [[Int]](repeating: [], count: partCount + 1)
    for index in candidates.indices { ending[candidates[index].parts.upperBound].append(index) }
    // The best that the parts before each place can make, and the candidate that ends there; nil if the part is left out.
    var totals = [0.0]
    var chosen: [Int?] = [nil]
    for end in 1..<partCount + 1 {
      var total = totals[end - 1] - skipCosts[end - 1]
      var choice: Int?
      for index in ending[end] {
        let candidate = totals[candidates[index].parts.lowerBound] + scores[index] - candidates[index].cost
        if candidate > total { (total, choice) = (candidate, index) }
      }
      totals.append(total)
      chosen.append(choice)
    }
    var result: [Int] = []
    var end = partCount
    while end > 0 {
      guard let index = chosen[end] else {
        end -= 1
        continue
      }
      result.append(index)
      end = candidates[index].parts.lowerBound
    }
    return result.reversed()
  }
}
