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
    let sheet = appearance.sheet(
      columns: isRow ? columns(maps.unitCount) : 8,
      scale: isRow ? 24 : SheetAppearance.scale(forTileOf: width, height, side: 120),
      labels: names ?? (0..<maps.unitCount).map(String.init), range: range)
    _ = try sheet.size(tileCount: maps.unitCount, width: width, height: height)
    return try sheet.drawOutlined(
      (0..<maps.unitCount).map { unit in
        let values = maps.map(unit)
        return appearance.colorScale.tile(
          values: values, width: width, height: height, range: range ?? ValueRange(values) ?? all)
      })
  }

  /// The tens in a row with which so many blocks have no more rows than columns.
  private static func columns(_ count: Int) -> Int {
    var tens = 1
    while tens * tens * 100 < count { tens += 1 }
    return tens * 10
  }
}
