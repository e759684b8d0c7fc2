/// A picture, grey or coloured.
public enum Picture: Sendable, Equatable {
  /// One byte a pixel.
  case gray(GrayImage)
  /// Three bytes a pixel.
  case rgb(RGBImage)

  /// The number of columns, at least 1.
  public var width: Int {
    switch self {
    case .gray(let image): image.width
    case .rgb(let image): image.width
    }
  }

  /// The number of rows, at least 1.
  public var height: Int {
    switch self {
    case .gray(let image): image.height
    case .rgb(let image): image.height
    }
  }

  /// Whether pixels have three samples, whether or not any of them has a hue.
  public var isColored: Bool {
    if case .rgb = self { true } else { false }
  }

  /// The samples, row by row from the top: [height, width] greys or [height, width, 3] reds, greens and blues.
  public var samples: [UInt8] {
    switch self {
    case .gray(let image): image.pixels
    case .rgb(let image): image.pixels
    }
  }

  /// The picture in grey: itself, or the luma of its colours as `PNG.decodeGray` takes it.
  public var grayImage: GrayImage {
    switch self {
    case .gray(let image): return image
    case .rgb(let image):
      let pixels = [UInt8](unsafeUninitializedCapacity: width * height) { buffer, count in
        for index in 0..<width * height {
          let (red, green, blue) = (
            image.pixels[3 * index], image.pixels[3 * index + 1], image.pixels[3 * index + 2]
          )
          buffer[index] = Self.luma(red: red, green: green, blue: blue)
        }
        count = width * height
      }
      return GrayImage(width: width, height: height, pixels: pixels)
    }
  }

  /// The grey of a colour by Rec. 601, in whole numbers, as `PNG.decodeGray` takes it; greys stay as they are.
  public static func luma(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
    UInt8(PNGRowConverter.luma(Int(red), Int(green), Int(blue)))
  }
}
