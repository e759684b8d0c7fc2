import CNNCodecs
import CNNEngine
import CNNModelFile
import CNNPictures

/// Reads digits off pictures with a model file.
///
///     let recognizer = try DigitRecognizer(contentsOf: "lenet.safetensors")
///     let prediction = try recognizer.predict(png: bytes)
///     print(prediction.label, prediction.probability)
///
/// A recognizer may be used from several threads; its calls then follow one another.
public struct DigitRecognizer: Sendable {
  /// Why a file cannot serve as a model for pictures.
  public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file is a data set.
    case notAModel(Manifest.Kind)
    /// The network's input is no grey picture.
    case inputShape([Int])

    /// One sentence.
    public var description: String {
      switch self {
      case .notAModel(let kind): "this is a \(kind.rawValue) file; a model is needed"
      case .inputShape(let shape): "the model takes inputs of shape \(shape); [1, height, width] is needed"
      }
    }
  }

  /// The names of the classes.
  public let labels: [String]
  /// The height and width of the network's input in pixels.
  public let inputSize: (height: Int, width: Int)
  /// What turns pixels into the network's input.
  public let preprocessing: Preprocessing
  /// The network that does the reading.
  public let session: InferenceSession
  /// How pictures are made ready; as the model's manifest says, unless changed.
  public var preparation = PicturePreparation()

  /// Reads a model file and makes it ready.
  ///
  /// - Throws: `FileError`, `ModelFileError`, `EngineError` or `Failure`.
  public init(contentsOf path: String, pool: WorkerPool = WorkerPool()) throws {
    try self.init(ModelFile(contentsOf: path), pool: pool)
  }

  /// Makes a model ready.
  ///
  /// - Throws: `EngineError` or `Failure`.
  public init(_ model: ModelFile, pool: WorkerPool = WorkerPool()) throws {
    guard let network = model.manifest.network else { throw Failure.notAModel(model.manifest.kind) }
    guard network.inputShape.count == 3, network.inputShape[0] == 1 else {
      throw Failure.inputShape(network.inputShape)
    }
    labels = model.manifest.labels
    inputSize = (network.inputShape[1], network.inputShape[2])
    preprocessing = model.manifest.preprocessing ?? Preprocessing()
    session = try InferenceSession(Network(network, tensors: model.tensors), pool: pool)
  }

  /// The same recognizer for one thread; see `InferenceSession.forOneThread()`.
  public func forOneThread() -> DigitRecognizer {
    DigitRecognizer(self, session: session.forOneThread())
  }

  private init(_ other: DigitRecognizer, session: InferenceSession) {
    labels = other.labels
    inputSize = other.inputSize
    preprocessing = other.preprocessing
    preparation = other.preparation
    self.session = session
  }

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
    predict(pixels: try prepared(picture).image.pixels)[0]
  }

  /// Reads many prepared pictures at once.
  ///
  /// - Parameter pixels: [N, H, W] as `prepared(_:)` gives them, or as a data set holds them.
  /// - Returns: N predictions.
  public func predict(pixels: [UInt8]) -> [Prediction] {
    predictions(from: logits(pixels: pixels))
  }

  /// The raw outputs for many prepared pictures: [N, classes].
  public func logits(pixels: [UInt8]) -> [Float] {
    session.logits(
      for: PixelInputs(
        pixels, inputCount: inputSize.height * inputSize.width, preprocessing: preprocessing))
  }

  /// The raw outputs for inputs that have been through the preprocessing already, [N, H, W]: [N, classes].
  public func logits(inputs: [Float]) -> [Float] {
    session.logits(for: FloatInputs(inputs, inputCount: inputSize.height * inputSize.width))
  }

  /// Predictions from raw outputs: [N, classes].
  public func predictions(from logits: [Float]) -> [Prediction] {
    Prediction.all(.logits(logits), classes: session.plan.outputCount, labels: labels)
  }

  /// A picture as the network's training data had them.
  ///
  /// By default the digit in it is normalised; see `DigitNormalizer`. Where the model's manifest or `preparation` says
  /// otherwise, a bright border means dark ink on paper, a picture of the right size is taken as it is, and others are
  /// scaled as a whole, in proportion, into the middle of an empty field.
  ///
  /// - Throws: `BlankPicture` if there is no ink to normalise, or all of the picture has one colour.
  public func prepared(_ picture: GrayImage) throws(BlankPicture) -> PreparedPicture {
    let wantsBlackOnWhite = preprocessing.polarity == .blackOnWhite
    if normalizesDigits {
      let digit = try normalizer.normalize(picture)
      return PreparedPicture(
        image: wantsBlackOnWhite ? digit.image.inverted() : digit.image, report: digit.report)
    }
    guard picture.pixels.contains(where: { $0 != picture.pixels.first }) else {
      throw BlankPicture(contrast: 0)
    }
    let isBlackOnWhite = picture.borderMean > 127.5
    let oriented = isBlackOnWhite == wantsBlackOnWhite ? picture : picture.inverted()
    return PreparedPicture(
      image: oriented.fitted(
        width: inputSize.width, height: inputSize.height, background: wantsBlackOnWhite ? 255 : 0),
      report: nil)
  }

  private var normalizesDigits: Bool {
    switch preparation.normalization {
    case .automatic: preprocessing.normalization == .mnist
    case .mnist: true
    case .scaledOnly: false
    }
  }

  /// Whether a picture comes out of `prepared(_:)` the same from both.
  func preparesAlike(_ other: DigitRecognizer) -> Bool {
    preprocessing.polarity == other.preprocessing.polarity && inputSize == other.inputSize
      && normalizesDigits == other.normalizesDigits && preparation.deskews == other.preparation.deskews
  }

  /// What normalises digits for this model.
  var normalizer: DigitNormalizer {
    DigitNormalizer(width: inputSize.width, height: inputSize.height, deskews: preparation.deskews)
  }
}
