extension PickleInterpreter {
  // MARK: Memo

  mutating func useMemo(_ opcode: PickleOpcode) throws(PickleError) {
    let index: Int
    switch opcode {
    case .memoize: index = memo.count
    case .binget, .binput: index = Int(try stream.readLittleEndian(UInt8.self, "a memo index"))
    case .longBinget, .longBinput: index = Int(try stream.readLittleEndian(UInt32.self, "a memo index"))
    default:
      let line = try stream.readLine("a memo index")
      guard line.count <= 20, case .word(let value) = PickleInteger.parse(decimal: arena.input[line]) else {
        throw failure(.malformedNumber(display(line)))
      }
      guard value >= 0 else { throw failure(.negativeNumber(what: "a memo index", value)) }
      index = value
    }
    switch opcode {
    case .get, .binget, .longBinget:
      guard let id = memo[index] else { throw failure(.missingMemoEntry(index)) }
      try push(id)
    default:
      try checkReferences(memo.count, adding: 1)
      memo.keep(try top(), at: index)
    }
  }

  // MARK: Numbers

  mutating func readInteger(_ opcode: PickleOpcode) throws(PickleError) -> Pickle.ID {
    switch opcode {
    case .binint: return try addInteger(Int(try stream.readLittleEndian(Int32.self, "an integer")))
    case .binint1: return try addInteger(Int(try stream.readLittleEndian(UInt8.self, "an integer")))
    case .binint2: return try addInteger(Int(try stream.readLittleEndian(UInt16.self, "an integer")))
    case .long1: return try addInteger(twosComplement: try stream.readCounted(UInt8.self, "an integer"))
    case .long4: return try addInteger(twosComplement: try stream.readCounted(Int32.self, "an integer"))
    default: break
    }
    var line = try stream.readLine("an integer")
    if opcode == .long {
      // Python 3 needs no L behind the digits.
      if arena.input[line].last == UInt8(ascii: "L") { line = line.dropLast() }
    } else if line.count == 2, arena.input[line.lowerBound] == UInt8(ascii: "0") {
      // Two digits of which the first is 0 are a boolean; integers have no leading zero.
      switch arena.input[line.lowerBound + 1] {
      case UInt8(ascii: "0"): return try add(.boolean, detail: 0)
      case UInt8(ascii: "1"): return try add(.boolean, detail: 1)
      default: break
      }
    }
    let sign = arena.input[line].first == UInt8(ascii: "-") ? 1 : 0
    guard line.count - sign <= limits.maximumIntegerDigits else {
      throw failure(
        .integerTooLong(length: line.count - sign, maximum: limits.maximumIntegerDigits, unit: "digits"))
    }
    guard let value = PickleInteger.parse(decimal: arena.input[line]) else {
      throw failure(.malformedNumber(display(line)))
    }
    return try addInteger(value)
  }

  private mutating func addInteger(twosComplement range: Range<Int>) throws(PickleError) -> Pickle.ID {
    guard range.count <= limits.maximumIntegerBytes else {
      throw failure(
        .integerTooLong(length: range.count, maximum: limits.maximumIntegerBytes, unit: "bytes"))
    }
    return try addInteger(PickleInteger.value(twosComplement: arena.input[range]))
  }

  mutating func addInteger(_ value: Int) throws(PickleError) -> Pickle.ID {
    try add(.integer, detail: PickleNode.Place.inline, first: value)
  }

  mutating func addInteger(_ value: PickleInteger.Value) throws(PickleError) -> Pickle.ID {
    switch value {
    case .word(let word): return try addInteger(word)
    case .long(let bytes): return try addDerived(.integer, bytes)
    }
  }

  mutating func readReal(_ opcode: PickleOpcode) throws(PickleError) -> Pickle.ID {
    if opcode == .binfloat {
      let bits = try stream.readLittleEndian(UInt64.self, "a float").byteSwapped
      return try addReal(Double(bitPattern: bits))
    }
    let line = try stream.readLine("a float")
    // Python writes at most 24 characters.
    guard line.count <= 64, let value = Self.real(decimal: String(decoding: arena.input[line], as: UTF8.self))
    else { throw failure(.malformedNumber(display(line))) }
    return try addReal(value)
  }

