import CNNCodecs

/// Many small pictures on one white sheet, row by row, as the filters of a network are usually shown.
public struct Sheet: Sendable {
  /// How many tiles stand in a row.
  public var columns: Int
  /// How many pixels high and wide each number of a tile is drawn.
  public var scale: Int
  /// Pixels of white between the tiles and around them.
  public var margin: Int

  /// A sheet as *Deep Learning from Scratch* draws it: 8 columns, every weight a block of 10x10 pixels, 10 pixels
  /// of white.
  public init(columns: Int = 8, scale: Int = 10, margin: Int = 10) {
    self.columns = columns
    self.scale = scale
    self.margin = margin
  }

  /// The most pixels that a sheet may have.
  public static let maximumPixelCount = 100_000_000

  /// Draws tiles of grey values.
  ///
  /// - Parameters:
  ///   - tiles: of one size each, `height` rows of `width` grey values.
  /// - Returns: the sheet, whose empty places in the last row are white, or nil if it would have more than
  ///   `maximumPixelCount` pixels, a scale that is not positive or a negative margin.
  /// - Precondition: every tile has `width * height` grey values, and both are positive.
  public func draw(tiles: [[UInt8]], width: Int, height: Int) -> GrayImage? {
    let columns = max(columns, 1)
    let rows = (tiles.count + columns - 1) / columns
    guard scale > 0, margin >= 0, let sheetWidth = extent(tiles: columns, size: width),
      let sheetHeight = extent(tiles: rows, size: height)
    else { return nil }
    let (count, overflow) = sheetWidth.multipliedReportingOverflow(by: sheetHeight)
    guard !overflow, count <= Self.maximumPixelCount else { return nil }
    var pixels = [UInt8](repeating: 255, count: count)
    for (index, tile) in tiles.enumerated() {
      let left = margin + index % columns * (width * scale + margin)
      let top = margin + index / columns * (height * scale + margin)
      for y in 0..<height * scale {
        let row = (top + y) * sheetWidth + left
        for x in 0..<width * scale {
          pixels[row + x] = tile[y / scale * width + x / scale]
        }
      }
    }
    return GrayImage(width: sheetWidth, height: sheetHeight, pixels: pixels)
  }

  /// The length of a row of tiles, margins included; nil if it overflows.
  private func extent(tiles: Int, size: Int) -> Int? {
    let (scaled, first) = size.multipliedReportingOverflow(by: scale)
    let (pitch, second) = scaled.addingReportingOverflow(margin)
    let (all, third) = pitch.multipliedReportingOverflow(by: tiles)
    let (total, fourth) = all.addingReportingOverflow(margin)
    return first || second || third || fourth ? nil : total
  }

  /// Grey values for numbers, scaled to their own range: the greatest is black, the least white.
  ///
  /// *Edge cases*: numbers that are all equal become a middle grey; NaN has no grey, and gives nil.
  public static func darkIsLarge(_ values: some Collection<Float>) -> [UInt8]? {
    guard let least = values.min(), let greatest = values.max(), values.allSatisfy(\.isFinite) else {
      return nil
    }
    let range = Double(greatest) - Double(least)
    if range == 0 { return [UInt8](repeating: 128, count: values.count) }
    return values.map { UInt8((255 * (Double(greatest) - Double($0)) / range).rounded()) }
  }
}
