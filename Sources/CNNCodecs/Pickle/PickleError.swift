/// Why a pickle cannot be read, and the offset of the opcode at fault.
///
/// In a few cases no opcode is to blame: `missingStop` and `endsEarly` of an opcode itself have the input's end,
/// `trailingBytes` the first byte behind the last pickle.
public struct PickleError: FormatError, Equatable {
  /// What is wrong, with the evidence.
  public enum Kind: Equatable, Sendable {
    /// There are no bytes at all.
    case empty
    /// The input ends where an opcode is due.
    case missingStop
    /// An argument with a known length is longer than what is left.
    case endsEarly(what: String, needed: UInt64, available: Int)
    /// A line of text has no end.
    case unterminatedLine(what: String)
    /// A byte that is no opcode.
    case unknownOpcode(UInt8)
    /// A protocol beyond 5.
    case unsupportedProtocol(UInt8)
    /// `PROTO` anywhere but at the start of a pickle.
    case misplacedProtocol
    /// An opcode that asks for something outside the file.
    case refusedOpcode(PickleOpcode)
    /// Bytes behind the last pickle that begin no other.
    case trailingBytes(count: Int)

    /// A frame longer than the input.
    case frameTooLong(declared: UInt64, available: Int)
    /// A frame that begins before the last one ends.
    case frameInsideFrame
    /// An opcode whose argument reaches beyond the frame it stands in.
    case frameTooShort(PickleOpcode)
    /// A pickle that ends before its last frame does.
    case frameUnfinished(remaining: Int)

    /// An opcode takes more values than there are above the last mark.
    case stackUnderflow(PickleOpcode)
    /// An opcode takes everything above a mark, and there is none.
    case missingMark(PickleOpcode)
    /// `STOP` with other than one value on the stack, or with a mark left.
    case leftOnStack(values: Int, marks: Int)
    /// A memo index that nothing was kept at.
    case missingMemoEntry(Int)

    /// Text that should be a number.
    case malformedNumber(String)
    /// A negative length or index.
    case negativeNumber(what: String, Int)
    /// An integer beyond the limit, in digits or bytes as the unit says.
    case integerTooLong(length: Int, maximum: Int, unit: String)
    /// A quoted string without its quotes, or with a wrong escape.
    case malformedString(String)
    /// Text that is not valid UTF-8 or has half a surrogate pair.
    case invalidText

    /// An opcode applied to a value of the wrong kind.
    case wrongTarget(PickleOpcode, found: String)
    /// A key without a value.
    case unpairedItems(PickleOpcode)
    /// A key or member that Python cannot hash.
    case unhashableKey(String)
    /// A key or member that Python can hash and this reader does not compare.
    case unsupportedKey(String)
    /// The same key, or member of a set, twice.
    case duplicateKey(String)

    /// A call of anything not on the list.
    case forbiddenCall(module: String, name: String)
    /// A call of something that is not a name.
    case notCallable(found: String)
    /// A call on the list, with arguments that no pickler writes.
    case malformedCall(function: String, problem: String)

    /// A subclass of NumPy's array.
    case unsupportedArrayClass(String)
    /// A dtype whose elements are not plain numbers.
    case unsupportedElementType(code: String, meaning: String)
    /// A dtype with a state that no pickler writes.
    case malformedElementType(problem: String)
    /// An array with a state that no pickler writes.
    case malformedArray(problem: String)
    /// A shape with too many dimensions, a negative one, or more elements than can be.
    case invalidShape(problem: String)
    /// An array with more or fewer bytes than its shape says.
    case arrayDataMismatch(shape: [Int], elementType: ElementType, expected: Int, found: Int)
    /// A second `BUILD` of one array or dtype.
    case builtTwice(String)
    /// An array or dtype that is left without its `BUILD`.
    case neverBuilt(String)
    /// Arrays that share bytes and so claim more data than the file holds.
    case arraysExceedInput(claimed: Int, available: Int)
    /// Containers that are copied over and over.
    case copiesExceedInput(available: Int)

    /// Something of PyTorch, in its files only.
    case torch(TorchProblem)

    /// One of `PickleLimits`.
    case limitExceeded(what: String, maximum: Int)
  }

  /// What is wrong.
  public let kind: Kind
  /// The offset of the opcode at fault.
  public let offset: Int?

  /// Creates an error about the opcode at `offset`.
  public init(_ kind: Kind, offset: Int) {
    self.kind = kind
    self.offset = offset
  }
}
