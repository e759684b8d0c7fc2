import CNNCodecs

/// A manifest and tensors that do not fit together, or do not fit the file's kind.
public enum ContentError: FormatError, Equatable {
  /// The manifest lacks what its kind needs.
  case missingMember(String, kind: Manifest.Kind)
  /// A member of the manifest has a value that makes no sense.
  case member(JSONContentError)
  /// The file needs a feature that this version does not know.
  case unknownFeature(String)
  /// The network makes no sense.
  case graph(GraphError)
  /// The network's output is not one value for each label.
  case labelCount(labels: Int, output: [Int])
  /// A tensor's name is longer than readers take.
  case tensorName(String)
  /// Two tensors have the same name.
  case duplicateTensor(String)
  /// More tensors than a file may have.
  case tooManyTensors(Int)
  /// A tensor that must be there is not.
  case missingTensor(String)
  /// A tensor that has no meaning here.
  case unexpectedTensor(String)
  /// A tensor has another shape than its layer or its partner asks for.
  case shape(tensor: String, expected: [Int], found: [Int])
  /// A tensor has another rank than it should; `expected` is a noun phrase.
  case rank(tensor: String, expected: String, found: [Int])
  /// A tensor is of another type than it should be; `expected` is a noun phrase.
  case elementType(tensor: String, expected: String, found: ElementType)
  /// A data set has no pictures.
  case noImages
  /// A split has another number of labels than of pictures.
  case splitCount(split: String, images: Int, labels: Int)
  /// A label is negative or has no name.
  case label(tensor: String, index: Int, value: Int64, count: Int?)

  /// Always nil: the file's bytes are as they were written.
  public var offset: Int? { nil }

  /// What is wrong, as a sentence fragment.
  public var reason: String {
    switch self {
    case .missingMember(let name, let kind): "the manifest of a \(kind.rawValue) needs \(name), and has none"
    case .member(let error): "in the manifest \(error.reason)"
    case .unknownFeature(let name):
      "the file needs the feature \(name.quotedForMessage), which this version does not know"
    case .graph(let error): error.reason
    case .labelCount(let labels, let output):
      "there are \(labels) labels, and the network gives \(output)"
    case .tensorName(let name):
      "tensor \(name.quotedForMessage) has a name of more than \(Limits.nameBytes) bytes"
    case .duplicateTensor(let name): "two tensors are called \(name.quotedForMessage)"
    case .tooManyTensors(let count): "there are \(count) tensors; a file holds at most \(Limits.tensors)"
    case .missingTensor(let name): "tensor \(name.quotedForMessage) is missing"
    case .unexpectedTensor(let name): "tensor \(name.quotedForMessage) has no meaning in this file"
    case .shape(let tensor, let expected, let found):
      "tensor \(tensor.quotedForMessage) has the shape \(found), and should have \(expected)"
    case .rank(let tensor, let expected, let found):
      "tensor \(tensor.quotedForMessage) has the shape \(found), and should have \(expected)"
    case .elementType(let tensor, let expected, let found):
      "tensor \(tensor.quotedForMessage) is of type \(found.name), and should be \(expected)"
    case .noImages: "the data set has no pictures"
    case .splitCount(let split, let images, let labels):
      "\(split) has \(images) pictures and \(labels) labels"
    case .label(let tensor, let index, let value, let count):
      count.map { "label \(index) of \(tensor) is \(value), and there are \($0) labels" }
        ?? "label \(index) of \(tensor) is \(value); labels are not negative"
    }
  }
}
