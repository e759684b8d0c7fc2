import CNNModelFile
import CNNPictures

/// The weights of a layer, cut into the pictures that people see in them.
///
/// A filter of a convolution is a tile for each channel that it reads. A unit of a linear layer that reads a picture,
/// flattened, is a tile for each channel of that; of one that reads a row of numbers, it is a row of the layer's matrix.
public struct LayerWeights: Sendable, Equatable {
  /// What a tile is.
  public enum Form: Sendable, Equatable {
    /// The weights of a filter for one channel: [height, width].
    case kernels
    /// The weights of a unit for one channel of the picture that the layer reads: [height, width].
    case pictures
    /// All weights of the layer, a unit a row: [unitCount, width], the only tile.
    case matrix
  }

  /// The layer's name.
  public let layer: String
  /// What a tile is.
  public let form: Form
  /// How many filters or units there are.
  public let unitCount: Int
  /// How many tiles a filter or unit has.
  public let channelCount: Int
  /// How many rows of weights a tile of one unit has; 1 in a matrix.
  public let height: Int
  /// How many columns of weights a tile has.
  public let width: Int
  /// Whether the three channels are red, green and blue of the network's input.
  public let readsColors: Bool
  /// What the units are called: by their numbers, and by the classes in the network's last layer.
  public let unitNames: [String]
  /// The number of the first channel that a unit reads: in groups, units read different ones.
  private let firstChannels: [Int]
  /// [unitCount, channelCount, height, width].
  private let values: [Float]

  /// The names of the layers whose weights can be drawn: convolutions and linear layers.
  public static func layers(of network: NetworkDescription) -> [String] {
    network.nodes.filter { $0.operation.isConvolution || $0.operation.isLinear }.map(\.name)
  }

  /// The weights of a layer.
  ///
  /// - Parameters:
  ///   - model: a model or a checkpoint.
  ///   - name: the layer; the first convolution if nil, or the first linear layer where there is none.
  /// - Throws: `FilterSheet.Failure` if there is no such layer, or if it has no weights that could be drawn.
  public init(_ model: ModelFile, layer name: String? = nil) throws(FilterSheet.Failure) {
    guard let network = model.manifest.network else { throw .noNetwork }
    let drawable = Self.layers(of: network)
    guard
      let chosen = name
        ?? network.nodes.first(where: \.operation.isConvolution)?.name ?? drawable.first
    else { throw .noWeights }
    guard let node = network.nodes.first(where: { $0.name == chosen }) else {
      throw .noSuchLayer(chosen, drawable: drawable)
    }
    guard drawable.contains(node.name), let weight = model.tensor(named: "\(node.name).weight"),
      weight.shape == node.operation.parameters.first?.shape
    else {
      throw .notDrawable(node.name, drawable: drawable)
    }
    layer = node.name
    values = weight.floats()
    unitCount = weight.shape[0]
    unitNames = network.unitNames(of: node.name, count: unitCount, labels: model.manifest.labels)
    switch node.operation {
    case .conv2d(let convolution):
      form = .kernels
      (channelCount, height, width) = (weight.shape[1], weight.shape[2], weight.shape[3])
      let (channels, filters) = (channelCount, max(unitCount / max(convolution.groups, 1), 1))
      firstChannels = (0..<unitCount).map { $0 / filters * channels }
      // In groups, three channels are those of one group only.
      readsColors =
        channelCount == 3 && convolution.groups == 1 && network.inputShape.first == 3
        && node.inputs.first == NetworkDescription.inputName
    default:
      firstChannels = [Int](repeating: 0, count: unitCount)
      if let read = Self.pictureRead(by: node, in: network) {
        form = .pictures
        (channelCount, height, width) = (read.shape[0], read.shape[1], read.shape[2])
        readsColors = channelCount == 3 && read.isInput
      } else {
        form = .matrix
        (channelCount, height, width) = (1, 1, weight.shape[1])
        readsColors = false
      }
    }
  }

  /// The weights of a filter or unit: [channelCount, height, width].
  public func unit(_ unit: Int) -> ArraySlice<Float> {
    let size = channelCount * height * width
    return values[unit * size..<(unit + 1) * size]
  }

  /// The weights of a filter or unit for one of its channels: [height, width].
  public func tile(unit: Int, channel: Int) -> ArraySlice<Float> {
    let start = (unit * channelCount + channel) * height * width
    return values[start..<start + height * width]
  }

  /// The shape of the layer's weights: [O, I, KH, KW] or [O, I].
  var shape: [Int] {
    form == .kernels
      ? [unitCount, channelCount, height, width] : [unitCount, channelCount * height * width]
  }

  /// From the least to the greatest weight of a filter or unit, over all its channels.
  ///
  /// - Throws: `FilterSheet.Failure.notFinite`.
  public func range(ofUnit unit: Int) throws(FilterSheet.Failure) -> ValueRange {
    guard let range = ValueRange(self.unit(unit)) else { throw .notFinite(layer: layer, filter: unit) }
    return range
  }

  /// These weights, all of them found to be finite.
  ///
  /// - Throws: `FilterSheet.Failure.notFinite`.
  public func checked() throws(FilterSheet.Failure) -> LayerWeights {
    for unit in 0..<unitCount { _ = try range(ofUnit: unit) }
    return self
  }

  /// The number of a unit's channel among all that the layer reads.
  public func channelNumber(_ channel: Int, ofUnit unit: Int) -> Int { firstChannels[unit] + channel }

  /// The channels of a unit with the greatest L2 norms, the greatest first, of equals the one with the lower number.
  ///
  /// - Parameter count: how many; all, if there are fewer.
  public func strongestChannels(ofUnit unit: Int, count: Int) -> [Int] {
    let strengths = (0..<channelCount).map { channel in
      tile(unit: unit, channel: channel).reduce(0.0) { $0 + Double($1) * Double($1) }
    }
    let order = (0..<channelCount).sorted {
      strengths[$0] != strengths[$1] ? strengths[$0] > strengths[$1] : $0 < $1
    }
    return Array(order.prefix(count))
  }

  /// The [C, H, W] that a linear layer reads behind a flatten, and whether that is the network's input; nil where it
  /// reads a row of numbers.
  private static func pictureRead(by node: NetworkDescription.Node, in network: NetworkDescription)
    -> (shape: [Int], isInput: Bool)?
  {
    guard let shapes = try? network.inferShapes() else { return nil }
    var name = node.inputs.first
    while let current = name, let node = network.nodes.first(where: { $0.name == current }) {
      name = node.inputs.first
      switch node.operation {
      case .flatten:
        guard let read = name, let shape = shapes[read] else { return nil }
        // Numbers in a row are flattened again; a single one for each channel is no picture.
        if shape.count == 1 { continue }
        let picture = [Int](repeating: 1, count: 3 - shape.count) + shape
        return picture[1] * picture[2] > 1 ? (picture, read == NetworkDescription.inputName) : nil
      case .relu, .sigmoid, .tanh, .dropout, .batchNorm: continue
      case .conv2d, .linear, .maxPool2d: return nil
      }
    }
    return nil
  }
}
