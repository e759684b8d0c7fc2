import ArgumentParser
import CNNRecognition
import CNNToolSupport

/// The options that say how pictures become what the network sees, and what is shown of it.
struct NormalizationArguments: ParsableArguments {
  @OptionGroup var preparing: PreparationArguments

  @Flag(help: "Read all digits of a line: name, number, and the probability that all of it is right.")
  var digits = false

  @Option(help: ArgumentHelp("Print ? for digits with less probability than x.", valueName: "x"))
  var minConfidence: Double = 0

  @Flag(help: "Print on standard error what the network sees.")
  var show = false

  @Option(help: ArgumentHelp("Write what the network sees, a PNG for each digit.", valueName: "folder"))
  var saveNormalized: String?

  func validate() throws {
    guard (0...1).contains(minConfidence) else {
      throw ValidationError("--min-confidence must be from 0 to 1")
    }
    guard !digits || preparing.normalize != .none else {
      throw ValidationError("--digits cuts the digits out of the picture, so it has no --normalize none")
    }
  }

  /// Whether anything is shown or kept of what the network sees.
  var isShown: Bool { show || saveNormalized != nil }

  /// What recognizers do with pictures.
  var preparation: PicturePreparation { preparing.preparation }
}

extension NormalizationArguments {
  /// What is shown and kept of what the network sees.
  func views(replacing: Bool) throws -> ReadingViews {
    ReadingViews(
      text: show ? .forStandardError : nil,
      pictures: try saveNormalized.map { try NormalizedPictures($0, replaces: replacing) })
  }
}
