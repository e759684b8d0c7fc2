import CNNCodecs
import CNNModelFile
import CNNPictures

/// A layer's weights as one picture.
///
/// The filters of a convolution that looks at a single grey channel become a sheet of as many tiles, eight in a row, as
/// in *Deep Learning from Scratch*; those of one that looks at the colours of a picture become coloured tiles, in which
/// much red is a great weight for red. A filter with several input channels becomes a row of tiles, one for each channel.
/// The units of a linear layer that reads a picture, flattened, are drawn like filters as large as that picture; a layer
/// that reads a row of numbers is a single tile, its matrix, in which each row is a unit. docs/gallery.md shows them.
public enum FilterSheet {
  /// Which tiles are drawn.
  public enum View: Sendable, Equatable {
    /// All of them.
    case weights
    /// For each filter those of this many channels only: the ones with the greatest L2 norms, the greatest first.
    case strongest(Int)
  }

  /// Draws the weights of a layer.
  ///
  /// - Parameters:
  ///   - model: a model or a checkpoint.
  ///   - layer: the layer's name; the first convolution if nil, or the first linear layer where there is none.
  ///   - view: which tiles.
  ///   - appearance: how they look.
  /// - Throws: `Failure`.
  public static func draw(
    _ model: ModelFile, layer: String? = nil, view: View = .weights,
    appearance: SheetAppearance = SheetAppearance()
  ) throws(Failure) -> Picture {
    let weights = try LayerWeights(model, layer: layer)
    let tiles = WeightTiles(weights, channels: channels(weights, view), appearance: appearance)
    return try tiles.draw(range: appearance.scaling == .layer ? tiles.range() : nil)
  }

  /// Draws the weights of a layer in two models beside each other: before and after a training, for example.
  ///
  /// With scaling by layer, both are drawn by the range of both. Of the strongest channels, those of the first model are
  /// drawn of both.
  ///
  /// - Parameters:
  ///   - models: the one to the left, and the one to the right of it.
  ///   - names: what stands above them where the appearance has labels.
  /// - Throws: `Failure` as `draw` does, and if the layers' weights have different shapes.
  public static func compare(
    _ models: (ModelFile, ModelFile), names: (String, String), layer: String? = nil, view: View = .weights,
    appearance: SheetAppearance = SheetAppearance()
  ) throws(Failure) -> Picture {
    let first = try LayerWeights(models.0, layer: layer)
    let second = try LayerWeights(models.1, layer: first.layer)
    guard first.shape == second.shape, first.form == second.form else {
      throw .differentShapes(layer: first.layer, first.shape, second.shape)
    }
    let channels = channels(first, view)
    let left = WeightTiles(first, channels: channels, appearance: appearance)
    let right = WeightTiles(second, channels: channels, appearance: appearance)
    let range: ValueRange? =
      switch appearance.scaling {
      case .filter: nil
      case .layer: try left.range().union(right.range())
      }
    // Colours stand for three ranges, of which a bar says nothing.
    let both = SideBySide(range: left.isInColors && right.isInColors ? nil : range, appearance: appearance)
    do throws(Sheet.Failure) {
      try both.check((left.half(title: names.0), right.half(title: names.1)))
    } catch {
      throw .sheet(layer: first.layer, error)
    }
    let pictures = (
      try left.draw(range: range, title: names.0, hasBar: false),
      try right.draw(range: range, title: names.1, hasBar: false)
    )
    do throws(Sheet.Failure) {
      return try both.draw(pictures)
    } catch {
      throw .sheet(layer: first.layer, error)
    }
  }

  /// The channels of each unit that are drawn.
  private static func channels(_ weights: LayerWeights, _ view: View) -> [[Int]] {
    (0..<weights.unitCount).map { unit in
      switch view {
      case .strongest(let count) where weights.channelCount > 1 && !weights.readsColors:
        weights.strongestChannels(ofUnit: unit, count: max(count, 1))
      case .weights, .strongest: Array(0..<weights.channelCount)
      }
    }
  }
}
