import CNNCodecs
import CNNPictures

/// The tiles of a layer's weights, and how they stand on a sheet.
struct WeightTiles {
  private let weights: LayerWeights
  /// The channels of each unit that are drawn, in this order.
  private let channels: [[Int]]
  private let appearance: SheetAppearance

  init(_ weights: LayerWeights, channels: [[Int]], appearance: SheetAppearance) {
    self.weights = weights
    self.channels = channels
    self.appearance = appearance
  }

  /// Whether a filter's three channels make one tile in their colours.
  var isInColors: Bool { weights.readsColors && appearance.colors == nil }

  /// From the least to the greatest weight of the layer.
  func range() throws(FilterSheet.Failure) -> ValueRange {
    var all = try weights.range(ofUnit: 0)
    for unit in 1..<max(weights.unitCount, 1) { all = all.union(try weights.range(ofUnit: unit)) }
    return all
  }

  /// Draws the sheet.
  ///
  /// - Parameters:
  ///   - range: what all tiles are drawn by; nil if each unit has its own.
  ///   - title: what stands above where there are labels.
  ///   - hasBar: whether a bar says what the range is where there are labels.
  func draw(range: ValueRange?, title: String? = nil, hasBar: Bool = true) throws(FilterSheet.Failure)
    -> Picture
  {
    let layout = layout
    let sheet = sheet(layout, range: range, title: title, hasBar: hasBar)
    do throws(Sheet.Failure) {
      _ = try sheet.size(tileCount: layout.tileCount, width: layout.tileWidth, height: layout.tileHeight)
    } catch {
      throw .sheet(layer: weights.layer, error)
    }
    let tiles = try tiles(layout, range: range)
    do throws(Sheet.Failure) {
      return try sheet.draw(tiles: tiles)
    } catch {
      throw .sheet(layer: weights.layer, error)
    }
  }

  /// The sheet that `draw` would draw without a bar, as one of two.
  func half(title: String) -> SideBySide.Half {
    let layout = layout
    return SideBySide.Half(
      sheet: sheet(layout, range: nil, title: title, hasBar: false), tileCount: layout.tileCount,
      width: layout.tileWidth, height: layout.tileHeight)
  }

  private var layout: WeightLayout {
    WeightLayout(
      weights, tilesOfUnit: isInColors ? 1 : channels.first?.count ?? 1, columns: appearance.columns)
  }

  private func sheet(_ layout: WeightLayout, range: ValueRange?, title: String?, hasBar: Bool) -> Sheet {
    var sheet = appearance.sheet(
      columns: layout.columns, scale: layout.scale, labels: labels(layout), range: hasBar ? range : nil)
    // Units stay together, whatever is asked for.
    sheet.columns = layout.columns
    // A unit's channels are tiles of their own, unless they are colours.
    if isInColors { sheet.bar = nil }
    if appearance.isLabelled { sheet.title = title }
    if weights.form == .matrix { sheet.labels = nil }
    return sheet
  }

  private func tiles(_ layout: WeightLayout, range: ValueRange?) throws(FilterSheet.Failure) -> [Picture] {
    var ranges: [ValueRange] = []
    for unit in 0..<weights.unitCount {
      // Also where all have one range, what is no number has an owner.
      let own = try weights.range(ofUnit: unit)
      ranges.append(range ?? own)
    }
    if weights.form == .matrix { return [matrix(ranges)] }
    var tiles: [Picture] = []
    tiles.reserveCapacity(layout.tileCount)
    for unit in 0..<weights.unitCount {
      if isInColors {
        tiles.append(colored(unit, ranges[unit]))
        continue
      }
      for channel in channels[unit] {
        tiles.append(tile(weights.tile(unit: unit, channel: channel), ranges[unit]))
      }
      // Every unit begins a row of its own where it needs more than one.
      for _ in 0..<layout.padding { tiles.append(.gray(GrayImage(width: 1, height: 1, pixels: [255]))) }
    }
    return tiles
  }

