import ArgumentParser
import CNNInsight

/// Which layers are drawn, and what of them.
struct LayerArguments: ParsableArguments {
  @Option(
    help: """
      The layer to draw. (default: the first convolution; with --feature-maps the activation behind it; with --saliency, \
      for Grad-CAM, the one behind the last convolution)
      """)
  var layer: String?

  @Option(
    help: ArgumentHelp(
      """
      Draw every layer that has weights (with --feature-maps, every layer), each into a file of its own in a folder: \
      conv1.png.
      """, valueName: "folder"), completion: .directory)
  var all: String?

  @Option(
    help: ArgumentHelp(
      """
      What of a layer is drawn: weights, all of them; strongest, for each filter the input channels with the greatest \
      weights; maximize, the picture that excites each filter most. (default: weights)
      """, valueName: "weights|strongest|maximize"))
  var view: View?

  @Option(
    help: ArgumentHelp(
      "With --view strongest, how many channels of each filter. (default: 8)", valueName: "n"))
  var channels: Int?

  @Option(
    help: ArgumentHelp(
      "With --view maximize and --top-activating, only these filters: 3, or 0-7. (default: all)",
      valueName: "n-m"))
  var units: UnitRange?

  @Option(
    help: ArgumentHelp(
      "With --view maximize, how many steps the search for each picture takes. (default: \(defaultSteps))",
      valueName: "n"))
  var steps: Int?

  @Option(
    help: ArgumentHelp("With --view maximize, what the search begins from. (default: 0)", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp("Draw the same of a second model to the right of it.", valueName: "model"),
    completion: .file(extensions: ["safetensors"]))
  var compare: String?

  enum View: String, ExpressibleByArgument, CaseIterable {
    case weights, strongest, maximize
  }

  private static let defaultSteps = ActivationMaximization.Options().steps

  func validate() throws {
    guard all == nil || layer == nil else { throw ValidationError("--all and --layer exclude each other") }
    guard channels ?? 1 >= 1 else { throw ValidationError("--channels must be at least 1") }
    guard channels == nil || view == .strongest else {
      throw ValidationError("--channels says how many are the strongest, so it needs --view strongest")
    }
    guard (1...100_000).contains(steps ?? 1) else {
      throw ValidationError("--steps must be from 1 to 100000")
    }
    guard steps == nil && seed == nil || view == .maximize else {
      throw ValidationError(
        "--\(steps != nil ? "steps" : "seed") is of the search for pictures, so it needs --view maximize")
    }
  }

  /// A filter, `3`, or some that follow one another, `0-7`.
  struct UnitRange: ExpressibleByArgument {
    let range: Range<Int>

    init?(argument: String) {
      let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first >= 0,
        first <= last, last < .max
      else { return nil }
      range = first..<last + 1
    }
  }

  /// How the search for pictures goes.
  var maximization: ActivationMaximization.Options {
    ActivationMaximization.Options(steps: steps ?? Self.defaultSteps, seed: seed ?? 0)
  }
}
