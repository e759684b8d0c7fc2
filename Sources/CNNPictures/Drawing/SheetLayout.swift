import CNNCodecs

/// Where everything on a sheet is.
///
/// Lengths are worked out in `Double`, which cannot overflow and is exact for every sheet that fits; only these are
/// asked for places.
struct SheetLayout {
  private let sheet: Sheet
  private let scale: Int
  private let columns: Int
  /// Pixels: may be more than an `Int` holds.
  private let exactWidth: Double
  private let exactHeight: Double
  private let exactTileWidth: Double
  private let exactTileHeight: Double
  private let exactRowPitch: Double
  private let tilesTop: Double
  private let tilesBottom: Double

  /// The size of letters in title and bar.
  let textScale: Int
  /// The size of letters below tiles.
  let labelScale: Int

  init(_ sheet: Sheet, scale: Int, tileCount: Int, largestWidth: Int, largestHeight: Int) {
    self.sheet = sheet
    self.scale = scale
    columns = min(max(sheet.columns, 1), max(tileCount, 1))
    let rows = tileCount > 0 ? (tileCount - 1) / columns + 1 : 0
    let margin = Double(sheet.margin)
    // A number that is cut says nothing, so cells are at least as wide as their labels.
    exactTileWidth = max(Double(largestWidth) * Double(scale), Self.leastWidth(of: sheet.labels ?? []))
    exactTileHeight = Double(largestHeight) * Double(scale)
    let tilesWidth = margin + Double(columns) * (exactTileWidth + margin)
    textScale = Self.textScale(forWidth: tilesWidth / 4)
    labelScale = Self.labelScale(sheet.labels ?? [], tileWidth: exactTileWidth)
    let labelHeight =
      sheet.labels == nil ? 0 : Double(Self.gap * labelScale + Glyphs.height(scale: labelScale))
    exactRowPitch = exactTileHeight + labelHeight + margin
    tilesTop = margin + (sheet.title == nil ? 0 : Double(Glyphs.height(scale: textScale)) + margin)
    tilesBottom = tilesTop + Double(rows) * exactRowPitch - margin
    // Without a margin, the bar would touch the tiles.
    let barSpace = max(margin, Double(4 * textScale))
    let barHeight = sheet.bar == nil ? 0 : barSpace + Double(ColorBar.height(textScale: textScale))
    exactHeight = tilesBottom + barHeight + margin
    let barWidth = Double(sheet.bar?.leastWidth(textScale: textScale) ?? 0)
    exactWidth = max(tilesWidth, barWidth + 2 * margin)
  }

  /// Whether the sheet has no more pixels than are drawn.
  var fits: Bool { exactWidth * exactHeight <= Double(Sheet.maximumPixelCount) }

  /// The failure that says how large the sheet would be.
  func tooLarge(fittingScale: Int?) -> Sheet.Failure {
    .tooLarge(width: extent.width, height: extent.height, fittingScale: fittingScale)
  }

  /// The sheet's size, whether or not it fits; `Int.max` if an `Int` holds no such number.
  var extent: (width: Int, height: Int) {
    (Int(exactly: exactWidth) ?? .max, Int(exactly: exactHeight) ?? .max)
  }

  var width: Int { Int(exactWidth) }
  var height: Int { Int(exactHeight) }
  var tileWidth: Int { Int(exactTileWidth) }
  var tileHeight: Int { Int(exactTileHeight) }

  /// White between a tile and its label.
  var labelGap: Int { Self.gap * labelScale }

  /// The upper left corner of a cell.
  func origin(ofCell index: Int) -> (x: Int, y: Int) {
    (
      sheet.margin + index % columns * (tileWidth + sheet.margin),
      Int(tilesTop) + index / columns * Int(exactRowPitch)
    )
  }

  var barTop: Int { Int(tilesBottom) + max(sheet.margin, 4 * textScale) }

  /// The bar is as wide as the tiles, but no wider than is of use.
  var barWidth: Int {
    let least = sheet.bar?.leastWidth(textScale: textScale) ?? 0
    return max(min(width - 2 * sheet.margin, 256 * textScale), least)
  }

  private static let gap = 2

  /// Letters that can be read beside something of this width: 1 to 3 times their smallest size.
  private static func textScale(forWidth width: Double) -> Int { Int(min(max(width / 80, 1), 3)) }

  /// How wide cells are at least, so that no label is cut that is not longer than a few words.
  private static func leastWidth(of labels: [String]) -> Double {
    let longest = labels.map { Glyphs.width(of: $0) }.max() ?? 0
    return Double(min(longest, 24 * Glyphs.advance))
  }

  /// The largest letters that suit the width of a tile and leave all labels whole; the smallest if none does.
  private static func labelScale(_ labels: [String], tileWidth: Double) -> Int {
    let longest = Double(labels.map { Glyphs.width(of: $0) }.max() ?? 0)
    var scale = tileWidth < 107 ? 1 : tileWidth < 300 ? 2 : 3
    while scale > 1, longest * Double(scale) > tileWidth { scale -= 1 }
    return scale
  }
}
