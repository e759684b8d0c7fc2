import CNNCodecs
import CNNPictures

/// How a recognizer makes pictures ready for its network.
public struct PicturePreparation: Sendable, Equatable {
  /// How digits become as the network knows them.
  public enum Normalization: Sendable, Equatable {
    /// As the model's manifest says.
    case automatic
    /// As MNIST's digits are; see `DigitNormalizer`.
    case mnist
    /// The picture is scaled as a whole, and inverted if its border says so.
    case scaledOnly
  }

  /// How digits become as the network knows them.
  public var normalization: Normalization
  /// Whether slanted digits are sheared upright, where they are normalised.
  public var deskews: Bool

  /// Creates a preparation.
  public init(normalization: Normalization = .automatic, deskews: Bool = false) {
    self.normalization = normalization
    self.deskews = deskews
  }
}

/// A picture as a network takes it.
public struct PreparedPicture: Sendable, Equatable {
  /// The pixels that the network sees, ink and paper as bright as in its training data.
  public let image: GrayImage
  /// What normalisation did; nil where the picture was only scaled.
  public let report: NormalizationReport?

  /// Creates a prepared picture.
  public init(image: GrayImage, report: NormalizationReport?) {
    self.image = image
    self.report = report
  }
}
