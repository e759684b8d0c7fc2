import CNNCodecs
import CNNModelFile
import CNNPictures

/// A convolution's filters as one picture.
///
/// The first convolution, which looks at a single grey channel, becomes a sheet of as many tiles as there are
/// filters, eight in a row, as in *Deep Learning from Scratch*. A filter with several input channels becomes a
/// row of tiles, one for each channel. Every filter is scaled to its own range over all its channels; dark is
/// large.
public enum FilterSheet {
  /// Why a layer's filters cannot be drawn.
  public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The network has no convolution at all.
    case noConvolution
    /// There is no layer of that name; these are the convolutions that there are.
    case noSuchLayer(String, convolutions: [String])
    /// The layer is there, but is no convolution.
    case notAConvolution(String, convolutions: [String])
    /// A filter's weights are not all finite numbers.
    case notFinite(layer: String, filter: Int)
    /// The sheet would be larger than is drawn.
    case tooLarge(layer: String)
    /// The file holds no network.
    case noNetwork

    /// One sentence, with the layers that there are.
    public var description: String {
      switch self {
      case .noConvolution:
        "the network has no convolution whose filters could be drawn"
      case .noSuchLayer(let name, let convolutions):
        "there is no layer '\(name)'; the convolutions are \(Self.list(convolutions))"
      case .notAConvolution(let name, let convolutions):
        "the layer '\(name)' is no convolution; the convolutions are \(Self.list(convolutions))"
      case .notFinite(let layer, let filter):
        "the weights of filter \(filter) in layer \(layer) are not all finite numbers"
      case .tooLarge(let layer):
        "the sheet of layer \(layer) would have more than \(Sheet.maximumPixelCount / 1_000_000) megapixels"
      case .noNetwork:
        "the file holds no network"
      }
    }

    /// The first dozen names, and how many more there are.
    private static func list(_ names: [String]) -> String {
      let shown = names.prefix(12).joined(separator: ", ")
      return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
    }
  }

  /// Draws the filters of a layer.
  ///
  /// - Parameters:
  ///   - model: a model or a checkpoint.
  ///   - layer: the convolution's name; the first convolution if nil.
  /// - Throws: `Failure`.
  public static func draw(_ model: ModelFile, layer: String? = nil) throws(Failure) -> GrayImage {
    guard let network = model.manifest.network else { throw .noNetwork }
    let convolutions = network.nodes.filter { if case .conv2d = $0.operation { true } else { false } }
    let names = convolutions.map(\.name)
    guard let first = convolutions.first else { throw .noConvolution }
    var node = first
    if let layer {
      guard let found = network.nodes.first(where: { $0.name == layer }) else {
        throw .noSuchLayer(layer, convolutions: names)
      }
      node = found
    }
    guard case .conv2d(let convolution) = node.operation else {
      throw .notAConvolution(node.name, convolutions: names)
    }
    guard let weight = model.tensor(named: "\(node.name).weight") else {
      throw .noSuchLayer(node.name, convolutions: names)
    }
    let values = weight.floats()
    let (height, width) = (convolution.kernelSize.height, convolution.kernelSize.width)
    let channels = convolution.inputChannels / convolution.groups
    var tiles: [Picture] = []
    for filter in 0..<convolution.outputChannels {
      let count = channels * height * width
      let weights = values[filter * count..<(filter + 1) * count]
      guard let range = ValueRange(weights) else { throw .notFinite(layer: node.name, filter: filter) }
      for channel in 0..<channels {
        tiles.append(
          ColorScale.grayDarkIsLarge.tile(
            values: weights.dropFirst(channel * height * width).prefix(height * width), width: width,
            height: height, range: range))
      }
    }
    let sheet = Sheet(columns: channels == 1 ? 8 : channels)
    do throws(Sheet.Failure) {
      return try sheet.draw(tiles: tiles).grayImage
    } catch {
      throw .tooLarge(layer: node.name)
    }
  }
}
