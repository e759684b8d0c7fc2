import CNNCodecs
import CNNEngine
import CNNModelFile
import CNNPictures

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension RecognizerEnsemble {
  /// Reads a line of digits.
  ///
  /// Each candidate of `LineSegmenter` is read, and those digits are taken that are most probable together. Pictures
  /// are normalised whatever the models' manifests say, since there is no other way to cut them out.
  ///
  /// - Returns: the digits in reading order; the box of each is in its report.
  /// - Throws: `BlankPicture` if there is no ink, or none that makes a digit.
  public func readLine(_ picture: GrayImage) throws(BlankPicture) -> PictureReading {
    let line = try LineSegmenter(normalizer: members[0].normalizer).segment(picture)
    let prepared = line.candidates.map { candidate in
      members.map { member in
        PreparedPicture(
          image: member.preprocessing.polarity == .blackOnWhite
            ? candidate.digit.image.inverted() : candidate.digit.image, report: candidate.digit.report)
      }
    }
    let pixels = members.indices.map { member in prepared.flatMap { $0[member].image.pixels } }
    let predictions = predictions(from: scores(prepared: pixels))
    // No doubt is worth more than this, or one bad candidate would decide alone; nor is a probability that is no number.
    let scores = predictions.map { $0.probability > 1e-4 ? log($0.probability) : log(1e-4) }
    let best = line.best(scores: scores)
    guard !best.isEmpty else { throw BlankPicture(contrast: 255) }
    return PictureReading(
      line: best.map { DigitReading(prediction: predictions[$0], prepared: prepared[$0]) })
  }
}
