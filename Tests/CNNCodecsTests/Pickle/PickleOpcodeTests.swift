import CNNCodecs
import Testing

/// Each opcode by hand: what it makes, in the notation of `Pickle.describe`.
@Suite struct PickleOpcodeTests {
  static let executed: [(opcode: PickleOpcode, pickle: [UInt8], value: String)] = [
    (.mark, assemble("(t."), "tuple()"),
    (.stop, assemble("N."), "None"),
    (.pop, assemble("K\u{1}K\u{2}0."), "int:1"),
    (.pop, assemble("K\u{1}(0."), "int:1"),
    (.popMark, assemble("K\u{1}(K\u{2}K\u{3}1."), "int:1"),
    (.dup, assemble("K\u{1}2\u{86}."), "tuple(int:1,int:1)"),
    (.float, assemble("F-1.5e-05\n."), "real:beef75104d551d69"),
    (.float, assemble("Finf\n."), "real:7ff0000000000000"),
    (.float, assemble("Fnan\n."), "real:7ff8000000000000"),
    (.int, assemble("I-42\n."), "int:-42"),
    (.int, assemble("I0\n."), "int:0"),
    (.int, assemble("I01\n."), "True"),
    (.int, assemble("I00\n."), "False"),
    (.int, assemble("I9223372036854775808\n."), "big:000000000000008000"),
    (.long, assemble("L-7L\n."), "int:-7"),
    (.long, assemble("L7\n."), "int:7"),
    (.long, assemble("L-9223372036854775808L\n."), "int:-9223372036854775808"),
    (.long, assemble("L-18446744073709551616L\n."), "big:0000000000000000ff"),
    (.none, assemble("N."), "None"),
    (.reduce, assemble("c__builtin__\nset\n((lp0\nI1\natR."), "set(int:1)"),
    (.string, assemble("S'a\\n\\x41\\101\\0\\\\\\'\\q\"'\n."), "bytes:610a4141005c275c7122"),
    (.string, assemble("S\"it's\"\n."), "bytes:69742773"),
    (.unicode, assemble("Va\\u00e9é\\U0001F600\\\\u0041\n."), "text:61c3a9c3a9f09f98805c5c7530303431"),
    (.unicode, assemble("V\\ud83d\\ude00\n."), "text:f09f9880"),
    (.append, assemble("]Na."), "list(None)"),
    (.build, ArrayPickle.make(), "array:float32[2]:0000803f00000040"),
    (.global, assemble("cposix\nsystem\n."), "global:posix.system"),
    (.dict, assemble("(S'a'\nK\u{1}d."), "dict(bytes:61=int:1)"),
    (.get, assemble("K\u{5}p12\n0g12\n."), "int:5"),
    (.inst, assemble("(K\u{1}K\u{2}i__builtin__\ncomplex\n."), "complex:3ff00000000000004000000000000000"),
    (.list, assemble("(K\u{1}K\u{2}l."), "list(int:1,int:2)"),
    (.put, assemble("K\u{5}p0\n."), "int:5"),
    (.setitem, assemble("}S'a'\nNs."), "dict(bytes:61=None)"),
    (.tuple, assemble("(K\u{1}K\u{2}t."), "tuple(int:1,int:2)"),

    (.emptyTuple, assemble(")."), "tuple()"),
    (.emptyList, assemble("]."), "list()"),
    (.emptyDict, assemble("}."), "dict()"),
    (.appends, assemble("](K\u{1}K\u{2}e(K\u{3}e(e."), "list(int:1,int:2,int:3)"),
    (.setitems, assemble("}(K\u{1}NK\u{2}Nu."), "dict(int:1=None,int:2=None)"),
    (.binget, assemble("K\u{5}q\u{FF}0hÿ."), "int:5"),
    (.longBinget, assemble("K\u{5}r\0\u{1}\0\u{1}0j\0\u{1}\0\u{1}."), "int:5"),
    (.binput, assemble("K\u{5}q\u{1}K\u{6}q\u{1}0h\u{1}\u{86}."), "tuple(int:5,int:6)"),
    (.longBinput, assemble("K\u{5}rÿÿÿÿ0jÿÿÿÿ."), "int:5"),
    (.binint, assemble("J\u{FE}ÿÿÿ."), "int:-2"),
    (.binint1, assemble("Kÿ."), "int:255"),
    (.binint2, assemble("M\u{1}\u{80}."), "int:32769"),
    (.binfloat, assemble("G\u{3F}\u{F8}\0\0\0\0\0\0."), "real:3ff8000000000000"),
    (.binstring, assemble("T\u{2}\0\0\0a\u{E9}."), "bytes:61e9"),
    (.shortBinstring, assemble("U\u{2}a\u{E9}."), "bytes:61e9"),
    (.binunicode, assemble("X\u{2}\0\0\0\u{C3}\u{A9}."), "text:c3a9"),
    (.obj, assemble("(c__builtin__\nfrozenset\n(K\u{1}lo."), "frozenset(int:1)"),

    (.proto, assemble(0x80, 2, "N."), "None"),
    (.newobj, assemble("ccollections\nOrderedDict\n)\u{81}."), "OrderedDict()"),
    (.tuple1, assemble("N\u{85}."), "tuple(None)"),
    (.tuple2, assemble("NK\u{1}\u{86}."), "tuple(None,int:1)"),
    (.tuple3, assemble("NNK\u{1}\u{87}."), "tuple(None,None,int:1)"),
    (.newtrue, assemble(0x88, "."), "True"),
    (.newfalse, assemble(0x89, "."), "False"),
    (.long1, assemble(0x8A, 0, "."), "int:0"),
    (.long1, assemble(0x8A, 2, 0xFF, 0xFF, "."), "int:-1"),
    (.long1, assemble(0x8A, 9, "ÿÿÿÿÿÿÿÿ", 0, "."), "big:ffffffffffffffff00"),
    (.long4, assemble(0x8B, 2, 0, 0, 0, 0x00, 0x80, "."), "int:-32768"),

    (.binbytes, assemble("B\u{1}\0\0\0ÿ."), "bytes:ff"),
    (.shortBinbytes, assemble("C\u{1}ÿ."), "bytes:ff"),

    (.shortBinunicode, assemble(0x8C, 1, "a."), "text:61"),
    (.binunicode8, assemble(0x8D, 1, 0, 0, 0, 0, 0, 0, 0, "a."), "text:61"),
    (.binbytes8, assemble(0x8E, 1, 0, 0, 0, 0, 0, 0, 0, "a."), "bytes:61"),
    (.emptySet, assemble(0x8F, "."), "set()"),
    (.additems, assemble(0x8F, "(K\u{1}K\u{2}", 0x90, "."), "set(int:1,int:2)"),
    (.frozenset, assemble("(K\u{1}K\u{2}", 0x91, "."), "frozenset(int:1,int:2)"),
    (.newobjEx, assemble("c__builtin__\nlist\n)}", 0x92, "."), "list()"),
    (.stackGlobal, assemble(0x8C, 2, "os", 0x8C, 6, "system", 0x93, "."), "global:os.system"),
    (.memoize, assemble("K\u{5}", 0x94, "K\u{6}", 0x94, "00h\0h\u{1}\u{86}."), "tuple(int:5,int:6)"),
    (.frame, assemble(0x80, 4, 0x95, 2, 0, 0, 0, 0, 0, 0, 0, "N."), "None"),
    (.bytearray8, assemble(0x96, 1, 0, 0, 0, 0, 0, 0, 0, "a."), "bytearray:61"),
  ]

