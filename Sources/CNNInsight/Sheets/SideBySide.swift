import CNNCodecs
import CNNPictures

/// Two sheets as one.
enum SideBySide {
  /// The first to the left, the second to the right of it; between them is more white than within them. Below both is
  /// the bar of the range that they have in common.
  ///
  /// - Parameters:
  ///   - pictures: whole sheets with their margins.
  ///   - range: what both are drawn by; nil if there is no bar.
  static func draw(_ pictures: (Picture, Picture), range: ValueRange?, appearance: SheetAppearance)
    throws(Sheet.Failure) -> Picture
  {
    let sheet = Sheet(
      columns: 2, scale: 1,
      bar: appearance.isLabelled ? range.map { ColorBar(scale: appearance.colorScale, range: $0) } : nil)
    return try sheet.draw(tiles: [pictures.0, pictures.1])
  }
}
