import ArgumentParser

/// What `--evaluate` does beside counting.
struct EvaluationArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "With --evaluate, write the pictures that were read wrong into a folder, named by truth, guess and "
        + "probability: 4-as-9-0.87-test-00247.png.",
      valueName: "folder"), completion: .directory)
  var mistakes: String?

  @Option(help: ArgumentHelp("With --evaluate, end with status 1 if the accuracy is lower.", valueName: "x"))
  var requireAccuracy: Double?

  func validate() throws {
    if let requireAccuracy {
      guard (0...1).contains(requireAccuracy) else {
        throw ValidationError("--require-accuracy must be from 0 to 1")
      }
    }
  }

  /// The name of an option that means nothing without --evaluate, if one is there.
  var evaluationOption: String? {
    mistakes != nil ? "--mistakes" : requireAccuracy != nil ? "--require-accuracy" : nil
  }
}
