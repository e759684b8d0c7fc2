import ArgumentParser
import CNNInsight
import CNNInterchange
import CNNToolSupport

/// What is looked at through the network instead of its weights.
struct LookingArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("Draw what a layer gives for a picture: every channel.", valueName: "picture"),
    completion: .file(extensions: ["png"]))
  var featureMaps: String?

  @Option(
    help: ArgumentHelp(
      "Draw where the network looks in a picture: the picture, and over it in colour gradient, Grad-CAM and occlusion.",
      valueName: "picture"), completion: .file(extensions: ["png"]))
  var saliency: String?

  @Option(
    help: ArgumentHelp("With --saliency, only this way of asking.", valueName: "gradient|grad-cam|occlusion"))
  var method: Saliency.Method?

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp(
      "With --saliency, what speaks for this class. (default: the most probable one)", valueName: "label"))
  var label: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      Draw the pictures that excite each filter of a layer most, a row for each filter, with a frame around what it looks \
      at: of data (labels are not needed), or of PNG files, folders and archives.
      """, valueName: "data"), completion: .file())
  var topActivating: [String] = []

  @Option(
    help: ArgumentHelp(
      "With --top-activating, how many pictures for each filter. (default: 9)", valueName: "n"))
  var count: Int?

  @Option(
    help: ArgumentHelp(
      "With --top-activating, the split of the data. (default: train, else valid, else test)",
      valueName: "train|valid|test"))
  var split: DatasetSplit?

  @OptionGroup var preparing: PreparationArguments

  func validate() throws {
    guard givenOptions.count <= 1 else {
      throw ValidationError("\(givenOptions[0]) and \(givenOptions[1]) exclude each other")
    }
    guard saliency != nil || method == nil && label == nil else {
      throw ValidationError("\(method != nil ? "--method" : "--class") needs --saliency")
    }
    guard (1...1_000).contains(count ?? 1) else { throw ValidationError("--count must be from 1 to 1000") }
    guard !topActivating.isEmpty || count == nil && split == nil else {
      throw ValidationError("\(count != nil ? "--count" : "--split") needs --top-activating")
    }
    guard !givenOptions.isEmpty || !preparing.isAnyGiven else {
      throw ValidationError(
        "\(preparing.deskew ? "--deskew" : "--normalize") says how a picture is made ready, so it needs --feature-maps, "
          + "--saliency or --top-activating")
    }
  }

  /// Which of the options that look at pictures are there.
  var givenOptions: [String] {
    (featureMaps != nil ? ["--feature-maps"] : []) + (saliency != nil ? ["--saliency"] : [])
      + (topActivating.isEmpty ? [] : ["--top-activating"])
  }

  /// The pictures and data among the arguments.
  var inputs: [String] { [featureMaps, saliency].compactMap(\.self) + topActivating }
}

extension Saliency.Method: ExpressibleByArgument {}
