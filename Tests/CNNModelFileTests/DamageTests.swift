import CNNCodecs
import CNNFiles
import CNNModelFile
import Testing

@Suite struct DamageTests {
  @Test func everySingleBitCounts() throws {
    var bytes = try TinyModel.bytes()
    var accepted: [Int] = []
    for bit in 0..<bytes.count * 8 {
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      do {
        _ = try ModelFileReader.read(from: MemorySource(bytes))
        accepted.append(bit)
      } catch ModelFileError.plain {
        accepted.append(bit)
      } catch is ModelFileError {
      }
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    }
    #expect(accepted.isEmpty)
  }

  @Test func damageNeverMakesAPlainFile() throws {
    let bytes = try TinyModel.bytes()
    // The names and what is before them, with every other byte in place of each.
    for position in 8..<46 {
      for value in UInt8.min...UInt8.max where value != bytes[position] {
        var damaged = bytes
        damaged[position] = value
        #expect(throws: ModelFileError.self) { try ModelFileReader.readAny(from: MemorySource(damaged)) }
      }
    }
  }

  @Test func everyCutIsAnError() throws {
    let bytes = try TinyModel.bytes()
    for count in 0..<bytes.count {
      let cut = [UInt8](bytes.prefix(count))
      #expect(throws: ModelFileError.self) { try ModelFileReader.read(from: MemorySource(cut)) }
      #expect(throws: ModelFileError.self) { try ModelFileReader.read(from: TricklingSource(cut)) }
    }
  }

  @Test func cutsSayWhereTheyAre() throws {
    let bytes = try TinyModel.bytes()
    #expect(refusal(of: []) == .safetensors(.tooShort(count: 0)))
    #expect(refusal(of: [UInt8](bytes.prefix(7))) == .safetensors(.tooShort(count: 7)))
    #expect(
      refusal(of: [UInt8](bytes.prefix(100)))
        == .safetensors(.headerEndsEarly(declared: 824, available: 92)))
    let last = ModelFileError.safetensors(
      .dataEndsEarly(tensor: "fc.weight", position: 840, needed: 16, available: 15))
    #expect(refusal(of: bytes.dropLast()) == last)
    #expect(last.offset == 840)
    #expect(throws: ModelFileError.safetensors(.dataLength(declared: 24, available: 23))) {
      try ModelFileReader.read(from: MemorySource(bytes.dropLast()))
    }
  }

  @Test func nothingMayFollow() throws {
    let bytes = try TinyModel.bytes() + [0]
    #expect(refusal(of: bytes) == .safetensors(.bytesAfterEnd(position: 856)))
    #expect(throws: ModelFileError.safetensors(.dataLength(declared: 24, available: 25))) {
      try ModelFileReader.read(from: MemorySource(bytes))
    }
  }

  @Test func damageHasANameAndAPlace() throws {
    func damaged(at position: Int) throws -> [UInt8] {
      var bytes = try TinyModel.bytes()
      bytes[position] ^= 1
      return bytes
    }
    let tensor = refusal(of: try damaged(at: 850))
    #expect(
      tensor
        == .tensorChecksum(tensor: "fc.weight", position: 840, declared: 0xD477_B0B2, computed: 0x1F2B_6317))
    #expect(tensor?.description.hasPrefix("byte 840: tensor \"fc.weight\" is damaged") == true)
    guard case .headerChecksum(declared: 0x575C_672B, _) = refusal(of: try damaged(at: 500)) else {
      Issue.record("the header's damage was not found by its checksum")
      return
    }
    #expect(refusal(of: try damaged(at: 27)) == .damagedStart(position: 27))
    #expect(refusal(of: try damaged(at: 8)) == .safetensors(.noHeader(firstByte: 0x7A)))
    #expect(refusal(of: try damaged(at: 7)) == .safetensors(.impossibleHeaderLength(0x0100_0000_0000_0338)))
  }
}
