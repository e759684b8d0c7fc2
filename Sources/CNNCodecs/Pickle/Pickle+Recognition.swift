extension Pickle {
  /// Whether a file that begins with `prefix` is a pickle, told from its content alone.
  ///
  /// From protocol 2 on a pickle begins with its protocol number. Older ones have no mark of their own: for them
  /// the prefix must run as a pickle as far as it goes, with at least a container or a class's name at its
  /// beginning. A few hundred bytes are enough; a few thousand are looked at. If the file's end is known,
  /// `suffix` must be a dot, the opcode that ends every pickle.
  ///
  /// A pickle that will be refused is recognised too, so that the refusal can be told.
  public static func looksLikePickle(
    prefix: some Collection<UInt8>, suffix: (some Collection<UInt8>)? = [UInt8]?.none
  ) -> Bool {
    let bytes = [UInt8](prefix.prefix(4096))
    if let suffix, Array(suffix).last != PickleOpcode.stop.rawValue { return false }
    if beginsAsSafetensors(bytes) { return false }
    guard let first = bytes.first.flatMap({ PickleOpcode(rawValue: $0) }) else { return false }
    switch first {
    case .proto:
      return bytes.count >= 3 && bytes[1] <= 5 && runs(bytes)
    case .mark, .emptyTuple, .emptyList, .emptyDict: return runs(bytes)
    case .global:
      // Many texts begin with a c; here the line of the module is dotted words, and that of the name a word.
      let lines = bytes.dropFirst().split(separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
      let isDigit = lines.count > 1 && lines[1].first.map { 0x30...0x39 ~= $0 } ?? false
      return !lines[0].isEmpty && lines[0].allSatisfy(isWordOrDot) && !isDigit && runs(bytes)
    case .int, .long, .float, .string, .unicode, .none, .binint, .binint1, .binint2, .binfloat, .binstring,
      .shortBinstring, .binunicode:
      // A single value: too little to tell a part of it by.
      return (try? Pickle(parsing: bytes)) != nil
    default: return false
    }
  }

  /// A safetensors file begins with the length of its header in eight bytes, lowest first, and a brace. Many such
  /// lengths are opcodes too, but no pickle has three zeros and a brace in these places.
  private static func beginsAsSafetensors(_ bytes: [UInt8]) -> Bool {
    bytes.count > 8 && bytes[5...8].elementsEqual([0, 0, 0, UInt8(ascii: "{")])
  }

  private static func isWordOrDot(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// Whether `bytes` are the beginning of a pickle, be it one that is refused for what it says.
  private static func runs(_ bytes: [UInt8]) -> Bool {
    do {
      _ = try Pickle(parsing: bytes)
      return true
    } catch {
      switch error.kind {
      case .endsEarly, .unterminatedLine, .missingStop: return bytes.count >= 2
      // The frame goes on behind the prefix; one beyond a terabyte is no frame, and the file is judged by the rest.
      case .frameTooLong(let declared, _) where declared < 1 << 40: return true
      case .forbiddenCall, .malformedCall, .unsupportedArrayClass, .unsupportedElementType, .unsupportedKey,
        .malformedArray, .malformedElementType, .invalidShape, .arrayDataMismatch, .arraysExceedInput,
        .duplicateKey, .unhashableKey, .integerTooLong, .neverBuilt, .builtTwice, .limitExceeded,
        .refusedOpcode, .trailingBytes:
        return true
      // With a protocol number in front, some opcodes that make sense are enough: this one is damaged.
      default: return bytes[0] == PickleOpcode.proto.rawValue && (error.offset ?? 0) >= 16
      }
    }
  }
}
