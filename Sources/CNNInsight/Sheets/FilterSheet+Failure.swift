import CNNCodecs
import CNNPictures

extension FilterSheet {
  /// Why a layer's filters cannot be drawn.
  public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file holds no network.
    case noNetwork
    /// No layer of the network has weights that could be drawn.
    case noWeights
    /// There is no layer of that name; these could be drawn.
    case noSuchLayer(String, drawable: [String])
    /// The layer is there, but has no weights that could be drawn; these have.
    case notDrawable(String, drawable: [String])
    /// A filter's weights are not all finite numbers.
    case notFinite(layer: String, filter: Int)
    /// The layers of two models have different shapes: those of their weights.
    case differentShapes(layer: String, [Int], [Int])
    /// The sheet of the layer cannot be drawn.
    case sheet(layer: String, Sheet.Failure)

    /// One sentence, with the layers that there are.
    public var description: String {
      switch self {
      case .noNetwork:
        "the file holds no network"
      case .noWeights:
        "the network has no layer with weights that can be drawn: no convolution and no linear layer"
      case .noSuchLayer(let name, let drawable):
        "there is no layer '\(name)' with weights; \(Self.list(drawable))"
      case .notDrawable(let name, let drawable):
        "the layer '\(name)' has no weights that can be drawn; \(Self.list(drawable))"
      case .notFinite(let layer, let filter):
        "the weights of filter \(filter) in layer \(layer) are not all finite numbers"
      case .differentShapes(let layer, let shape, let other):
        "the layer \(layer) has weights of \(NumberFormat.shape(shape)) in one model and of "
          + "\(NumberFormat.shape(other)) in the other; only equal shapes can be compared"
      case .sheet(let layer, let failure):
        "layer \(layer): \(failure)"
      }
    }

    /// The layers that can be drawn.
    private static func list(_ names: [String]) -> String {
      names.isEmpty ? "none has" : "the layers that have are \(InsightError.list(names))"
    }
  }
}
