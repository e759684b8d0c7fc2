import CNNCodecs

/// A manifest, or a graph in JSON, that cannot be understood.
public enum ManifestError: FormatError, Equatable {
  /// A member is missing or is of another type than it should be; the path says which.
  case content(JSONContentError)
  /// The file needs a feature that this version does not know.
  case unknownFeature(String)
  /// A node has an operation that this version does not know.
  case unknownOperation(node: String, operation: String)

  /// Always nil: the manifest is a string within the header, and its paths say more.
  public var offset: Int? { nil }

  /// What is wrong, as a sentence fragment.
  public var reason: String {
    switch self {
    case .content(let error): "in the manifest \(error.reason)"
    case .unknownFeature(let name):
      "the file needs the feature \(name.quotedForMessage), which this version does not know"
    case .unknownOperation(let node, let operation):
      "layer \(node.quotedForMessage): the operation is \(operation.quotedForMessage), which this version does not know"
    }
  }
}
