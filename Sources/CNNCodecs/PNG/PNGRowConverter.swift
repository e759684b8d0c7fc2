/// Turns rows of samples into grey.
///
/// Three steps, in this order, each rounded to whole numbers, so that others can reproduce them bit for bit:
///
/// 1. Every sample, alpha included, becomes one of 8 bits: v * 255 / (2^depth - 1), rounded to nearest.
/// 2. Red, green and blue become grey by the weights of Rec. 601 in units of 2^-16, rounded to nearest.
/// 3. Grey is laid over the background: (grey * alpha + background * (255 - alpha)) / 255, rounded to nearest.
struct PNGRowConverter {
  private let header: PNGHeader
  private let background: Int
  /// The grey of each possible sample where a pixel is a single one of at most 8 bits: an index or a grey.
  private let grays: [UInt8]
  /// The transparent colour, for types 0 and 2: its samples as the file has them.
  private let transparentSamples: [Int]?

  /// A converter for the rows of `structure`, which was found in `bytes`.
  init(_ structure: PNGStructure, in bytes: [UInt8], background: UInt8) {
    let header = structure.header
    let greatest = 1 << header.bitDepth - 1
    self.header = header
    self.background = Int(background)
    // The specification takes the low bits where the samples have fewer than 16.
    let transparency = structure.transparency.map { Array(bytes[$0]) }
    switch header.colorType {
    case .palette:
      let palette = Array(bytes[structure.palette])
      grays = (0..<palette.count / 3).map { index in
        let alpha = transparency.flatMap { index < $0.count ? $0[index] : nil } ?? 255
        let gray = Self.luma(
          Int(palette[3 * index]), Int(palette[3 * index + 1]), Int(palette[3 * index + 2]))
        return Self.compose(gray, alpha: Int(alpha), over: Int(background))
      }
      transparentSamples = nil
    case .gray, .rgb:
      transparentSamples = transparency.map { bytes in
        stride(from: 0, to: bytes.count - 1, by: 2).map {
          (Int(bytes[$0]) << 8 | Int(bytes[$0 + 1])) & greatest
        }
      }
      if header.colorType == .gray, header.bitDepth <= 8 {
        let transparent = transparentSamples?.first
        grays = (0...greatest).map { $0 == transparent ? background : UInt8($0 * 255 / greatest) }
      } else {
        grays = []
      }
    case .grayAlpha, .rgbAlpha:
      grays = []
      transparentSamples = nil
    }
  }

  /// Converts one row into as many pixels as `pixels` has. Returns the column of the first pixel whose index is
  /// beyond the palette, or nil if all went well.
  ///
  /// `row` has a byte for each sample, or two, high first, for 16 bits.
  func convert(_ row: UnsafeBufferPointer<UInt8>, into pixels: UnsafeMutableBufferPointer<UInt8>) -> Int? {
    switch (header.colorType, header.bitDepth == 16) {
    case (.palette, _), (.gray, false):
      return grays.withUnsafeBufferPointer { grays in
        for x in pixels.indices {
          let sample = Int(row[x])
          guard sample < grays.count else { return x }
          pixels[x] = grays[sample]
        }
        return nil
      }
    case (_, true):
      convertPixels(pixels) { Int(row[2 * $0]) << 8 | Int(row[2 * $0 + 1]) }
    case (_, false):
      convertPixels(pixels) { Int(row[$0]) }
    }
    return nil
  }

  /// Converts pixels whose samples, as the file has them, `sample` gives by their index in the row.
  @inline(__always)
  private func convertPixels(_ pixels: UnsafeMutableBufferPointer<UInt8>, sample: (Int) -> Int) {
    let is16Bit = header.bitDepth == 16
    func narrow(_ value: Int) -> Int { is16Bit ? (value + 128) / 257 : value }
    switch header.colorType {
    case .palette: break
    case .gray:
      let transparent = transparentSamples?.first
      for x in pixels.indices {
        let value = sample(x)
        pixels[x] = UInt8(value == transparent ? background : narrow(value))
      }
    case .grayAlpha:
      for x in pixels.indices {
        pixels[x] = Self.compose(
          narrow(sample(2 * x)), alpha: narrow(sample(2 * x + 1)), over: background)
      }
    case .rgb:
      let transparent = transparentSamples.map { ($0[0], $0[1], $0[2]) }
      for x in pixels.indices {
        let color = (sample(3 * x), sample(3 * x + 1), sample(3 * x + 2))
        if let transparent, color == transparent {
          pixels[x] = UInt8(background)
        } else {
          pixels[x] = UInt8(Self.luma(narrow(color.0), narrow(color.1), narrow(color.2)))
        }
      }
    case .rgbAlpha:
      for x in pixels.indices {
        let gray = Self.luma(
          narrow(sample(4 * x)), narrow(sample(4 * x + 1)), narrow(sample(4 * x + 2)))
        pixels[x] = Self.compose(gray, alpha: narrow(sample(4 * x + 3)), over: background)
      }
    }
  }

  /// Grey by Rec. 601: 0.299 red, 0.587 green, 0.114 blue. The weights add up to 2^16, so that grey stays as it is.
  static func luma(_ red: Int, _ green: Int, _ blue: Int) -> Int {
    (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16
  }

  private static func compose(_ gray: Int, alpha: Int, over background: Int) -> UInt8 {
    UInt8((gray * alpha + background * (255 - alpha) + 127) / 255)
  }
}