  @Test(arguments: executed.indices) func executedOpcode(index: Int) throws {
    let (opcode, bytes, value) = Self.executed[index]
    #expect(bytes.contains(opcode.rawValue))
    let pickle = try Pickle(parsing: bytes)
    #expect(pickle.describe(pickle.roots[0]) == value, "\(opcode.name)")
  }

  /// What each refused opcode is refused with, arguments or not.
  @Test(arguments: PickleOpcode.allCases.filter(\.isRefused)) func refusedOpcode(opcode: PickleOpcode) {
    let bytes = assemble(0x80, 5, "N", [opcode.rawValue], "\u{1}\u{2}\u{3}\u{4}\n.")
    #expect(pickleError(bytes) == PickleError(.refusedOpcode(opcode), offset: 3))
  }

  @Test func everyOpcodeIsExecutedOrRefused() {
    let executed = Set(Self.executed.map(\.opcode))
    let refused = Set(PickleOpcode.allCases.filter(\.isRefused))
    #expect(PickleOpcode.allCases.count == 68)
    #expect(executed.isDisjoint(with: refused))
    #expect(executed.union(refused) == Set(PickleOpcode.allCases))
  }

  @Test func everyOtherByteIsNoOpcode() {
    for byte in UInt8.min...UInt8.max where PickleOpcode(rawValue: byte) == nil {
      #expect(pickleError(assemble("N", [byte])) == PickleError(.unknownOpcode(byte), offset: 1))
    }
  }

  @Test func namesAreThoseOfPickletools() {
    #expect(PickleOpcode.shortBinunicode.name == "SHORT_BINUNICODE")
    #expect(PickleOpcode.newobjEx.name == "NEWOBJ_EX")
    #expect(PickleOpcode.binint1.name == "BININT1")
    #expect(PickleOpcode.binunicode8.name == "BINUNICODE8")
  }
}
