import CNNCodecs
import CNNTestSupport
import Testing

/// Limits, and what comes of files that are wrong in any way at all: a value or an error, never a trap.
@Suite struct PNGRobustnessTests {
  @Test func keepsToTheLimits() throws {
    func refused(_ limits: PNGLimits) {
      #expect(throws: PNGError.tooLarge(width: 2, height: 2, limits: limits, offset: 16)) {
        try PNG.decodeGray(PNGHostileTests.sound, limits: limits)
      }
    }
    refused(PNGLimits(maximumWidth: 1))
    refused(PNGLimits(maximumHeight: 1))
    refused(PNGLimits(maximumPixelCount: 3))
    refused(PNGLimits(maximumPixelCount: -1))
    let exact = PNGLimits(maximumWidth: 2, maximumHeight: 2, maximumPixelCount: 4)
    #expect(try PNG.decodeGray(PNGHostileTests.sound, limits: exact).pixels == [1, 2, 3, 4])

    let greatest = TestPNG([
      ("IHDR", TestPNG.header(0x7FFF_FFFF, 0x7FFF_FFFF, depth: 16, type: 6)), PNGHostileTests.data,
      PNGHostileTests.end,
    ])
    let none = PNGLimits(
      maximumWidth: .max, maximumHeight: .max, maximumPixelCount: .max,
      maximumSampleByteCount: .max)
    for limits in [PNGLimits.default, none] {
      #expect(
        throws: PNGError.tooLarge(width: 0x7FFF_FFFF, height: 0x7FFF_FFFF, limits: limits, offset: 16)
      ) { try PNG.decodeGray(greatest.bytes, limits: limits) }
    }
  }

  @Test func allocatesNothingForAPictureThatIsNotThere() {
    // A terabyte of samples if it were.
    let claim = TestPNG([
      ("IHDR", TestPNG.header(1 << 20, 1 << 17, depth: 16, type: 6)), PNGHostileTests.data,
      PNGHostileTests.end,
    ])
    let none = PNGLimits(
      maximumWidth: .max, maximumHeight: .max, maximumPixelCount: .max,
      maximumSampleByteCount: .max)
    #expect(
      throws: PNGError.imageDataTooShort(expected: (8 << 20 + 1) << 17, found: 6, offset: 58)
    ) { try PNG.decodeGray(claim.bytes, limits: none) }
  }

  @Test func refusesEveryTruncationAndEveryChangedByte() throws {
    for name in ["basn0g02", "basn3p01", "ibasn3p02", "ftbbn0g01"] {
      let file = try FixtureFile.bytes("png/\(name).png")
      _ = try PNG.decodeGray(file)
      var noise = SeededNoise(seed: UInt64(file.count))
      for index in file.indices {
        #expect(throws: PNGError.self, "\(name) cut to \(index)") {
          try PNG.decodeGray(Array(file[..<index]))
        }
        let other = file[index] ^ UInt8.random(in: 1...255, using: &noise)
        #expect(throws: PNGError.self, "\(name), \(other) at \(index)") {
          try PNG.decodeGray(file.replacing(at: index, with: other))
        }
      }
    }
  }

  /// Changes below the checksums, which are made to fit: nothing but a value or an error may come of them.
  @Test func survivesChangesWithFittingChecksums() throws {
    var noise = SeededNoise(seed: 8)
    var decoded = 0
    for name in ["basn0g01", "basn2c08", "basn3p04", "ibasn4a08", "ibasn0g16", "basn6a08", "ftbbn0g04"] {
      let file = TestPNG(parsing: try FixtureFile.bytes("png/\(name).png"))
      for round in 0..<300 {
        var changed = file
        let index = Int.random(in: changed.chunks.indices, using: &noise)
        switch round % 6 {
        case 0: changed.chunks.swapAt(index, Int.random(in: changed.chunks.indices, using: &noise))
        case 1: changed.chunks.remove(at: index)
        case 2: changed.chunks.insert(changed.chunks[index], at: index)
        default:
          guard !changed.chunks[index].data.isEmpty else { continue }
          let byte = Int.random(in: changed.chunks[index].data.indices, using: &noise)
          changed.chunks[index].data[byte] ^= 1 << UInt8.random(in: 0..<8, using: &noise)
        }
        let limits = PNGLimits(maximumPixelCount: 1 << 16)
        if let image = try? PNG.decodeGray(changed.bytes, limits: limits) {
          decoded += 1
          #expect(image.pixels.count == image.width * image.height)
        }
      }
    }
    #expect(decoded > 100)
  }

  @Test func survivesNoise() {
    var noise = SeededNoise(seed: 9)
    for round in 0..<2000 {
      let bytes = Array(PNGHostileTests.sound.prefix([8, 33, 45][round % 3])) + noise.bytes(round % 80)
      #expect(throws: PNGError.self) { try PNG.decodeGray(bytes) }
    }
  }

  @Test func samplesHaveALimitOfTheirOwn() {
    // 2^26 pixels of four samples: with 8 bits just small enough, with 16 bits too large.
    let eight = TestPNG([("IHDR", TestPNG.header(8192, 8192, type: 6, interlaced: true))]).bytes
    #expect(throws: PNGError.missingChunk(type: "IDAT", offset: 33)) { try PNG.decodeGray(eight) }
    let sixteen = TestPNG([("IHDR", TestPNG.header(8192, 8192, depth: 16, type: 6, interlaced: true))]).bytes
    #expect(throws: PNGError.tooLarge(width: 8192, height: 8192, limits: .default, offset: 16)) {
      try PNG.decodeGray(sixteen)
    }
  }
}
