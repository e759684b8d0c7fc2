import CNNCodecs

/// A colour of a pixel, in sRGB.
public struct Color: Sendable, Hashable {
  /// Red, 0 to 255.
  public var red: UInt8
  /// Green, 0 to 255.
  public var green: UInt8
  /// Blue, 0 to 255.
  public var blue: UInt8

  /// The colour of these three.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// 0 of each.
  public static let black = gray(0)
  /// 255 of each.
  public static let white = gray(255)

  /// A grey from 0, black, to 255, white.
  public static func gray(_ value: UInt8) -> Color { Color(red: value, green: value, blue: value) }

  /// The grey of the same luma; greys stay as they are.
  var luma: UInt8 { Picture.luma(red: red, green: green, blue: blue) }
}
