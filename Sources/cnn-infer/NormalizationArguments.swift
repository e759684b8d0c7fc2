import ArgumentParser
import CNNRecognition
import CNNToolSupport

/// The options that say how pictures become what the network sees, and what is shown of it.
struct NormalizationArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How pictures are made ready: auto, as the model was trained; mnist, the digit's ink brought into a box of 20x20 \
      pixels and its centre of mass into the middle; none, only scaled.
      """, valueName: "auto|mnist|none"))
  var normalize: Normalize = .auto

  @Flag(help: "Shear slanted digits upright first.")
  var deskew = false

  @Flag(help: "Read all digits of a line: name, number, and the probability that all of it is right.")
  var digits = false

  @Option(help: ArgumentHelp("Print ? for digits with less probability than x.", valueName: "x"))
  var minConfidence: Double = 0

  @Flag(help: "Print on standard error what the network sees.")
  var show = false

  @Option(help: ArgumentHelp("Write what the network sees, a PNG for each digit.", valueName: "folder"))
  var saveNormalized: String?

  enum Normalize: String, ExpressibleByArgument, CaseIterable {
    case auto, mnist, none
  }

  func validate() throws {
    guard (0...1).contains(minConfidence) else {
      throw ValidationError("--min-confidence must be from 0 to 1")
    }
    guard !deskew || normalize != .none else {
      throw ValidationError("--deskew is a part of what --normalize none leaves out")
    }
    guard !digits || normalize != .none else {
      throw ValidationError("--digits cuts the digits out of the picture, so it has no --normalize none")
    }
  }

  /// Whether anything is shown or kept of what the network sees.
  var isShown: Bool { show || saveNormalized != nil }

  /// What recognizers do with pictures.
  var preparation: PicturePreparation {
    let normalization: PicturePreparation.Normalization =
      switch normalize {
      case .auto: .automatic
      case .mnist: .mnist
      case .none: .scaledOnly
      }
    return PicturePreparation(normalization: normalization, deskews: deskew)
  }
}

extension NormalizationArguments {
  /// What is shown and kept of what the network sees.
  func views(replacing: Bool) throws -> ReadingViews {
    ReadingViews(
      text: show ? .forStandardError : nil,
      pictures: try saveNormalized.map { try NormalizedPictures($0, replaces: replacing) })
  }
}
