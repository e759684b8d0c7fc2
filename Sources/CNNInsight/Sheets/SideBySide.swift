import CNNCodecs
import CNNPictures

/// Two sheets as one: the first to the left, the second to the right of it; between them is more white than within them.
/// Below both is the bar of the range that they have in common.
struct SideBySide {
  /// A sheet that is yet to be drawn: how many tiles of which size it will have.
  struct Half {
    var sheet: Sheet
    let tileCount: Int
    let width: Int
    let height: Int
  }

  /// The bar; nil if each sheet's tiles have ranges or colours of their own.
  let bar: ColorBar?

  /// Two sheets with a bar below them if `range` is what both are drawn by.
  init(range: ValueRange?, appearance: SheetAppearance) {
    bar = appearance.isLabelled ? range.map { ColorBar(scale: appearance.colorScale, range: $0) } : nil
  }

  /// Finds out whether two sheets fit beside each other, before either is drawn.
  ///
  /// - Throws: `Sheet.Failure`; of sheets that are too large with the greatest scale with which both fit.
  func check(_ halves: (Half, Half)) throws(Sheet.Failure) {
    let size = try extent(halves)
    if Self.fits(size) { return }
    let fitting = Sheet.greatestScale(below: max(halves.0.sheet.scale, halves.1.sheet.scale)) { scale in
      var halves = halves
      halves.0.sheet.scale = scale
      halves.1.sheet.scale = scale
      return (try? extent(halves)).map(Self.fits) ?? false
    }
    throw .tooLarge(width: size.width, height: size.height, fittingScale: fitting)
  }

  /// Draws both.
  ///
  /// - Parameter pictures: whole sheets with their margins.
  /// - Throws: `Sheet.Failure`.
  func draw(_ pictures: (Picture, Picture)) throws(Sheet.Failure) -> Picture {
    try joint.draw(tiles: [pictures.0, pictures.1])
  }

  /// The sheet whose tiles are the two sheets.
  private var joint: Sheet { Sheet(columns: 2, scale: 1, bar: bar) }

  private func extent(_ halves: (Half, Half)) throws(Sheet.Failure) -> (width: Int, height: Int) {
    let first = try halves.0.extent()
    let second = try halves.1.extent()
    return try joint.extent(
      tileCount: 2, width: max(first.width, second.width), height: max(first.height, second.height))
  }

  private static func fits(_ size: (width: Int, height: Int)) -> Bool {
    Double(size.width) * Double(size.height) <= Double(Sheet.maximumPixelCount)
  }
}

extension SideBySide.Half {
  fileprivate func extent() throws(Sheet.Failure) -> (width: Int, height: Int) {
    try sheet.extent(tileCount: tileCount, width: width, height: height)
  }
}