  /// A decimal float as Python writes it; none of the hexadecimal forms that Swift would read.
  private static func real(decimal text: String) -> Double? {
    switch text {
    case "nan", "-nan": return .nan
    case "inf", "Infinity": return .infinity
    case "-inf", "-Infinity": return -.infinity
    default:
      let isDecimal = text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
          UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
          true
        default: false
        }
      }
      // What only rounds to infinity is no float in Python either.
      return isDecimal ? Double(text).flatMap { $0.isFinite ? $0 : nil } : nil
    }
  }

  mutating func addReal(_ value: Double) throws(PickleError) -> Pickle.ID {
    try add(.real, first: Int(Int64(bitPattern: value.bitPattern)))
  }

  // MARK: Bytes and text

  mutating func readBytes(_ opcode: PickleOpcode) throws(PickleError) -> Pickle.ID {
    let what = "a byte string"
    switch opcode {
    case .shortBinstring, .shortBinbytes:
      return try addInput(.bytes, try stream.readCounted(UInt8.self, what))
    case .binstring: return try addInput(.bytes, try stream.readCounted(Int32.self, what))
    case .binbytes: return try addInput(.bytes, try stream.readCounted(UInt32.self, what))
    case .binbytes8: return try addInput(.bytes, try stream.readCounted(UInt64.self, what))
    case .bytearray8: return try addInput(.byteArray, try stream.readCounted(UInt64.self, what))
    default: break
    }
    guard let inside = PickleText.unquoted(try stream.readLine(what), of: arena.input) else {
      throw failure(.malformedString("a string has no quotes around it"))
    }
    guard PickleText.hasBackslash(arena.input[inside]) else { return try addInput(.bytes, inside) }
    switch PickleText.unescaped(arena.input[inside]) {
    case .success(let bytes): return try addDerived(.bytes, bytes)
    case .failure(let problem): throw failure(.malformedString(problem.sentence))
    }
  }

  mutating func readText(_ opcode: PickleOpcode) throws(PickleError) -> Pickle.ID {
    let what = "a text"
    let range: Range<Int>
    switch opcode {
    case .shortBinunicode: range = try stream.readCounted(UInt8.self, what)
    case .binunicode: range = try stream.readCounted(UInt32.self, what)
    case .binunicode8: range = try stream.readCounted(UInt64.self, what)
    default:
      range = try stream.readLine(what)
      if PickleText.hasBackslash(arena.input[range]) || !PickleText.isASCII(arena.input[range]) {
        guard let text = PickleText.utf8(rawUnicodeEscape: arena.input[range]) else {
          throw failure(.malformedString("a text has a wrong \\u escape"))
        }
        return try addDerived(.text, text)
      }
    }
    guard PickleText.isValidUTF8(arena.input[range]) else { throw failure(.invalidText) }
    return try addInput(.text, range)
  }

  /// Makes a text, bytes or bytearray that lies in the input.
  mutating func addInput(_ kind: Pickle.Kind, _ range: Range<Int>) throws(PickleError) -> Pickle.ID {
    try add(kind, detail: PickleNode.Place.input, first: range.lowerBound, second: range.count)
  }

  /// Makes an object of bytes that don't stand in the input as they are.
  mutating func addDerived(_ kind: Pickle.Kind, _ bytes: [UInt8]) throws(PickleError) -> Pickle.ID {
    let start = arena.derived.count
    arena.derived.append(contentsOf: bytes)
    return try add(kind, detail: PickleNode.Place.derived, first: start, second: bytes.count)
  }

  /// Part of the input for a message.
  func display(_ range: Range<Int>) -> String {
    String(decoding: arena.input[range].prefix(40), as: UTF8.self).printable(limit: 40)
  }
}
