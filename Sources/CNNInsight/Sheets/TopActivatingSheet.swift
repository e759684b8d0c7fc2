import CNNCodecs
import CNNPictures

/// The examples that excite the units of a layer most, a row for each unit.
///
/// What the unit looks at in an example is framed, unless that is all of it.
public enum TopActivatingSheet {
  /// The frame's colour.
  public static let frameColor = Color(red: 240, green: 80, blue: 20)

  /// Draws the examples.
  ///
  /// - Parameters:
  ///   - top: which examples, and where; as many for each unit.
  ///   - units: which units of the layer; all if nil.
  ///   - names: what stands in front of the rows where the appearance has labels; numbers if nil.
  ///   - picture: an example as a picture, all of one size.
  /// - Throws: `Sheet.Failure`.
  public static func draw(
    _ top: TopActivating, units: Range<Int>? = nil, names: [String]? = nil,
    appearance: SheetAppearance = SheetAppearance(),
    picture: (Int) -> Picture
  ) throws(Sheet.Failure) -> Picture {
    let units = units?.clamped(to: 0..<top.units.count) ?? 0..<top.units.count
    guard let count = top.units[units].first?.count, let first = top.units[units].first?.first else {
      throw .noTiles
    }
    let sample = picture(first.example)
    let scale =
      appearance.scale ?? SheetAppearance.scale(forTileOf: sample.width, sample.height, side: 120)
    let hasNames = appearance.isLabelled
    var sheet = appearance.sheet(columns: count, scale: scale, labels: nil, range: nil)
    sheet.columns = count + (hasNames ? 1 : 0)
    if hasNames { sheet.labels = [] }
    _ = try sheet.size(
      tileCount: units.count * sheet.columns, width: sample.width, height: sample.height)
    // The frame is finer than the pixels, so that tiles are drawn at their scale here.
    sheet.scale = 1
    var tiles: [Picture] = []
    var labels: [String] = []
    for unit in units {
      if hasNames {
        let name = names.flatMap { $0.indices.contains(unit) ? $0[unit] : nil } ?? "\(unit)"
        tiles.append(text(name, width: sample.width * scale, height: sample.height * scale))
        labels.append("")
      }
      for hit in top.units[unit] {
        tiles.append(try framed(picture(hit.example), hit.field, scale: scale))
        labels.append(NumberFormat.short(Double(hit.activation)))
      }
    }
    if hasNames { sheet.labels = labels }
    return try sheet.drawOutlined(tiles, without: { hasNames && $0 % (count + 1) == 0 })
  }

  /// An example, with a frame around what is seen of it.
  private static func framed(_ picture: Picture, _ field: PixelRectangle, scale: Int) throws(Sheet.Failure)
    -> Picture
  {
    let (width, height) = (picture.width * scale, picture.height * scale)
    guard var canvas = Canvas(width: width, height: height, isColored: true) else {
      throw .tooLarge(width: width, height: height, fittingScale: nil)
    }
    canvas.draw(picture, x: 0, y: 0, scale: scale)
    if field.width < picture.width || field.height < picture.height {
      canvas.frame(
        PixelRectangle(
          x: field.x * scale, y: field.y * scale, width: field.width * scale, height: field.height * scale),
        thickness: max(scale / 2, 1), frameColor)
    }
    return canvas.picture
  }

  /// A name in the middle of a white tile.
  private static func text(_ name: String, width: Int, height: Int) -> Picture {
    let white = Picture.gray(GrayImage(width: 1, height: 1, pixels: [255]))
    guard var canvas = Canvas(width: width, height: height, isColored: false) else { return white }
    let scale =
      Glyphs.width(of: name, scale: 3) <= width ? 3 : Glyphs.width(of: name, scale: 2) <= width ? 2 : 1
    let shown = Glyphs.cut(name, toWidth: width, scale: scale)
    canvas.draw(
      shown, x: (width - Glyphs.width(of: shown, scale: scale)) / 2,
      y: (height - Glyphs.height(scale: scale)) / 2, scale: scale)
    return canvas.picture
  }
}
