import CNNCodecs
import Testing

@Suite struct CRC32Tests {
  @Test func hasTheCheckValueOfTheCatalogue() {
    #expect(CRC32.checksum(of: Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(CRC32.checksum(of: [UInt8]()) == 0)
    #expect(CRC32.checksum(of: [0, 0, 0, 0]) == 0x2144_DF1C)
    #expect(CRC32.checksum(of: Array("x123456789".utf8).dropFirst()) == 0xCBF4_3926)
    #expect(CRC32.checksum(of: UnsafeRawBufferPointer(start: nil, count: 0)) == 0)
  }

  @Test func piecesGiveTheSameAsTheWhole() {
    let bytes = Array("123456789".utf8)
    for cut in 0...bytes.count {
      var checksum = CRC32()
      checksum.update(Array(bytes[..<cut]))
      checksum.update([])
      checksum.update(bytes[cut...])
      #expect(checksum.value == 0xCBF4_3926)
    }
  }
}
