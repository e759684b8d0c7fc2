import CNNCodecs
import CNNPictures

/// What a layer gives for one input, as one picture.
///
/// Every channel is a tile, eight in a row. A row of numbers becomes a block for each number, ten, twenty ... in a row,
/// so that there are no more rows than columns. Dark is large; a grey line goes around each tile.
public enum FeatureMapSheet {
  /// Draws the maps of a layer.
  ///
  /// Each map is drawn by its own range or by that of all, as the appearance says; single numbers always by that of all.
  ///
  /// - Parameters:
  ///   - maps: finite, as `FeatureMaps.maps` gives them.
  ///   - names: what stands below the tiles where the appearance has labels; numbers if nil.
  /// - Throws: `Sheet.Failure`.
  public static func draw(
    _ maps: FeatureMaps, names: [String]? = nil, appearance: SheetAppearance = SheetAppearance()
  ) throws(Sheet.Failure) -> Picture {
    let isRow = maps.shape.count != 3
    let (height, width) = isRow ? (1, 1) : (maps.shape[1], maps.shape[2])
    guard let all = ValueRange(maps.values) else { throw .noTiles }
    let range = isRow || appearance.scaling == .layer ? all : nil
    var sheet = appearance.sheet(
      columns: isRow ? columns(maps.unitCount) : 8,
      scale: isRow ? 24 : SheetAppearance.scale(forTileOf: width, height, side: 120),
      labels: names ?? (0..<maps.unitCount).map(String.init), range: range)
    _ = try sheet.size(tileCount: maps.unitCount, width: width, height: height)
    var tiles: [Picture] = []
    for unit in 0..<maps.unitCount {
      let values = maps.map(unit)
      let tile = appearance.colorScale.tile(
        values: values, width: width, height: height, range: range ?? ValueRange(values) ?? all)
      tiles.append(try outlined(tile, scale: sheet.scale))
    }
    // The tiles have their scale, and a pixel around them, already.
    sheet.scale = 1
    sheet.margin -= 2
    return try sheet.draw(tiles: tiles)
  }

  /// A map with a grey line around it: most of what a layer gives is 0, white on white paper.
  private static func outlined(_ tile: Picture, scale: Int) throws(Sheet.Failure) -> Picture {
    let (width, height) = (tile.width * scale + 2, tile.height * scale + 2)
    guard var canvas = Canvas(width: width, height: height, isColored: tile.isColored) else {
      throw .tooLarge(width: width, height: height, fittingScale: nil)
    }
    canvas.fill(PixelRectangle(x: 0, y: 0, width: width, height: height), .gray(200))
    canvas.draw(tile, x: 1, y: 1, scale: scale)
    return canvas.picture
  }

  /// The tens in a row with which so many blocks have no more rows than columns.
  private static func columns(_ count: Int) -> Int {
    var tens = 1
    while tens * tens * 100 < count { tens += 1 }
    return tens * 10
  }
}
