import CNNCodecs
import CNNEngine
import CNNModelFile

extension TrainingError {
  /// The same refusal in words of the command line: where a checkpoint has other data or first parameters, the first
  /// option that chooses them and differs; where there is none, the files do, and the error stays as it is.
  ///
  /// - Parameters:
  ///   - options: those in force, under their long names.
  ///   - provenance: where the checkpoint comes from.
  public func named(by options: [(name: String, value: JSONValue)], provenance: Provenance) -> TrainingError {
    guard case .otherCheckpoint(let what, _, _) = self, Self.choosingOptions.keys.contains(what) else {
      return self
    }
    for name in Self.choosingOptions[what] ?? [] {
      guard let here = options.first(where: { $0.name == name })?.value,
        let there = provenance.options.first(where: { $0.name == name })?.value, here != there
      else { continue }
      return .otherCheckpoint(what: "--\(name)", here: Self.text(here), there: Self.text(there))
    }
    return self
  }

  private static let choosingOptions = [
    "training data": ["classes", "limit-train", "per-class", "validation"],
    "number of validation examples": ["validation", "classes", "limit-train"],
    "validation data": ["validation", "classes", "limit-train"],
    "preprocessing": ["from"],
    "first parameters": ["from", "init", "new-head", "allow-mismatch"],
  ]

  private static func text(_ value: JSONValue) -> String {
    value == .null ? "not given" : JSONWriter.text(of: value)
  }
}
