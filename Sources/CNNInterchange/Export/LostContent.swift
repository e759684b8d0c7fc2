/// What of a native file a format of other programs has no place for.
public enum LostContent: String, Sendable, CaseIterable {
  // Named as the members of the manifest are.
  case graph
  case labels
  case preprocess
  case divisor
  case training
  case provenance
  /// Height, width and channels of the pictures.
  case shape

  /// What is lost, as a noun phrase.
  public var name: String {
    switch self {
    case .graph: "the graph"
    case .labels: "the names of the classes"
    case .preprocess: "the preprocessing"
    case .divisor: "what pixels are divided by"
    case .training: "the record of the training"
    case .provenance: "the provenance"
    case .shape: "the shape of the pictures"
    }
  }
}
