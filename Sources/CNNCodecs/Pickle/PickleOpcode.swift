/// The 68 opcodes of pickle protocols 0 to 5, each with the one byte that stands for it.
///
/// Source: `Lib/pickletools.py` of CPython. The raw values make two opcodes with one byte impossible.
public enum PickleOpcode: UInt8, CaseIterable, Sendable {
  // Protocol 0: arguments are lines of text.

  /// Marks a place on the stack, from which a later opcode takes everything.
  case mark = 0x28
  /// Ends the pickle; the one value on the stack is what it holds.
  case stop = 0x2E
  /// Drops the topmost value or mark.
  case pop = 0x30
  /// Drops everything down to the topmost mark.
  case popMark = 0x31
  /// Pushes the topmost value again.
  case dup = 0x32
  /// A float as a line of decimal text.
  case float = 0x46
  /// An integer, or a boolean (`00`, `01`), as a line of decimal text.
  case int = 0x49
  /// An integer as a line of decimal text with `L` behind it.
  case long = 0x4C
  /// None.
  case none = 0x4E
  /// A reference to an object outside the pickle, as a line of text; refused.
  case persid = 0x50
  /// Calls a function with a tuple of arguments; only the fixed list of reductions is carried out.
  case reduce = 0x52
  /// A byte string of Python 2 as a quoted line with escapes.
  case string = 0x53
  /// Text as a line of Latin-1 with `\u` escapes.
  case unicode = 0x56
  /// Appends one value to a list.
  case append = 0x61
  /// Gives an object its state.
  case build = 0x62
  /// The name of a class or function as two lines: module and name.
  case global = 0x63
  /// A dict of the keys and values above the mark.
  case dict = 0x64
  /// Pushes the memo's value at a decimal index.
  case get = 0x67
  /// Calls a class, named by two lines, with the values above the mark.
  case inst = 0x69
  /// A list of the values above the mark.
  case list = 0x6C
  /// Keeps the topmost value in the memo at a decimal index.
  case put = 0x70
  /// Puts one key and value into a dict.
  case setitem = 0x73
  /// A tuple of the values above the mark.
  case tuple = 0x74

  // Protocol 1: binary arguments.

  /// The empty tuple.
  case emptyTuple = 0x29
  /// A new list.
  case emptyList = 0x5D
  /// A new dict.
  case emptyDict = 0x7D
  /// Appends the values above the mark to a list.
  case appends = 0x65
  /// Puts the keys and values above the mark into a dict.
  case setitems = 0x75
  /// Pushes the memo's value at a one-byte index.
  case binget = 0x68
  /// Pushes the memo's value at a four-byte index.
  case longBinget = 0x6A
  /// Keeps the topmost value in the memo at a one-byte index.
  case binput = 0x71
  /// Keeps the topmost value in the memo at a four-byte index.
  case longBinput = 0x72
  /// An integer in four bytes, signed.
  case binint = 0x4A
  /// An integer in one byte, unsigned.
  case binint1 = 0x4B
  /// An integer in two bytes, unsigned.
  case binint2 = 0x4D
  /// A float in eight bytes, big-endian: the one big-endian argument there is.
  case binfloat = 0x47
  /// A byte string of Python 2 with a four-byte signed length.
  case binstring = 0x54
  /// A byte string of Python 2 with a one-byte length.
  case shortBinstring = 0x55
  /// UTF-8 text with a four-byte length.
  case binunicode = 0x58
  /// Calls the first value above the mark with the others.
  case obj = 0x6F
  /// A reference to an object outside the pickle, from the stack; refused.
  case binpersid = 0x51

  // Protocol 2.

  /// The pickle's protocol number.
  case proto = 0x80
  /// Creates an object of a class; carried out for plain containers only.
  case newobj = 0x81
  /// A class by its number in a registry outside the pickle; refused.
  case ext1 = 0x82
  /// A class by its number in a registry outside the pickle; refused.
  case ext2 = 0x83
  /// A class by its number in a registry outside the pickle; refused.
  case ext4 = 0x84
  /// A tuple of the topmost value.
  case tuple1 = 0x85
  /// A tuple of the two topmost values.
  case tuple2 = 0x86
  /// A tuple of the three topmost values.
  case tuple3 = 0x87
  /// True.
  case newtrue = 0x88
  /// False.
  case newfalse = 0x89
  /// A two's complement integer with a one-byte length.
  case long1 = 0x8A
  /// A two's complement integer with a four-byte signed length.
  case long4 = 0x8B

  // Protocol 3.

  /// Bytes with a four-byte length.
  case binbytes = 0x42
  /// Bytes with a one-byte length.
  case shortBinbytes = 0x43

  // Protocol 4.

  /// UTF-8 text with a one-byte length.
  case shortBinunicode = 0x8C
  /// UTF-8 text with an eight-byte length.
  case binunicode8 = 0x8D
  /// Bytes with an eight-byte length.
  case binbytes8 = 0x8E
  /// A new set.
  case emptySet = 0x8F
  /// Adds the values above the mark to a set.
  case additems = 0x90
  /// A frozenset of the values above the mark.
  case frozenset = 0x91
  /// Creates an object of a class with keyword arguments; carried out for plain containers only.
  case newobjEx = 0x92
  /// The name of a class or function from two texts on the stack.
  case stackGlobal = 0x93
  /// Keeps the topmost value in the memo at the next index.
  case memoize = 0x94
  /// Announces how many bytes the following opcodes take.
  case frame = 0x95

  // Protocol 5.

  /// A bytearray with an eight-byte length.
  case bytearray8 = 0x96
  /// A buffer kept outside the pickle; refused.
  case nextBuffer = 0x97
  /// Makes a buffer kept outside the pickle read-only; refused.
  case readonlyBuffer = 0x98

  /// The name in CPython's `pickletools`: `SHORT_BINUNICODE`.
  public var name: String {
    var name = ""
    for character in String(describing: self) {
      if character.isUppercase { name.append("_") }
      name.append(character.uppercased())
    }
    return name
  }

  /// True for the opcodes that ask for something outside the file, which are never carried out.
  public var isRefused: Bool {
    switch self {
    case .persid, .binpersid, .ext1, .ext2, .ext4, .nextBuffer, .readonlyBuffer: true
    default: false
    }
  }
}
