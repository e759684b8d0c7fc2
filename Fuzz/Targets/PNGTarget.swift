import CNNCodecs
import CNNPictures

extension FuzzTarget {
  /// A picture in grey, in colours and as ink; encoded again, it is the same. The checksums are put in order first: no
  /// mutation would get past them.
  static let png = FuzzTarget("png") { bytes in
    _ = try? PNG.decodeGray(bytes, limits: limits)
    let bytes = withSoundChecksums(bytes)
    _ = try PNG.header(bytes)
    let gray = try PNG.decodeGray(bytes, limits: limits)
    let ink = try PNG.decodeInk(bytes, limits: limits)
    let colored = try PNG.decodeRGB(bytes, limits: limits)
    require((gray.width, gray.height) == (ink.width, ink.height), "a picture as ink has another size")
    require(gray.pixels.count == gray.width * gray.height, "a picture has other pixels than its size says")
    if gray.pixels.count <= 1 << 14 {
      require(try PNG.decodeGray(PNG.encode(gray)) == gray, "PNG writes another grey picture")
      require(try PNG.decodeRGB(PNG.encode(colored)) == colored, "PNG writes another picture")
      require(
        try PNG.decodeGray(PNG.encodeQuickly(.gray(gray))) == gray, "PNG writes another picture quickly")
    }
  }

  private static let limits = PNGLimits(maximumPixelCount: 1 << 20)

  private static func withSoundChecksums(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    var position = 8
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - position - 12 else { break }
      let end = position + 8 + length
      let checksum = CRC32.checksum(of: bytes[position + 4..<end])
      for index in 0..<4 { bytes[end + index] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * index)) }
      position = end + 4
    }
    return bytes
  }
}
