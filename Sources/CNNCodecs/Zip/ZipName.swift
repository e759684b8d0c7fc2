/// Which names entries may have.
enum ZipName {
  /// The name in `bytes`, or what is wrong with it.
  ///
  /// Names are never opened here, but whoever unpacks what we have read or written may do so: those that lead out of
  /// a folder are refused, with backslashes as separators too.
  static func problem(_ bytes: some Collection<UInt8>) -> String? {
    if bytes.isEmpty { return "is empty" }
    if bytes.contains(0) { return "has a zero byte in it" }
    let isSeparator = { (byte: UInt8) in byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }
    let start = Array(bytes.prefix(3))
    let hasDrive = start.count > 2 && start[1] == UInt8(ascii: ":") && isSeparator(start[2])
    if isSeparator(start[0]) || hasDrive { return "is absolute" }
    let parts = bytes.split(whereSeparator: isSeparator)
    if parts.contains(where: { $0.elementsEqual([0x2E, 0x2E]) }) { return "has .. in it" }
    return nil
  }

  /// The name in `range` of `bytes` as a string, which must be UTF-8 whether the entry says so or not: the code page
  /// of 1981 that it is otherwise said to be is not what people's programs have written.
  static func string(_ bytes: [UInt8], _ range: Range<Int>) throws(ZipError) -> String {
    guard let name = String(validating: bytes[range], as: UTF8.self) else {
      throw .badName(problem: "is not UTF-8", offset: range.lowerBound)
    }
    if let problem = problem(bytes[range]) {
      throw .badName(
        problem: problem == "is empty" ? problem : "\(problem): \(name.quotedForMessage)",
        offset: range.lowerBound)
    }
    return name
  }
}
