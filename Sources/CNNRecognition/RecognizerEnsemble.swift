import CNNCodecs
import CNNEngine
import CNNModelFile
import CNNPictures

/// Reads digits with several models together: the probability of a class is the mean of theirs.
///
///     let pool = WorkerPool()
///     let ensemble = try RecognizerEnsemble(paths.map { try DigitRecognizer(contentsOf: $0, pool: pool) })
///     let prediction = try ensemble.predict(png: bytes)
///
/// Each model gets the picture through its own preprocessing. Means are sums in `Double` in the order of the members:
/// the same bits for any number of threads. A model that is there twice counts twice. One model alone gives exactly
/// what its recognizer gives, logits included. The calls of an ensemble run its members one after another.
public struct RecognizerEnsemble: Sendable {
  /// The models in the order given.
  public let members: [DigitRecognizer]
  /// The names of the classes; numbers where the models have none.
  public let labels: [String]

  /// Makes an ensemble of models that tell the same classes apart in pictures of the same size.
  ///
  /// - Throws: `EnsembleMismatch` that says which model differs from the first, and in what.
  /// - Precondition: there is at least one member.
  public init(_ members: [DigitRecognizer]) throws(EnsembleMismatch) {
    precondition(!members.isEmpty, "an ensemble needs a model")
    for (index, member) in members.enumerated().dropFirst() {
      if let difference = EnsembleMismatch.Difference(between: members[0], and: member) {
        throw EnsembleMismatch(member: index, difference: difference)
      }
    }
    self.members = members
    labels = Prediction.names(members[0].labels, classes: members[0].session.plan.outputCount)
  }

  private init(members: [DigitRecognizer], labels: [String]) {
    self.members = members
    self.labels = labels
  }

  /// The same ensemble for one thread; see `InferenceSession.forOneThread()`.
  public func forOneThread() -> RecognizerEnsemble {
    RecognizerEnsemble(members: members.map { $0.forOneThread() }, labels: labels)
  }

  /// The height and width of the networks' input in pixels.
  public var inputSize: (height: Int, width: Int) { members[0].inputSize }

  /// How many classes there are.
  public var classCount: Int { members[0].session.plan.outputCount }

  /// The threads of the first member, on which pictures are best prepared too.
  public var pool: WorkerPool { members[0].session.pool }

  /// Reads the digit in a PNG file's bytes.
  ///
  /// - Throws: `PNGError` if the bytes are no whole PNG file, `BlankPicture` if there is no ink in it.
  public func predict(png bytes: [UInt8]) throws -> Prediction {
    try predict(PNG.decodeInk(bytes))
  }

  /// Reads the digit in a picture.
  ///
  /// - Throws: `BlankPicture` if there is no ink in it.
  public func predict(_ picture: GrayImage) throws(BlankPicture) -> Prediction {
    Prediction(scores(prepared: try prepared(picture).map(\.image.pixels)), labels: labels)
  }

  /// A picture as each member's training data had them; see `DigitRecognizer.prepared(_:)`.
  ///
  /// - Returns: a picture for each member, shared by members that want the same.
  /// - Throws: `BlankPicture` if there is no ink to normalise.
  public func prepared(_ picture: GrayImage) throws(BlankPicture) -> [PreparedPicture] {
    var pictures: [PreparedPicture] = []
    for member in members {
      let same = members.prefix(pictures.count).firstIndex { $0.preparesAlike(member) }
      if let same {
        pictures.append(pictures[same])
      } else {
        pictures.append(try member.prepared(picture))
      }
    }
    return pictures
  }

  /// The scores of many pictures that `prepared(_:)` has gone through.
  ///
  /// - Parameter pixels: for each member, [N, H, W].
  /// - Returns: [N, classes]: logits of a sole member, else probabilities.
  /// - Precondition: as many elements as members, all of one size.
  public func scores(prepared pixels: [[UInt8]]) -> ClassScores {
    precondition(
      pixels.count == members.count, "pixels for \(pixels.count) models, and there are \(members.count)")
    return ClassScores(averaging: zip(members, pixels).map { $0.logits(pixels: $1) }, classes: classCount)
  }

  /// The scores of many pictures as a data set holds them: every member gets the same pixels.
  ///
  /// - Parameter pixels: [N, H, W].
  /// - Returns: [N, classes]: logits of a sole member, else probabilities.
  public func scores(pixels: [UInt8]) -> ClassScores {
    scores(prepared: members.map { _ in pixels })
  }

  /// The scores of many inputs that have been through the preprocessing already: every member gets the same.
  ///
  /// - Parameter inputs: [N, H, W].
  /// - Returns: [N, classes]: logits of a sole member, else probabilities.
  public func scores(inputs: [Float]) -> ClassScores {
    ClassScores(averaging: members.map { $0.logits(inputs: inputs) }, classes: classCount)
  }

  /// Predictions from scores: [N, classes].
  public func predictions(from scores: ClassScores) -> [Prediction] {
    Prediction.all(scores, classes: classCount, labels: labels)
  }
}
