public import ArgumentParser
public import CNNRecognition

/// The options that say how a picture of any digit becomes what the network sees: the same in every tool.
public struct PreparationArguments: ParsableArguments {
  /// How pictures are made ready.
  @Option(
    help: ArgumentHelp(
      """
      How pictures are made ready: auto, as the model was trained; mnist, the digit's ink brought into a box of 20x20 \
      pixels and its centre of mass into the middle; none, only scaled.
      """, valueName: "auto|mnist|none"))
  public var normalize: Normalize = .auto

  /// Whether slanted digits are sheared upright.
  @Flag(help: "Shear slanted digits upright first.")
  public var deskew = false

  /// How pictures are made ready.
  public enum Normalize: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// As the model was trained.
    case auto
    /// As MNIST's digits are.
    case mnist
    /// Only scaled.
    case none
  }

  /// The defaults.
  public init() {}

  /// Refuses what has no effect.
  public func validate() throws {
    guard !deskew || normalize != .none else {
      throw ValidationError("--deskew is a part of what --normalize none leaves out")
    }
  }

  /// Whether any of them is there.
  public var isAnyGiven: Bool { deskew || normalize != .auto }

  /// What recognizers do with pictures.
  public var preparation: PicturePreparation {
    let normalization: PicturePreparation.Normalization =
      switch normalize {
      case .auto: .automatic
      case .mnist: .mnist
      case .none: .scaledOnly
      }
    return PicturePreparation(normalization: normalization, deskews: deskew)
  }
}
