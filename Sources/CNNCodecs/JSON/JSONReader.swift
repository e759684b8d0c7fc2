/// JSON from bytes, strictly: RFC 8259, without duplicate names, with finite numbers, and not nested too deep.
///
/// A second mode demands *canonical* JSON, where one value has one text (`formats/model-file.md`, section 2).
/// Strings and names are compared by their UTF-8 bytes. The value takes at most 128 bytes of memory for each byte
/// of input; time is linear but for the sorting that finds duplicate names.
public struct JSONReader {
  /// The depth that is read unless the caller says otherwise.
  public static let defaultMaximumDepth = 32
  /// The number of characters of the longest number that is read: more than any double needs.
  public static let maximumNumberLength = 1024

  let bytes: [UInt8]
  var position: Int
  let end: Int
  let isCanonical: Bool
  let integersOnly: Bool
  let leadingName: String?
  let maximumDepth: Int

  /// Reads one value that takes all of `bytes`, or all of `range` of them; positions in errors are those of `bytes`.
  ///
  /// - Parameters:
  ///   - canonical: whether anything but canonical JSON is refused.
  ///   - integersOnly: whether numbers must be written as integers, and be within 2^53: `1.0`, `1e0` and `-0` are what
  ///     other readers take for fractions.
  ///   - leadingName: a name that, in canonical JSON, counts as less than all others in the outermost object.
  ///   - maximumDepth: how deep objects and arrays may be nested; at most 512, so that no stack runs out.
  /// - Throws: `JSONError` with the position.
  public static func read(
    _ bytes: [UInt8], in range: Range<Int>? = nil, canonical: Bool = false, integersOnly: Bool = false,
    leadingName: String? = nil,
    maximumDepth: Int = defaultMaximumDepth
  ) throws(JSONError) -> JSONValue {
    let range = range?.clamped(to: 0..<bytes.count) ?? 0..<bytes.count
    var reader = JSONReader(
      bytes: bytes, position: range.lowerBound, end: range.upperBound, isCanonical: canonical,
      integersOnly: integersOnly, leadingName: leadingName, maximumDepth: min(maximumDepth, 512))
    try reader.skipWhiteSpace()
    let value = try reader.readValue(depth: 1)
    try reader.skipWhiteSpace()
    guard reader.position == reader.end else { throw reader.error(.bytesAfterEnd) }
    return value
  }

  func error(_ problem: JSONError.Problem, at position: Int? = nil) -> JSONError {
    JSONError(position: position ?? self.position, problem: problem)
  }

  var nextByte: UInt8? { position < end ? bytes[position] : nil }

  /// The error for whatever stands at `position` in place of `wanted`.
  func unexpected(wanted: String) -> JSONError {
    guard let byte = nextByte else { return error(.endsEarly(wanted: wanted)) }
    return error(.unexpectedByte(byte, wanted: wanted))
  }

  private mutating func skipWhiteSpace() throws(JSONError) {
    while let byte = nextByte, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      if isCanonical { throw error(.whiteSpace) }
      position += 1
    }
  }

  /// Takes `byte` if it comes next.
  private mutating func take(_ byte: Character) -> Bool {
    guard let next = nextByte, next == byte.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func readValue(depth: Int) throws(JSONError) -> JSONValue {
    guard let byte = nextByte else { throw unexpected(wanted: "a value") }
    switch byte {
    case UInt8(ascii: "{"): return try readObject(depth: depth)
    case UInt8(ascii: "["): return try readArray(depth: depth)
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try readNumber())
    case UInt8(ascii: "t"): return try readWord("true", .bool(true))
    case UInt8(ascii: "f"): return try readWord("false", .bool(false))
    case UInt8(ascii: "n"): return try readWord("null", .null)
    default: throw unexpected(wanted: "a value")
    }
  }

  private mutating func readWord(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    let start = position
    for index in 0..<word.utf8CodeUnitCount {
      guard nextByte == word.utf8Start[index] else {
        throw nextByte == nil
          ? unexpected(wanted: "the rest of \(word)")
          : error(
            .unexpectedByte(bytes[start], wanted: "a value"), at: start)
      }
      position += 1
    }
    return value
  }

  private mutating func readArray(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= maximumDepth else { throw error(.tooDeep(limit: maximumDepth)) }
    position += 1
    var elements: [JSONValue] = []
    try skipWhiteSpace()
    if take("]") { return .array([]) }
    while true {
      try skipWhiteSpace()
      elements.append(try readValue(depth: depth + 1))
      try skipWhiteSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw unexpected(wanted: "',' or ']'") }
    }
  }

  private mutating func readObject(depth: Int) throws(JSONError) -> JSONValue {
    guard depth <= maximumDepth else { throw error(.tooDeep(limit: maximumDepth)) }
    position += 1
    var members: [JSONValue.Member] = []
    var positions: [Int] = []
    try skipWhiteSpace()
    if take("}") { return .object([]) }
    while true {
      try skipWhiteSpace()
      let start = position
      guard nextByte == UInt8(ascii: "\"") else { throw unexpected(wanted: "a name in quotation marks") }
      let name = try readString()
      if isCanonical, let previous = members.last?.name {
        try checkOrder(name, after: previous, at: start, isOutermost: depth == 1)
      } else if !isCanonical {
        positions.append(start)
      }
      try skipWhiteSpace()
      guard take(":") else { throw unexpected(wanted: "':'") }
      try skipWhiteSpace()
      members.append(JSONValue.Member(name, try readValue(depth: depth + 1)))
      try skipWhiteSpace()
      if take("}") { break }
      guard take(",") else { throw unexpected(wanted: "',' or '}'") }
    }
    if !isCanonical { try checkUnique(members, positions: positions) }
    return .object(members)
  }

  /// Strictly ascending names are unique too.
  private func checkOrder(
    _ name: String, after previous: String, at position: Int, isOutermost: Bool
  ) throws(JSONError) {
    if name.isExactly(previous) { throw error(.duplicateName(name), at: position) }
    if isOutermost, let leadingName {
      if previous.isExactly(leadingName) { return }
      if name.isExactly(leadingName) { throw error(.nameOutOfOrder(name, after: previous), at: position) }
    }
    guard previous.utf8.lexicographicallyPrecedes(name.utf8) else {
      throw error(.nameOutOfOrder(name, after: previous), at: position)
    }
  }

  /// Finds equal names by sorting, which no choice of names can slow down as it can a hash table.
  private func checkUnique(_ members: [JSONValue.Member], positions: [Int]) throws(JSONError) {
    guard members.count > 1 else { return }
    let order = members.indices.sorted {
      members[$0].name.utf8.lexicographicallyPrecedes(members[$1].name.utf8)
    }
    var first: Int?
    for (a, b) in zip(order, order.dropFirst())
    where members[a].name.isExactly(members[b].name) {
      let later = max(a, b)
      if first.map({ later < $0 }) ?? true { first = later }
    }
    if let first { throw error(.duplicateName(members[first].name), at: positions[first]) }
  }
}
