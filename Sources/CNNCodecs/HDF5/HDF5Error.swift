/// Why an HDF5 file cannot be read, and where.
public struct HDF5Error: FormatError, Equatable {
  /// What is wrong, with the evidence.
  public enum Kind: Equatable, Sendable {
    /// HDF5's signature stands at none of the places where it may.
    case notHDF5
    /// The file is shorter than it says itself.
    case truncated(declared: UInt64, available: Int)
    /// A structure ends before one of its fields.
    case endsEarly(what: String, needed: Int, available: Int)
    /// An address leads outside the file, or what stands there reaches beyond its end.
    case outsideFile(what: String, address: UInt64, length: UInt64, available: Int)
    /// Something that must be somewhere has no address.
    case noAddress(what: String)
    /// At an address something else stands than was announced.
    case wrongSignature(what: String, expected: String)
    /// A part of the format that is not read, by its name.
    case unsupported(String)
    /// A version of a structure that is not read.
    case unsupportedVersion(what: String, version: Int)
    /// A structure is damaged.
    case checksum(what: String, declared: UInt32, computed: UInt32)
    /// A field has a value that it cannot have.
    case malformed(what: String, problem: String)
    /// A structure that can belong to one owner only is met again: a cycle, or one inside another.
    case usedTwice(what: String)
    /// Structures that overlap, and so claim more bytes than the file has.
    case structuresExceedInput(available: Int)
    /// Two links of a group, or two attributes of an object, have the same name.
    case duplicateName(String)
    /// More of something than is read.
    case limitExceeded(what: String, maximum: Int)
    /// An array takes more bytes than the caller allows; nil stands for more than 2^63.
    case arrayTooLarge(byteCount: Int?, limit: Int)
    /// Compressed data do not decompress; zlib's word on it.
    case corruptData(detail: String)
    /// Data have another length than shape and element type say.
    case dataLength(what: String, expected: Int, found: Int)
    /// There is not enough memory.
    case outOfMemory
  }

  /// What is wrong.
  public let kind: Kind
  /// The first byte of the field or structure at fault.
  public let offset: Int?

  /// Creates an error about what stands at `offset`.
  public init(_ kind: Kind, offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  /// The sentence for `kind`.
  public var reason: String {
    switch kind {
    case .notHDF5: "the file does not begin with HDF5's signature"
    case .truncated(let declared, let available):
      "the HDF5 file is cut off: it says that it has \(declared) bytes, and there are \(available)"
    case .endsEarly(let what, let needed, let available):
      "\(what) ends early: a field takes \(needed) bytes, and \(available) are left"
    case .outsideFile(let what, let address, let length, let available):
      "\(what) would take \(length) bytes at address \(address), and the file ends at \(available)"
    case .noAddress(let what): "\(what) has no address"
    case .wrongSignature(let what, let expected): "\(what) does not begin with \(expected)"
    case .unsupported(let feature): "\(feature) is not read"
    case .unsupportedVersion(let what, let version): "version \(version) of \(what) is not read"
    case .checksum(let what, let declared, let computed):
      "\(what) is damaged: its checksum is \(computed.eightHexadecimalDigits), "
        + "and \(declared.eightHexadecimalDigits) is declared"
    case .malformed(let what, let problem): "\(what) is malformed: \(problem)"
    case .usedTwice(let what): "\(what) is used twice, as in a cycle"
    case .structuresExceedInput(let available):
      "parts of the file overlap: together they take more than its \(available) bytes"
    case .duplicateName(let name): "the name \(name.quotedForMessage) is given twice"
    case .limitExceeded(let what, let maximum): "the file has more than \(maximum) \(what)"
    case .arrayTooLarge(let byteCount?, let limit):
      "the array takes \(byteCount) bytes to decode; at most \(limit) are allowed"
    case .arrayTooLarge(nil, let limit):
      "the array takes more than 2^63 bytes to decode; at most \(limit) are allowed"
    case .corruptData(let detail): "the compressed data are damaged: \(detail)"
    case .dataLength(let what, let expected, let found):
      "\(what) has \(found) bytes where shape and element type take \(expected)"
    case .outOfMemory: "there is not enough memory to decompress the data"
    }
  }
}
