import CNNCodecs

@testable import CNNPictures

/// Small pictures for the tests.
enum TestDigits {
  /// A picture of the characters' ink: " " none, "." a third, "+" two thirds, "#" full.
  static func ink(_ rows: String...) -> GrayImage {
    let width = rows.map(\.count).max() ?? 1
    let pixels = rows.flatMap { row in
      (row + String(repeating: " ", count: width - row.count)).map { character -> UInt8 in
        switch character {
        case ".": 85
        case "+": 170
        case "#": 255
        default: 0
        }
      }
    }
    return GrayImage(width: width, height: rows.count, pixels: pixels)
  }

  /// A seven of soft strokes, 14 by 20 pixels.
  static let seven: GrayImage = {
    var image = GrayImage(width: 14, height: 20, pixels: [UInt8](repeating: 0, count: 280))
    for y in 0..<20 {
      for x in 0..<14 {
        let bar = y < 3
        let stem = abs(Double(x) - (12.0 - Double(y) * 0.4)) < 1.6
        if bar || stem { image[x, y] = bar ? 255 : 230 }
      }
    }
    return image
  }()

  /// A ring of ink, `side` pixels wide, its stroke a share of that.
  static func ring(_ side: Int, stroke: Double) -> GrayImage {
    var image = GrayImage(width: side, height: side, pixels: [UInt8](repeating: 0, count: side * side))
    let middle = Double(side - 1) / 2
    for y in 0..<side {
      for x in 0..<side {
        let (dx, dy) = (Double(x) - middle, Double(y) - middle)
        let radius = (dx * dx + dy * dy).squareRoot()
        if radius <= Double(side) / 2, radius >= Double(side) * (0.5 - stroke) { image[x, y] = 255 }
      }
    }
    return image
  }

  /// Ink on a sheet: `paper` and `strokes` are the greys of none and of full ink.
  static func sheet(
    _ ink: GrayImage, x: Int, y: Int, width: Int, height: Int, paper: UInt8 = 0, strokes: UInt8 = 255
  ) -> GrayImage {
    var sheet = GrayImage(
      width: width, height: height, pixels: [UInt8](repeating: paper, count: width * height))
    let range = Double(strokes) - Double(paper)
    for row in 0..<ink.height {
      for column in 0..<ink.width {
        sheet[x + column, y + row] = UInt8(
          (Double(paper) + range * Double(ink[column, row]) / 255).rounded())
      }
    }
    return sheet
  }

  /// Every pixel as a block of `factor` by `factor`.
  static func enlarged(_ image: GrayImage, by factor: Int) -> GrayImage {
    var result = GrayImage(
      width: image.width * factor, height: image.height * factor,
      pixels: [UInt8](repeating: 0, count: image.pixels.count * factor * factor))
    for y in 0..<result.height {
      for x in 0..<result.width { result[x, y] = image[x / factor, y / factor] }
    }
    return result
  }

  /// The mean difference between two pictures' pixels.
  static func meanDifference(_ one: GrayImage, _ other: GrayImage) -> Double {
    let sum = zip(one.pixels, other.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(one.pixels.count)
  }

  /// The greatest difference between two pictures' pixels.
  static func difference(_ one: GrayImage, _ other: GrayImage) -> Int {
    zip(one.pixels, other.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }
}
