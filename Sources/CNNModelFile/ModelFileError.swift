import CNNCodecs

/// Why a file is no good model file, or a content cannot become one.
public enum ModelFileError: FormatError, Equatable {
  /// The file is not even safetensors, or is damaged as such.
  case safetensors(SafetensorsError)
  /// The file is safetensors of another program: no checksums, no graph. It can be imported.
  case plain
  /// The file says by a member `cnn.` that it is a model file, but does not begin as one; the position is that of the
  /// first byte that differs.
  case damagedStart(position: Int)
  /// Header and length do not end at a multiple of 64, or there is more padding than that takes.
  case padding(headerLength: Int)
  /// The header's checksum is not written as eight lower-case hexadecimal digits.
  case headerChecksumDigits
  /// The header is not what its checksum says.
  case headerChecksum(declared: UInt32, computed: UInt32)
  /// `__metadata__` has other members than a model file has.
  case metadataMembers([String])
  /// The file is of a version that this reader does not know.
  case version(String)
  /// The manifest is no canonical JSON; positions count within its text.
  case manifestText(JSONError)
  /// The manifest is not as it should be.
  case manifest(ManifestError)
  /// The manifest has no checksum for a tensor.
  case noChecksum(tensor: String)
  /// The manifest has a checksum for a tensor that does not exist.
  case checksumWithoutTensor(String)
  /// A tensor is not what its checksum says; it begins at `position`.
  case tensorChecksum(tensor: String, position: Int, declared: UInt32, computed: UInt32)
  /// Manifest and tensors do not fit together.
  case content(ContentError)
  /// What is to be written does not fit into JSON.
  case unwritable(JSONWriter.WriteError)
  /// The header of what is to be written would be too long.
  case headerTooLong(length: Int, limit: Int)

  /// The byte of the file at which the trouble begins, where there is one.
  public var offset: Int? {
    switch self {
    case .safetensors(let error): error.offset
    case .damagedStart(let position): position
    case .padding: 0
    case .headerChecksumDigits: 38
    case .tensorChecksum(_, let position, _, _): position
    default: nil
    }
  }

  /// What is wrong, as a sentence fragment.
  public var reason: String {
    switch self {
    case .safetensors(let error): error.reason
    case .plain:
      "this is a plain safetensors file, without checksums and graph; mnist-convert makes a model file of it"
    case .damagedStart: "this is a damaged model file: it does not begin as one"
    case .padding(let length): "the header of \(length) bytes is not padded to the next multiple of 64"
    case .headerChecksumDigits: "the header's checksum is not eight lower-case hexadecimal digits"
    case .headerChecksum(let declared, let computed):
      "the header is damaged: its checksum is \(computed.eightHexadecimalDigits) and should be \(declared.eightHexadecimalDigits)"
    case .metadataMembers(let names):
      "__metadata__ has the members \(names.prefix(8).map(\.quotedForMessage).joined(separator: ", ")); "
        + "it should have exactly cnn.crc32, cnn.manifest and cnn.version"
    case .version(let version):
      "the file is of version \(version.quotedForMessage), and this reader knows version 1"
    case .manifestText(let error): "at byte \(error.position) of the manifest \(error.reason)"
    case .manifest(let error): error.reason
    case .noChecksum(let tensor): "tensor \(tensor.quotedForMessage) has no checksum"
    case .checksumWithoutTensor(let name):
      "there is a checksum for \(name.quotedForMessage), and no such tensor"
    case .tensorChecksum(let tensor, _, let declared, let computed):
      "tensor \(tensor.quotedForMessage) is damaged: its checksum is \(computed.eightHexadecimalDigits) "
        + "and should be \(declared.eightHexadecimalDigits)"
    case .content(let error): error.reason
    case .unwritable(let error): error.description
    case .headerTooLong(let length, let limit):
      "the header would have \(length) bytes; at most \(limit) are allowed"
    }
  }
}
