import CNNCodecs
import Testing

/// Malformed and malicious pickles as literal bytes, each with its error and the offset of the opcode at fault.
@Suite struct PickleHostileTests {
  struct Case: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let kind: PickleError.Kind
    let offset: Int

    init(_ name: String, _ bytes: [UInt8], _ kind: PickleError.Kind, at offset: Int) {
      (self.name, self.bytes, self.kind, self.offset) = (name, bytes, kind, offset)
    }

    var testDescription: String { name }
  }

  static let calls = [
    Case(
      "os.system at protocol 0", assemble("cposix\nsystem\n(S'id'\ntR."),
      .forbiddenCall(module: "posix", name: "system"), at: 22),
    Case(
      "builtins.getattr", assemble(0x80, 2, "cbuiltins\ngetattr\n)R."),
      .forbiddenCall(module: "builtins", name: "getattr"), at: 21),
    Case(
      "a dotted name", assemble(0x80, 4, 0x8C, 2, "os", 0x8C, 11, "path.system", 0x93, ")R."),
      .forbiddenCall(module: "os", name: "path.system"), at: 21),
    Case(
      // The last two strings seen are a harmless pair; those on the stack are not.
      "a name fetched from the memo",
      assemble(
        0x80, 4, 0x8C, 2, "os", 0x94, 0x8C, 6, "system", 0x94, "00", 0x8C, 11, "collections", 0x8C, 11,
        "OrderedDict00h\0h\u{1}", 0x93, ")R."),
      .forbiddenCall(module: "os", name: "system"), at: 52),
    Case(
      "eval by INST", assemble("(S'1'\ni__builtin__\neval\n."),
      .forbiddenCall(module: "__builtin__", name: "eval"), at: 6),
    Case(
      "a class by OBJ", assemble("(cos\nsystem\nS'id'\no."), .forbiddenCall(module: "os", name: "system"),
      at: 18),
    Case(
      "a class by NEWOBJ", assemble(0x80, 2, "cargparse\nNamespace\n)\u{81}."),
      .forbiddenCall(module: "argparse", name: "Namespace"), at: 23),
    Case(
      "a class by NEWOBJ_EX", assemble(0x80, 4, "cx\nY\n)}\u{92}."), .forbiddenCall(module: "x", name: "Y"),
      at: 9),
    Case(
      "keyword arguments", assemble("c__builtin__\ndict\n)}Vk\nNs\u{92}."),
      .wrongTarget(.newobjEx, found: "keyword arguments"), at: 25),
    Case(
      "an old-style object", assemble("ccopy_reg\n_reconstructor\n(c__main__\nA\nc__builtin__\nobject\nNtR."),
      .forbiddenCall(module: "copy_reg", name: "_reconstructor"), at: 60),
    Case(
      "a PyTorch tensor", assemble("ctorch._utils\n_rebuild_tensor_v2\n)R."),
      .forbiddenCall(module: "torch._utils", name: "_rebuild_tensor_v2"), at: 34),
    Case(
      "control characters in a name", assemble("cx\u{1B}[2J\ny\n)R."),
      .forbiddenCall(module: "x\\u{1b}[2J", name: "y"), at: 10),
    Case("a call of a number", assemble("K\u{1})R."), .notCallable(found: "an integer"), at: 3),
    Case(
      "a plain type called", assemble("c__builtin__\nint\n)R."),
      .forbiddenCall(module: "__builtin__", name: "int"), at: 18),
    Case(
      "numpy.ndarray called", assemble("cnumpy\nndarray\n)R."),
      .forbiddenCall(module: "numpy", name: "ndarray"), at: 16),
    Case(
      "arguments in a list", assemble("c__builtin__\nset\n]R."), .wrongTarget(.reduce, found: "a list"),
      at: 18),
    Case(
      "a function as a factory", assemble("ccollections\ndefaultdict\ncos\nsystem\n\u{85}R."),
      .malformedCall(function: "defaultdict", problem: "the name os.system as its factory"), at: 37),
    Case(
      "encode to another encoding", assemble("c_codecs\nencode\nVa\nVrot13\n\u{86}R."),
      .malformedCall(function: "_codecs.encode", problem: "other than a text and 'latin1'"), at: 27),
    Case(
      "encode what Latin-1 lacks", assemble("c_codecs\nencode\nV\\u4e09\nVlatin1\n\u{86}R."),
      .malformedCall(function: "_codecs.encode", problem: "a character that Latin-1 does not have"), at: 33),
    Case(
      "a name of numbers", assemble("K\u{1}K\u{2}\u{93}."), .wrongTarget(.stackGlobal, found: "an integer"),
      at: 4),
    Case("state for a dict", assemble("}}b."), .wrongTarget(.build, found: "a dict"), at: 2),
  ]

  static let lengths = [
    Case("nothing", [], .empty, at: 0),
    Case(
      "LONG4 of -1", assemble(0x8B, "ÿÿÿÿ."), .negativeNumber(what: "the length of an integer", -1), at: 0),
    Case(
      "BINBYTES8 of 2^63-1", assemble("N", 0x8E, "ÿÿÿÿÿÿÿ\u{7F}."),
      .endsEarly(what: "a byte string", needed: 0x7FFF_FFFF_FFFF_FFFF, available: 1), at: 1),
    Case(
      "BINUNICODE8 of 2^64-1", assemble(0x8D, "ÿÿÿÿÿÿÿÿ."),
      .endsEarly(what: "a text", needed: UInt64.max, available: 1), at: 0),
    Case(
      "BYTEARRAY8 of 2^40", assemble(0x96, 0, 0, 0, 0, 0, 1, 0, 0, "."),
      .endsEarly(what: "a byte string", needed: 1 << 40, available: 1), at: 0),
    Case(
      "BINSTRING of -1", assemble("Tÿÿÿÿ."), .negativeNumber(what: "the length of a byte string", -1), at: 0),
    Case(
      "an opcode's argument cut", assemble("NJ\u{1}\0"),
      .endsEarly(what: "an integer", needed: 4, available: 2), at: 1),
    Case("a line without end", assemble("I12"), .unterminatedLine(what: "an integer"), at: 0),
    Case("no STOP", assemble("N"), .missingStop, at: 1),
    Case("bytes after the end", assemble("N.\n"), .trailingBytes(count: 1), at: 2),
    Case("padding after the end", assemble("N.\0\0\0\0"), .trailingBytes(count: 4), at: 2),
    Case("a second pickle without end", assemble("N.K\u{1}"), .missingStop, at: 4),
    Case("protocol 6", assemble(0x80, 6, "N."), .unsupportedProtocol(6), at: 0),
    Case("PROTO in the middle", assemble("N\u{80}\u{2}0N."), .misplacedProtocol, at: 1),
    Case("JSON", assemble("{\"a\":1}"), .unknownOpcode(0x7B), at: 0),
    Case(
      "a frame longer than the file", assemble(0x80, 4, 0x95, 4, 0, 0, 0, 0, 0, 0, 0, "NN."),
      .frameTooLong(declared: 4, available: 3), at: 2),
    Case(
      "a frame of 2^64-1", assemble(0x80, 4, 0x95, "ÿÿÿÿÿÿÿÿN."),
      .frameTooLong(declared: UInt64.max, available: 2), at: 2),
    Case(
      "an opcode across a frame's end", assemble(0x80, 4, 0x95, 2, 0, 0, 0, 0, 0, 0, 0, "J\u{1}\0\0\0."),
      .frameTooShort(.binint), at: 11),
    Case(
      "a line across a frame's end", assemble(0x80, 4, 0x95, 2, 0, 0, 0, 0, 0, 0, 0, "I1\n."),
      .frameTooShort(.int), at: 11),
    Case(
      "a frame in a frame",
      assemble(0x80, 4, 0x95, 11, 0, 0, 0, 0, 0, 0, 0, 0x95, 2, 0, 0, 0, 0, 0, 0, 0, "N."),
      .frameInsideFrame, at: 11),
    Case(
      "STOP before a frame's end", assemble(0x80, 4, 0x95, 4, 0, 0, 0, 0, 0, 0, 0, "N.N."),
      .frameUnfinished(remaining: 2), at: 12),
  ]

  static let stacks = [
    Case("no value at STOP", assemble("."), .leftOnStack(values: 0, marks: 0), at: 0),
    Case("two values at STOP", assemble("NN."), .leftOnStack(values: 2, marks: 0), at: 2),
    Case("a mark at STOP", assemble("N(."), .leftOnStack(values: 1, marks: 1), at: 2),
    Case("POP of nothing", assemble("0N."), .stackUnderflow(.pop), at: 0),
    Case("DUP of a mark", assemble("N(2."), .stackUnderflow(.dup), at: 2),
    Case("TUPLE2 across a mark", assemble("N(N\u{86}."), .stackUnderflow(.tuple2), at: 3),
    Case("PUT of nothing", assemble("q\0."), .stackUnderflow(.binput), at: 0),
    Case("APPEND to nothing", assemble("Na."), .stackUnderflow(.append), at: 1),
    Case("APPENDS to nothing", assemble("(Ne."), .stackUnderflow(.appends), at: 2),
    Case("OBJ without a class", assemble("(o."), .stackUnderflow(.obj), at: 1),
    Case("REDUCE of one value", assemble(")R."), .stackUnderflow(.reduce), at: 1),
    Case("BUILD of one value", assemble("Nb."), .stackUnderflow(.build), at: 1),
    Case("TUPLE without a mark", assemble("Nt."), .missingMark(.tuple), at: 1),
    Case("SETITEMS without a mark", assemble("}NNu."), .missingMark(.setitems), at: 3),
    Case("APPEND to a tuple", assemble(")Na."), .wrongTarget(.append, found: "a tuple"), at: 2),
    Case("SETITEM on a list", assemble("]NNs."), .wrongTarget(.setitem, found: "a list"), at: 3),
    Case(
      "ADDITEMS to a frozenset", assemble("(\u{91}(N\u{90}."), .wrongTarget(.additems, found: "a frozenset"),
      at: 4),
    Case("odd SETITEMS", assemble("}(K\u{1}NK\u{2}u."), .unpairedItems(.setitems), at: 7),
    Case("odd DICT", assemble("(Nd."), .unpairedItems(.dict), at: 2),
    Case("a missing memo entry", assemble("Nq\u{1}0h\u{2}."), .missingMemoEntry(2), at: 4),
    Case("a memo entry far away", assemble("Nrÿÿÿÿ0j\u{FE}ÿÿÿ."), .missingMemoEntry(0xFFFF_FFFE), at: 7),
    Case("a memo that ends with its pickle", assemble("Nq\0.h\0."), .trailingBytes(count: 3), at: 4),
    Case("a memo that the next pickle lacks", assemble("Nq\0.(h\0t."), .missingMemoEntry(0), at: 5),
    Case("PUT at -1", assemble("Np-1\n."), .negativeNumber(what: "a memo index", -1), at: 1),
    Case("PUT at a word", assemble("Npx\n."), .malformedNumber("x"), at: 1),
    Case(
      "GET beyond every integer", assemble("g99999999999999999999\n."),
      .malformedNumber("99999999999999999999"), at: 0),
  ]

  static let values = [
    Case("an integer with a letter", assemble("I12x\n."), .malformedNumber("12x"), at: 0),
    Case("an integer without digits", assemble("I-\n."), .malformedNumber("-"), at: 0),
    Case("an empty integer", assemble("L\n."), .malformedNumber(""), at: 0),
    Case("an octal integer", assemble("I020\n."), .malformedNumber("020"), at: 0),
    Case("a float beyond the greatest", assemble("F1e+340\n."), .malformedNumber("1e+340"), at: 0),
    Case("a hexadecimal float", assemble("F0x1p3\n."), .malformedNumber("0x1p3"), at: 0),
    Case("a float of words", assemble("Fnan(1)\n."), .malformedNumber("nan(1)"), at: 0),
    Case(
      "5,000 digits", assemble("L", repeated("9", 5000), "L\n."),
      .integerTooLong(length: 5000, maximum: 4300, unit: "digits"), at: 0),
    Case(
      "an integer of 5,000 bytes", assemble(0x8B, 0x88, 0x13, 0, 0, repeated("\u{1}", 5000), "."),
      .integerTooLong(length: 5000, maximum: 1786, unit: "bytes"), at: 0),
    Case(
      "a string without quotes", assemble("Sabc\n."), .malformedString("a string has no quotes around it"),
      at: 0),
    Case(
      "a string of one quote", assemble("S'\n."), .malformedString("a string has no quotes around it"), at: 0),
    Case("unlike quotes", assemble("S'a\"\n."), .malformedString("a string has no quotes around it"), at: 0),
    Case(
      "a final backslash", assemble("S'a\\'\n."), .malformedString("a quoted string ends in a backslash"),
      at: 0),
    Case(
      "a short \\x", assemble("S'\\x4'\n."),
      .malformedString("a quoted string has \\x without two hexadecimal digits"), at: 0),
    Case("a short \\u", assemble("V\\u12\n."), .malformedString("a text has a wrong \\u escape"), at: 0),
    Case(
      "half a surrogate pair", assemble("V\\ud83dx\n."), .malformedString("a text has a wrong \\u escape"),
      at: 0),
    Case(
      "beyond Unicode", assemble("V\\U00110000\n."), .malformedString("a text has a wrong \\u escape"), at: 0),
    Case("invalid UTF-8", assemble("X\u{2}\0\0\0\u{C3}\u{28}."), .invalidText, at: 0),
    Case("overlong UTF-8", assemble(0x8C, 2, 0xC0, 0x80, "."), .invalidText, at: 0),
    Case("a surrogate in UTF-8", assemble(0x8C, 3, 0xED, 0xA0, 0x80, "."), .invalidText, at: 0),
    Case("UTF-8 cut short", assemble(0x8C, 2, 0xE2, 0x82, "."), .invalidText, at: 0),

    Case("a list as a key", assemble("}]Ns."), .unhashableKey("a list"), at: 3),
    Case("a dict as a member", assemble("\u{8F}(}\u{90}."), .unhashableKey("a dict"), at: 3),
    Case(
      "an unbuilt array as a key", assemble("}", ArrayPickle.reconstruct, "Ns."),
      .unhashableKey("a NumPy array"), at: 61),
    Case("a tuple as a key", assemble("})Ns."), .unsupportedKey("a tuple"), at: 3),
    Case("a NaN as a key", assemble("}Fnan\nNs."), .unsupportedKey("a float"), at: 7),
    Case("the same name twice", assemble("}(Va\nNVa\nNu."), .duplicateKey("a"), at: 10),
    Case(
      "the same name as text and bytes", assemble("}(V\u{E9}\nNU\u{1}\u{E9}Nu."), .duplicateKey("é"), at: 10),
    Case("1 and True", assemble("}(K\u{1}N\u{88}Nu."), .duplicateKey("True"), at: 7),
    Case("0 and -0.0", assemble("}(K\0NF-0.0\nNu."), .duplicateKey("-0.0"), at: 12),
    Case("a key set again later", assemble("}Va\nNsVa\nNs."), .duplicateKey("a"), at: 10),
    Case("a member twice", assemble("(K\u{1}K\u{1}\u{91}."), .duplicateKey("1"), at: 5),
    Case(
      "a key twice in an OrderedDict", assemble("ccollections\nOrderedDict\n](](K\u{1}Ne](K\u{1}Nee\u{85}R."),
      .duplicateKey("1"), at: 41),
  ]

  @Test(arguments: calls + lengths + stacks + values) func refused(hostile: Case) {
    #expect(pickleError(hostile.bytes) == PickleError(hostile.kind, offset: hostile.offset))
  }

  @Test func messagesNameThePlaceAndTheCure() {
    #expect(
      pickleError(assemble("cposix\nsystem\n(S'id'\ntR."))?.description
        == "byte 22: the pickle calls posix.system; only NumPy arrays and plain containers are read")
    #expect(
      pickleError(assemble(0x80, 6, "N."))?.description
        == "byte 0: pickle protocol 6 is unknown; protocols 0 to 5 are read")
  }

  /// Every kind of error has a sentence without a capital at its beginning or a full stop at its end, unless it
  /// begins with an opcode's name.
  @Test func messagesReadAsSentences() {
    for hostile in Self.calls + Self.lengths + Self.stacks + Self.values {
      let reason = PickleError(hostile.kind, offset: 0).reason
      #expect(reason.count > 10 && !reason.hasSuffix("."), "\(reason)")
      #expect(!reason.contains("\n"))
    }
  }
}
