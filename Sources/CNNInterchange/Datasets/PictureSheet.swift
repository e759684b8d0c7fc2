import CNNCodecs

/// A PNG with many digits in it: one in each row, its pixels side by side, or a grid of them.
enum PictureSheet {
  /// How many pixels a row of a sheet has that holds one of MNIST's digits.
  private static let rowWidth = 784

  /// The digits of a sheet, in reading order: [N, H, W].
  ///
  /// - Parameter tile: how large a digit is in a grid; nil for one in each row of 784 pixels.
  /// - Throws: `PNGError`, and `InterchangeError.notASheet` for a size that is not that of such a sheet.
  static func digits(of png: [UInt8], tile: TileSize?) throws -> NumericArray {
    let header = try PNG.header(png)
    let fits =
      tile.map { header.width % $0.width == 0 && header.height % $0.height == 0 }
      ?? (header.width == rowWidth)
    guard fits else {
      throw InterchangeError.notASheet(width: header.width, height: header.height, tile: tile)
    }
    let sheet = try PNG.decodeGray(png)
    guard let tile else { return try array(sheet.pixels, count: sheet.height, height: 28, width: 28) }
    let columns = sheet.width / tile.width
    var pixels: [UInt8] = []
    pixels.reserveCapacity(sheet.pixels.count)
    for top in stride(from: 0, to: sheet.height, by: tile.height) {
      for column in 0..<columns {
        for row in 0..<tile.height {
          let start = (top + row) * sheet.width + column * tile.width
          pixels += sheet.pixels[start..<start + tile.width]
        }
      }
    }
    return try array(
      pixels, count: sheet.height / tile.height * columns, height: tile.height, width: tile.width)
  }

  private static func array(_ pixels: [UInt8], count: Int, height: Int, width: Int) throws -> NumericArray {
    let shape = [count, height, width]
    guard
      let array = NumericArray(
        elementType: .uint8, shape: shape, storage: pixels, range: 0..<pixels.count)
    else { throw InterchangeError.imageShape("the sheet", shape) }
    return array
  }
}

/// How large the digits in a grid are.
public struct TileSize: Sendable, Equatable, CustomStringConvertible {
  /// The number of columns, at least 1.
  public let width: Int
  /// The number of rows, at least 1.
  public let height: Int

  /// Reads `28x28`; nil for anything else than two numbers from 1 to 65,536.
  public init?(_ text: String) {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1], (1...65_536).contains(width),
      (1...65_536).contains(height)
    else { return nil }
    self.width = width
    self.height = height
  }

  /// As it is read: `28x28`.
  public var description: String { "\(width)x\(height)" }
}
