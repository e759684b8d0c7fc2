import Testing

@testable import CNNCodecs

/// Rounding to the 16-bit floating-point types.
@Suite struct RoundingTests {
  private func array(_ values: [Double]) throws -> NumericArray {
    let bytes = values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
    return try #require(
      NumericArray(elementType: .float64, shape: [values.count], storage: bytes, range: 0..<bytes.count))
  }

  @Test func everyNumberOfATypeStaysItself() {
    for bits in UInt16.min...UInt16.max {
      let half = HalfPrecision.double(float16: bits)
      if half.isNaN {
        #expect(HalfPrecision.double(float16: HalfPrecision.float16(rounding: half)).isNaN)
      } else if HalfPrecision.float16(rounding: half) != bits {
        Issue.record("float16 \(bits) became another")
      }
      let brain = HalfPrecision.double(bfloat16: bits)
      if brain.isNaN {
        #expect(HalfPrecision.double(bfloat16: HalfPrecision.bfloat16(rounding: brain)).isNaN)
      } else if HalfPrecision.bfloat16(rounding: brain) != bits {
        Issue.record("bfloat16 \(bits) became another")
      }
    }
  }

  @Test func halfwayGoesToTheEvenOne() {
    // Between neighbours n and n + 1 of the bits lies a midpoint, which belongs to the even one of the two; a nudge
    // decides otherwise. The greatest number's upper neighbour would be 2^16 and 2^128.
    func check(
      _ bits: UInt16, greatest: UInt16, beyond: Double, _ widen: (UInt16) -> Double,
      _ round: (Double) -> UInt16
    ) {
      let upper = bits == greatest ? beyond : widen(bits + 1)
      let middle = (widen(bits) + upper) / 2
      let even = bits % 2 == 0 ? bits : bits + 1
      if round(middle) != even || round(middle.nextDown) != bits || round(middle.nextUp) != bits + 1
        || round(-middle) != even | 0x8000
      {
        Issue.record("around \(middle): \(round(middle.nextDown)), \(round(middle)), \(round(middle.nextUp))")
      }
    }
    for bits in UInt16.min...0x7BFF {
      check(
        bits, greatest: 0x7BFF, beyond: 65536, HalfPrecision.double(float16:),
        HalfPrecision.float16(rounding:))
    }
    for bits in UInt16.min...0x7F7F {
      check(
        bits, greatest: 0x7F7F, beyond: 0x1p128, HalfPrecision.double(bfloat16:),
        HalfPrecision.bfloat16(rounding:))
    }
  }

  @Test func whatIsLostIsMeasured() throws {
    let rounded = try array([1, 1 + 0x1p-12, -0x1p-26, 0x1.8p-25, .nan, -.infinity, 0]).rounded(to: .float16)
    #expect(rounded.array.shape == [7])
    let bits: [UInt16] = [0x3C00, 0x3C00, 0x8000, 0x0001, 0x7E00, 0xFC00, 0]
    let bytes = bits.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
    #expect(rounded.array.rowMajorLittleEndianBytes() == bytes)
    // 1.5 * 2^-25 became 2^-24, -2^-26 became 0.
    #expect(rounded.error == RoundingError(largest: 0x1p-12, largestRelative: 1.0 / 3, vanishedCount: 1))
    #expect(rounded.overflowing == nil)
    #expect(try array([1, -65520, 70000]).rounded(to: .float16).overflowing == -65520)
    #expect(try array([65519.99]).rounded(to: .float16).overflowing == nil)
    #expect(try array([3.4e38]).rounded(to: .bfloat16).overflowing == 3.4e38)
    #expect(try array([1e39]).rounded(to: .float32).overflowing == 1e39)
  }

  @Test func wideningLosesNothing() throws {
    let source = try #require(
      NumericArray(
        elementType: .bfloat16, shape: [2], byteOrder: .bigEndian, storage: [0x3F, 0x80, 0xC0, 0x49],
        range: 0..<4))
    let rounded = source.rounded(to: .float32)
    #expect(rounded.array.floats().values == [1, -3.140625])
    #expect(rounded.error == RoundingError())
    #expect(source.rounded(to: .bfloat16).array.storage == [0x80, 0x3F, 0x49, 0xC0])
  }
}