  private func tile(_ values: ArraySlice<Float>, _ range: ValueRange) -> Picture {
    appearance.colorScale.tile(values: values, width: weights.width, height: weights.height, range: range)
  }

  /// The channels of a unit as red, green and blue: much light is a great weight.
  private func colored(_ unit: Int, _ range: ValueRange) -> Picture {
    let planes = ColorScale.grayLightIsLarge.tile(
      values: weights.unit(unit), width: weights.width, height: 3 * weights.height, range: range)
    return Picture(pixels: planes.samples, shape: [3, weights.height, weights.width])
  }

  /// All units as the rows of one tile.
  private func matrix(_ ranges: [ValueRange]) -> Picture {
    let samples = ranges.indices.flatMap { tile(weights.unit($0), ranges[$0]).samples }
    return appearance.colorScale.isColored
      ? .rgb(RGBImage(width: weights.width, height: weights.unitCount, pixels: samples))
      : .gray(GrayImage(width: weights.width, height: weights.unitCount, pixels: samples))
  }

  /// `3` for the only tile of a filter, `3:17` for its channel 17.
  private func labels(_ layout: WeightLayout) -> [String] {
    guard appearance.isLabelled else { return [] }
    return channels.enumerated().flatMap { unit, channels in
      let name = weights.unitNames[unit]
      if isInColors || weights.channelCount == 1 { return [name] }
      return channels.map { "\(name):\(weights.channelNumber($0, ofUnit: unit))" }
        + [String](repeating: "", count: layout.padding)
    }
  }
}

/// How many tiles of a layer's weights there are, of which size, and how they stand in rows.
struct WeightLayout: Equatable {
  /// The columns of a tile, in numbers.
  let tileWidth: Int
  /// The rows of a tile, in numbers.
  let tileHeight: Int
  /// How many tiles there are, empty ones too.
  let tileCount: Int
  /// How many stand in a row.
  let columns: Int
  /// The empty tiles behind those of each unit.
  let padding: Int
  /// How large numbers are drawn if nobody says so: 10, as in the book; units of linear layers, which are as large as
  /// pictures and many, so that a tile has at most 120 pixels a side (a matrix 1,000) and the sheet 16 megapixels.
  let scale: Int

  /// The layout.
  ///
  /// - Parameters:
  ///   - tilesOfUnit: how many tiles each filter or unit has.
  ///   - wanted: how many tiles stand in a row; nil for eight, or those of a unit if it has several.
  init(_ weights: LayerWeights, tilesOfUnit: Int, columns wanted: Int?) {
    tileWidth = weights.width
    tileHeight = weights.form == .matrix ? weights.unitCount : weights.height
    // The tiles of a unit stay together: some units in a row, or some rows for a unit.
    let columns = max(wanted ?? (tilesOfUnit > 1 ? tilesOfUnit : 8), 1)
    if columns >= tilesOfUnit {
      self.columns = columns / tilesOfUnit * tilesOfUnit
      padding = 0
    } else {
      self.columns = columns
      padding = (columns - tilesOfUnit % columns) % columns
    }
    tileCount = weights.form == .matrix ? 1 : weights.unitCount * (tilesOfUnit + padding)
    switch weights.form {
    case .kernels: scale = 10
    case .matrix: scale = SheetAppearance.scale(forTileOf: tileWidth, tileHeight, side: 1_000)
    case .pictures:
      var scale = SheetAppearance.scale(forTileOf: tileWidth, tileHeight, side: 120)
      let rows = (tileCount + self.columns - 1) / self.columns
      while scale > 1, Self.area(self.columns, rows, tileWidth * scale, tileHeight * scale) > 16_000_000 {
        scale -= 1
      }
      self.scale = scale
    }
  }

  /// The pixels of a sheet without words.
  private static func area(_ columns: Int, _ rows: Int, _ width: Int, _ height: Int) -> Double {
    let margin = 10.0
    return (Double(columns) * (Double(width) + margin) + margin)
      * (Double(rows) * (Double(height) + margin) + margin)
  }
}
