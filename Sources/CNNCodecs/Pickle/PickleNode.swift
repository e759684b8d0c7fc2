extension Pickle {
  /// One object of a pickle: an index into its arena, so that sharing costs nothing and cycles do no harm.
  ///
  /// It means something only to the pickle that it came from; another may trap on it.
  public struct ID: Hashable, Sendable {
    let index: UInt32
  }

  /// What an object is, as far as the reader tells apart.
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// `None`.
    case none
    /// `True` or `False`, also of NumPy.
    case boolean
    /// An integer of any size, also a scalar of NumPy.
    case integer
    /// A float, also a scalar of NumPy.
    case real
    /// A complex number.
    case complex
    /// A text: `str` of Python 3, `unicode` of Python 2.
    case text
    /// Bytes: `bytes` of Python 3, `str` of Python 2.
    case bytes
    /// A `bytearray`.
    case byteArray
    /// A tuple.
    case tuple
    /// A list.
    case list
    /// A dict, an `OrderedDict` or a `defaultdict`.
    case dictionary
    /// A set.
    case set
    /// A frozenset.
    case frozenSet
    /// An array of NumPy.
    case array
    /// A dtype of NumPy as a value of its own.
    case elementType
    /// The name of a class or function, which nothing here looks up.
    case global
    /// The bytes behind PyTorch's tensors, in its own files only.
    case storage
    /// A tensor of PyTorch, in its own files only.
    case tensor
  }
}

/// An object in 24 bytes. What the two numbers mean depends on the kind:
///
///     kind                   detail               first         second
///     none, boolean                               0 or 1
///     integer                inline               value
///                            input or derived     start         length of the two's complement bytes
///     real                                        bit pattern
///     complex                                     real part     imaginary part, as bit patterns
///     text, bytes, byteArray input or derived     start         length
///     tuple, frozenSet                            first child   number of children
///     list, set, dictionary  flavour              first child   number of children, capacity << 32
///     array                  unbuilt or built     index in `arrays`
///     elementType            unbuilt or order     index in `ElementType.allCases`
///     global                 `PickleReduction`    module's ID   name's ID
///     storage, tensor                             index in `torch.storages`, `torch.tensors`
struct PickleNode: Sendable {
  /// Kind in bits 0-7, detail in bits 8-15, offset above.
  private let tag: UInt64
  var first: Int
  var second: Int

  init(_ kind: Pickle.Kind, detail: UInt8 = 0, offset: Int, first: Int = 0, second: Int = 0) {
    tag = UInt64(kind.rawValue) | UInt64(detail) << 8 | UInt64(offset) << 16
    self.first = first
    self.second = second
  }

  var kind: Pickle.Kind { Pickle.Kind(rawValue: UInt8(truncatingIfNeeded: tag)) ?? .none }
  var detail: UInt8 { UInt8(truncatingIfNeeded: tag >> 8) }
  /// The offset of the opcode that created the object.
  var offset: Int { Int(tag >> 16) }

  /// Where the bytes of a text or an integer lie.
  enum Place {
    static let input: UInt8 = 0
    static let derived: UInt8 = 1
    /// For integers only: in the node itself.
    static let inline: UInt8 = 2
  }

  /// Which of Python's dicts it was.
  enum Flavour {
    static let plain: UInt8 = 0
    static let ordered: UInt8 = 1
    static let withDefault: UInt8 = 2
  }

  /// Whether an array or a dtype has its state yet.
  enum State {
    static let unbuilt: UInt8 = 0
    static let built: UInt8 = 1
    static let builtBigEndian: UInt8 = 2
  }
}

/// What makes a `NumericArray` out of bytes that lie elsewhere.
struct PickleArrayRecord: Sendable {
  let elementType: ElementType
  let byteOrder: NumericArray.ByteOrder
  let memoryOrder: NumericArray.MemoryOrder
  /// True if the bytes lie in the arena's derived bytes, false if in the input.
  let isDerived: Bool
  let start: Int
  let count: Int
  /// The tuple of dimensions.
  let shape: Pickle.ID
}
