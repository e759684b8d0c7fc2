import CNNCodecs
import CNNPictures

extension Sheet {
  /// Draws tiles with a thin grey line around each, for those that may be white at their edges, on white paper.
  ///
  /// The lines are in the margins: tiles stand where they stand without them, but for two columns and rows less around
  /// all. The sheet's size has been asked for before, so that it is known to fit.
  ///
  /// - Parameter isPlain: which tiles have no line: those with words.
  /// - Throws: `Failure`.
  func drawOutlined(_ tiles: [Picture], without isPlain: (Int) -> Bool = { _ in false }) throws(Failure)
    -> Picture
  {
    var outlined: [Picture] = []
    outlined.reserveCapacity(tiles.count)
    for (index, tile) in tiles.enumerated() {
      let (width, height) = (tile.width * scale + 2, tile.height * scale + 2)
      guard var canvas = Canvas(width: width, height: height, isColored: tile.isColored) else {
        throw .tooLarge(width: width, height: height, fittingScale: nil)
      }
      canvas.fill(
        PixelRectangle(x: 0, y: 0, width: width, height: height), isPlain(index) ? .white : .gray(200))
      canvas.draw(tile, x: 1, y: 1, scale: scale)
      outlined.append(canvas.picture)
    }
    var sheet = self
    sheet.scale = 1
    sheet.margin = max(margin - 2, 0)
    return try sheet.draw(tiles: outlined)
  }
}
