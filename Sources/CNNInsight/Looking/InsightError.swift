import CNNEngine

/// Why there is nothing to see of a network.
public enum InsightError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file holds no network.
  case noNetwork
  /// The network cannot be run.
  case engine(EngineError)
  /// There is no layer of that name; these are the layers that there are.
  case noSuchLayer(String, layers: [String])
  /// The layer's value is a row of numbers, and maps with rows and columns are needed; these layers have them.
  case noMaps(String, layers: [String])
  /// No layer of the network has maps with rows and columns, so that Grad-CAM has nothing to go by.
  case noMapsAtAll
  /// There is no class of that number or name; these are the classes that there are.
  case noSuchClass(String, classes: [String])
  /// There is no unit of that number in a layer.
  case noSuchUnit(Int, layer: String, count: Int)
  /// An input has another size than the network takes.
  case inputSize(expected: [Int], found: Int)
  /// Examples have inputs of another size than the network takes.
  case exampleSize(expected: [Int], found: Int)
  /// There are no examples to choose from.
  case noExamples
  /// The input has an infinite number or one that is not a number.
  case inputNotFinite
  /// A layer's weights are not all finite numbers.
  case weightsNotFinite(layer: String)
  /// What a layer gives is not all finite numbers; for one of many examples, that one's number.
  case valuesNotFinite(layer: String, example: Int?)
  /// A gradient at a layer, or `input`, is not all finite numbers.
  case gradientsNotFinite(layer: String)

  /// One sentence; where a name was wrong, with the names that there are.
  public var description: String {
    switch self {
    case .noNetwork: "the file holds no network"
    case .engine(let error): error.description
    case .noSuchLayer(let name, let layers):
      "there is no layer '\(name)'; the layers are \(Self.list(layers))"
    case .noMaps(let name, let layers):
      "the layer '\(name)' has no maps, which Grad-CAM goes by; the layers with maps are \(Self.list(layers))"
    case .noMapsAtAll:
      "the network has no layer with maps, which Grad-CAM goes by; the gradient and occlusion need none"
    case .noSuchClass(let name, let classes):
      "there is no class '\(name)'; the classes are \(Self.list(classes))"
    case .noSuchUnit(let unit, let layer, let count):
      "the layer \(layer) has no unit \(unit); its units are 0 to \(count - 1)"
    case .inputSize(let expected, let found):
      "the picture has \(found) numbers, and the network takes \(expected)"
    case .exampleSize(let expected, let found):
      "the examples have \(found) numbers each, and the network takes \(expected)"
    case .noExamples: "there are no examples to choose from"
    case .inputNotFinite: "the input is not all finite numbers"
    case .weightsNotFinite(let layer): "the weights of layer \(layer) are not all finite numbers"
    case .valuesNotFinite(let layer, let example):
      "what layer \(layer) gives\(example.map { " for example \($0)" } ?? "") is not all finite numbers"
    case .gradientsNotFinite(let layer): "the gradients at \(layer) are not all finite numbers"
    }
  }

  /// The first hundred names, and how many more there are.
  static func list(_ names: [String]) -> String {
    let shown = names.prefix(100).joined(separator: ", ")
    return names.count > 100 ? "\(shown) and \(names.count - 100) more" : shown
  }
}
