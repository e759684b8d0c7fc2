import CNNCodecs

/// A picture under construction, white at first.
///
/// Whatever is drawn is clipped: what lies outside the canvas is left out, wherever it begins.
public struct Canvas: Sendable {
  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// Whether pixels have colours; on a grey canvas colours become grey by their luma.
  public let isColored: Bool
  /// [height, width] or [height, width, 3].
  private var samples: [UInt8]

  /// A white canvas.
  ///
  /// - Returns: nil for a side that is not positive and for more than `Sheet.maximumPixelCount` pixels.
  public init?(width: Int, height: Int, isColored: Bool = false) {
    guard width > 0, height > 0, width <= Sheet.maximumPixelCount / height else { return nil }
    self.width = width
    self.height = height
    self.isColored = isColored
    samples = [UInt8](repeating: 255, count: width * height * (isColored ? 3 : 1))
  }

  /// What has been drawn: grey for a grey canvas, else red, green and blue.
  public var picture: Picture {
    isColored
      ? .rgb(RGBImage(width: width, height: height, pixels: samples))
      : .gray(GrayImage(width: width, height: height, pixels: samples))
  }

  /// Paints a rectangle.
  ///
  /// *Edge cases*: a width or height that is not positive paints nothing.
  public mutating func fill(_ rectangle: PixelRectangle, _ color: Color) {
    let columns = Self.visible(from: rectangle.x, count: rectangle.width, limit: width)
    let rows = Self.visible(from: rectangle.y, count: rectangle.height, limit: height)
    guard !columns.isEmpty, !rows.isEmpty else { return }
    let row: [UInt8]
    if isColored {
      row = columns.flatMap { _ in [color.red, color.green, color.blue] }
    } else {
      row = [UInt8](repeating: color.luma, count: columns.count)
    }
    for y in rows { write(row, x: columns.lowerBound, y: y) }
  }

  /// Paints the border of a rectangle, `thickness` pixels inside its edges.
  ///
  /// *Edge cases*: a thickness of half the width or height fills the rectangle; one that is not positive paints nothing.
  public mutating func frame(_ rectangle: PixelRectangle, thickness: Int = 1, _ color: Color) {
    let (x, y) = (rectangle.x, rectangle.y)
    let (width, height) = (rectangle.width, rectangle.height)
    let across = min(thickness, height)
    let along = min(thickness, width)
    fill(PixelRectangle(x: x, y: y, width: width, height: across), color)
    fill(PixelRectangle(x: x, y: y &+ height &- across, width: width, height: across), color)
    fill(PixelRectangle(x: x, y: y, width: along, height: height), color)
    fill(PixelRectangle(x: x &+ width &- along, y: y, width: along, height: height), color)
  }

  /// Draws a picture with its upper left corner at (x, y), each of its pixels as a block of `scale` by `scale`.
  ///
  /// *Edge cases*: a scale that is not positive draws nothing.
  public mutating func draw(_ tile: Picture, x: Int, y: Int, scale: Int = 1) {
    guard scale > 0 else { return }
    let columns = Self.visible(from: x, count: tile.width.saturatingProduct(scale), limit: width)
    let rows = Self.visible(from: y, count: tile.height.saturatingProduct(scale), limit: height)
    guard !columns.isEmpty, !rows.isEmpty else { return }
    let source = isColored ? tile : .gray(tile.grayImage)
    let pixels = source.samples
    let depth = source.isColored ? 3 : 1
    var row: [UInt8] = []
    var drawn = -1
    for line in rows {
      let tileRow = (line - y) / scale
      if tileRow != drawn {
        drawn = tileRow
        row.removeAll(keepingCapacity: true)
        let start = tileRow * tile.width * depth
        Self.appendScaled(
          pixels[start..<start + tile.width * depth], depth: depth,
          repeating: isColored && depth == 1 ? 3 : 1,
          skipping: columns.lowerBound - x, count: columns.count, scale: scale, to: &row)
      }
      write(row, x: columns.lowerBound, y: line)
    }
  }

  /// Appends `count` pixels of a row whose pixels are repeated `scale` times, without the first `skipping`.
  ///
  /// - Parameters:
  ///   - depth: samples a pixel of the row.
  ///   - repeating: how often each sample is written: 3 makes colours of grey.
  private static func appendScaled(
    _ pixels: ArraySlice<UInt8>, depth: Int, repeating: Int, skipping: Int, count: Int, scale: Int,
    to row: inout [UInt8]
  ) {
    if scale == 1, repeating == 1 {
      let start = pixels.startIndex + skipping * depth
      row.append(contentsOf: pixels[start..<start + count * depth])
      return
    }
    var left = count
    var pixel = skipping / scale
    var run = min(scale - skipping % scale, left)
    while left > 0 {
      let start = pixels.startIndex + pixel * depth
      if depth == 1 {
        row.append(contentsOf: repeatElement(pixels[start], count: run * repeating))
      } else {
        for _ in 0..<run { row.append(contentsOf: pixels[start..<start + 3]) }
      }
      left -= run
      pixel += 1
      run = min(scale, left)
    }
  }

  /// Copies samples into a row of the canvas, from column `x` on.
  private mutating func write(_ row: [UInt8], x: Int, y: Int) {
    let start = (y * width + x) * (isColored ? 3 : 1)
    samples.withUnsafeMutableBytes { samples in
      row.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: samples[start..<start + row.count]).copyMemory(from: $0)
      }
    }
  }

  /// The part of `count` places from `start` on that is in `0..<limit`.
  private static func visible(from start: Int, count: Int, limit: Int) -> Range<Int> {
    guard count > 0, start < limit else { return 0..<0 }
    let (end, overflow) = start.addingReportingOverflow(count)
    let first = max(start, 0)
    let last = overflow ? limit : min(end, limit)
    return first < last ? first..<last : 0..<0
  }
}

extension Int {
  /// The product of two numbers that are not negative, or the greatest number if it overflows.
  func saturatingProduct(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
