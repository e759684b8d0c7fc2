/// Tar archives put together block by block, right or wrong.
enum TestTar {
  /// A header block; its checksum is computed unless one is given.
  static func header(
    _ name: String, size: Int, type: Character = "0", prefix: String = "", magic: String = "ustar\u{0}00",
    sizeField: [UInt8]? = nil, checksum: [UInt8]? = nil
  ) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: 512)
    func put(_ bytes: some Collection<UInt8>, at place: Int) {
      block.replaceSubrange(place..<place + bytes.count, with: bytes)
    }
    put(name.utf8.prefix(100), at: 0)
    put("0000644".utf8, at: 100)
    put(sizeField ?? octal(size, digits: 11), at: 124)
    put("        ".utf8, at: 148)
    put([type.asciiValue ?? 0], at: 156)
    put(magic.utf8, at: 257)
    put(prefix.utf8, at: 345)
    let sum = block.reduce(0) { $0 + Int($1) }
    put(checksum ?? octal(sum, digits: 6) + [0], at: 148)
    return block
  }

  /// A header and a content with its padding.
  static func entry(
    _ name: String, _ content: [UInt8], type: Character = "0", prefix: String = "",
    magic: String = "ustar\u{0}00"
  ) -> [UInt8] {
    header(name, size: content.count, type: type, prefix: prefix, magic: magic) + padded(content)
  }

  /// An extended header with records.
  static func records(_ pairs: [(String, String)], type: Character = "x") -> [UInt8] {
    entry("x", pairs.flatMap { record($0, $1) }, type: type)
  }

  /// A record with its own length in front.
  static func record(_ key: String, _ value: String) -> [UInt8] {
    let rest = " \(key)=\(value)\n".utf8
    let length = (1...20).lazy.map { rest.count + $0 }.first { rest.count + "\($0)".utf8.count == $0 } ?? 0
    return Array("\(length)".utf8) + rest
  }

  /// What ends an archive.
  static let end = [UInt8](repeating: 0, count: 1024)

  static func padded(_ content: [UInt8]) -> [UInt8] {
    content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
  }

  static func octal(_ value: Int, digits: Int) -> [UInt8] {
    let text = String(value, radix: 8)
    return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8)
  }
}
