import CNNCodecs

/// Many small pictures on one white sheet, row by row, as the filters of a network are usually shown.
///
/// From the top: a title, if there is one; rows of tiles, each with a label below it, if there are labels; a bar that
/// says which number a colour stands for, if there is one. `margin` pixels of white are between all these and around
/// them.
///
/// All cells of a sheet are of one size, that of the widest and the highest tile; smaller tiles stand in the middle of
/// theirs. Where there are fewer tiles than columns, the sheet has only as many columns as tiles.
public struct Sheet: Sendable, Equatable {
  /// How many tiles stand in a row; less than 1 counts as 1.
  public var columns: Int
  /// How many pixels high and wide each pixel of a tile is drawn.
  public var scale: Int
  /// Pixels of white between the tiles and around them.
  public var margin: Int
  /// What is written below the tiles, a line each; tiles beyond them have none. Cells become wider for labels of up to 24
  /// letters; longer ones are cut.
  public var labels: [String]?
  /// What is written above all tiles, cut to the sheet's width.
  public var title: String?
  /// The bar below all tiles. A sheet that is too narrow for its numbers becomes wider.
  public var bar: ColorBar?

  /// A sheet as *Deep Learning from Scratch* draws it: 8 columns, every weight a block of 10x10 pixels, 10 pixels
  /// of white, and no words.
  public init(
    columns: Int = 8, scale: Int = 10, margin: Int = 10, labels: [String]? = nil, title: String? = nil,
    bar: ColorBar? = nil
  ) {
    self.columns = columns
    self.scale = scale
    self.margin = margin
    self.labels = labels
    self.title = title
    self.bar = bar
  }

  /// The most pixels that a sheet may have.
  public static let maximumPixelCount = 100_000_000

  /// Draws tiles. The sheet is coloured if one of them is, or the bar.
  ///
  /// - Throws: `Failure`.
  public func draw(tiles: [Picture]) throws(Failure) -> Picture {
    let layout = try layout(
      tileCount: tiles.count, width: tiles.map(\.width).max() ?? 0, height: tiles.map(\.height).max() ?? 0)
    let isColored = bar?.scale.isColored == true || tiles.contains(where: \.isColored)
    guard var canvas = Canvas(width: layout.width, height: layout.height, isColored: isColored) else {
      throw layout.tooLarge(fittingScale: nil)
    }
    if let title {
      let text = Glyphs.cut(title, toWidth: layout.width - 2 * margin, scale: layout.textScale)
      canvas.draw(text, x: margin, y: margin, scale: layout.textScale)
    }
    for (index, tile) in tiles.enumerated() {
      let (left, top) = layout.origin(ofCell: index)
      let tileLeft = left + (layout.tileWidth - tile.width * scale) / 2
      canvas.draw(
        tile, x: tileLeft,
        y: top + (layout.tileHeight - tile.height * scale) / 2, scale: scale)
      if let labels, index < labels.count {
        let text = Glyphs.cut(labels[index], toWidth: layout.tileWidth, scale: layout.labelScale)
        let textWidth = Glyphs.width(of: text, scale: layout.labelScale)
        // Below the tile's left edge, unless it is wider than the tile.
        let x = min(max(left, tileLeft), left + layout.tileWidth - textWidth)
        canvas.draw(
          text, x: max(x, left), y: top + layout.tileHeight + layout.labelGap, scale: layout.labelScale)
      }
    }
    if let bar {
      bar.draw(
        on: &canvas, x: margin, y: layout.barTop, width: layout.barWidth, textScale: layout.textScale)
    }
    return canvas.picture
  }

  /// How many columns and rows of pixels a sheet of tiles has: known before they are made, which can take far more memory
  /// than the sheet.
  ///
  /// - Parameters:
  ///   - tileCount: how many tiles there will be.
  ///   - width: of the widest tile.
  ///   - height: of the highest tile.
  /// - Throws: `Failure`, as `draw(tiles:)` does for such tiles.
  public func size(tileCount: Int, width: Int, height: Int) throws(Failure) -> (width: Int, height: Int) {
    let layout = try layout(tileCount: tileCount, width: width, height: height)
    return (layout.width, layout.height)
  }

  /// How many columns and rows of pixels a sheet of tiles would have, also one that is too large: `Int.max` stands for
  /// more.
  ///
  /// - Throws: `Failure` for a sheet that cannot be, whatever its size.
  public func extent(tileCount: Int, width: Int, height: Int) throws(Failure) -> (width: Int, height: Int) {
    try check(tileCount)
    let layout = SheetLayout(
      self, scale: scale, tileCount: tileCount, largestWidth: width, largestHeight: height)
    return layout.extent
  }

  /// The greatest scale below one that is too large with which something fits; nil if there is none.
  ///
  /// - Parameter fits: true up to some scale, false beyond.
  public static func greatestScale(below tooLarge: Int, where fits: (Int) -> Bool) -> Int? {
    // `fitting` fits, unless it is 0, and `tooLarge` doesn't.
    var (fitting, tooLarge) = (0, tooLarge)
    while tooLarge - fitting > 1 {
      let middle = fitting + (tooLarge - fitting) / 2
      if fits(middle) { fitting = middle } else { tooLarge = middle }
    }
    return fitting > 0 ? fitting : nil
  }

  private func check(_ tileCount: Int) throws(Failure) {
    guard scale > 0 else { throw .invalidScale(scale) }
    guard margin >= 0 else { throw .invalidMargin(margin) }
    guard tileCount > 0 else { throw .noTiles }
  }

  /// Where everything is; verified to be within the cap.
  private func layout(tileCount: Int, width: Int, height: Int) throws(Failure) -> SheetLayout {
    try check(tileCount)
    func arranged(scale: Int) -> SheetLayout {
      SheetLayout(self, scale: scale, tileCount: tileCount, largestWidth: width, largestHeight: height)
    }
    let layout = arranged(scale: scale)
    if layout.fits { return layout }
    throw layout.tooLarge(
      fittingScale: Self.greatestScale(below: scale) { arranged(scale: $0).fits })
  }
}
