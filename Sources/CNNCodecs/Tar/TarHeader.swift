/// One header block of a tar archive (POSIX.1-1988 ustar; GNU tar), its checksum verified.
///
/// | offset | bytes | field |
/// | --- | --- | --- |
/// | 0 | 100 | name, ended by a zero unless it fills the field |
/// | 124 | 12 | size of the content |
/// | 148 | 8 | sum of the header's bytes, with spaces in these eight |
/// | 156 | 1 | type |
/// | 257 | 8 | `ustar`, zero, `00`; or as GNU tar writes it, `ustar`, two spaces, zero |
/// | 345 | 155 | in POSIX's form, what stands before the name, without the slash between |
struct TarHeader {
  static let blockSize = 512

  let name: [UInt8]
  let size: Int
  let type: UInt8

  /// Whether the block is all zeros, which marks the end.
  static func isZero(_ block: [UInt8]) -> Bool { block.allSatisfy { $0 == 0 } }

  /// Whether 512 bytes at the beginning of a file are a tar header; an empty archive begins with zeros and isn't
  /// recognised.
  static func isHeader(_ block: [UInt8]) -> Bool {
    guard block.count >= blockSize else { return false }
    let header = Array(block.prefix(blockSize))
    return !isZero(header) && declaredSum(header).map { sums(header).contains($0) } ?? false
  }

  /// Reads a header block that stands at `offset`.
  init(_ block: [UInt8], at offset: Int) throws(TarError) {
    let sums = Self.sums(block)
    guard let declared = Self.declaredSum(block), sums.contains(declared) else {
      throw .headerChecksum(declared: Self.declaredSum(block), computed: sums[0], offset: offset)
    }
    // Contents are padded to whole blocks, which must not overflow either.
    guard let size = Self.number(block[124..<136]), size <= Int.max - Self.blockSize else {
      throw .badNumber(field: "size", offset: offset + 124)
    }
    self.size = size
    type = block[156]
    let name = block[..<100].prefix { $0 != 0 }
    let prefix = block[345..<500].prefix { $0 != 0 }
    let isPOSIX = block[257..<263].elementsEqual(Array("ustar".utf8) + [0])
    self.name = isPOSIX && !prefix.isEmpty ? prefix + [UInt8(ascii: "/")] + name : Array(name)
  }

  /// The sum of the header's bytes, and the sum with bytes as signed numbers, which old programs wrote.
  private static func sums(_ block: [UInt8]) -> [Int] {
    var sums = [0, 0]
    for (index, byte) in block.enumerated() {
      let counted = (148..<156).contains(index) ? UInt8(ascii: " ") : byte
      sums[0] += Int(counted)
      sums[1] += Int(Int8(bitPattern: counted))
    }
    return sums
  }

  private static func declaredSum(_ block: [UInt8]) -> Int? {
    let field = block[148..<156]
    guard field.contains(where: { (0x30...0x37).contains($0) }) else { return nil }
    return number(field)
  }

  /// A number: octal digits with spaces before them, ended by a space or a zero; or, where the first bit is set,
  /// binary, big-endian. An empty field is 0. Nil for anything else, for negative numbers and beyond 2^63 - 1.
  static func number(_ field: ArraySlice<UInt8>) -> Int? {
    guard let first = field.first else { return nil }
    if first & 0x80 != 0 {
      guard first & 0x40 == 0 else { return nil }
      return field.dropFirst().reduce(Int(first & 0x3F)) { sum, byte in
        sum.flatMap { $0 >> 55 == 0 ? $0 << 8 | Int(byte) : nil }
      }
    }
    let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { (0x30...0x37).contains($0) }
    let end = field[digits.endIndex...]
    guard end.first.map({ $0 == 0 || $0 == UInt8(ascii: " ") }) ?? true else { return nil }
    // At most twelve digits: 36 bits.
    return digits.reduce(0) { $0 << 3 | Int($1 & 7) }
  }
}
