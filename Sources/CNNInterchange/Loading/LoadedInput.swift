import CNNCodecs
import CNNFiles
import CNNModelFile

/// An input file with its content known and read: whatever the format, in one type.
public struct LoadedInput: Sendable {
  /// What a file holds.
  public enum Content: Sendable {
    /// A native file, verified.
    case modelFile(ModelFile)
    /// A safetensors file without checksums.
    case plainSafetensors(PlainSafetensors)
    /// One array of an IDX file.
    case idx(NumericArray)
    /// One or more pickles.
    case pickle(Pickle)
    /// A picture, not decoded: its bytes.
    case png([UInt8])
  }

  /// The path as the user gave it.
  public let path: String
  /// The name, size and checksum of the file as it lies on the disk.
  public let source: Provenance.Source
  /// Whether the content came out of a gzip file.
  public let isCompressed: Bool
  /// What the file holds.
  public let content: Content

  /// The most bytes that an input may have: 4 GiB. What a gzip file may expand to is less, see
  /// `expansionLimit(size:)`.
  public static let defaultLimit = 1 << 32

  /// How many bytes at the beginning tell what a file is.
  static let prefixSize = 4096

  /// Reads a file or pipe to its end and finds out what it is, by its content alone.
  ///
  /// - Parameter path: `-` is standard input.
  /// - Throws: `FileError` if it cannot be read; `LoadFailure`, which names the file, for everything about its
  ///   content.
  public init(path: String, limit: Int = LoadedInput.defaultLimit) throws {
    try self.init(InputFile(path: path), limit: limit)
  }

  /// Reads a file that is open already, as `init(path:limit:)` does: what was peeked at is read again.
  ///
  /// - Throws: `FileError` if it cannot be read; `LoadFailure` for everything about its content.
  public init(_ file: InputFile, limit: Int = LoadedInput.defaultLimit) throws {
    path = file.path
    do {
      let beginning = try file.peek(64)
      if ModelFileReader.recognize(prefix: beginning) != nil {
        let checksummed = ChecksummedSource(file)
        content = try Self.safetensors(from: checksummed)
        isCompressed = false
        source = Provenance.Source(name: file.name, size: checksummed.byteCount, crc32: checksummed.crc32)
        return
      }
      guard !beginning.isEmpty else { throw InterchangeError.emptyInput }
      // What cannot be told by its beginning is not worth reading to its end.
      let prefix = try file.peek(Self.prefixSize)
      guard FileFormat(beginning: prefix) != nil else {
        throw InterchangeError.unknownFormat(beginning: prefix)
      }
      let bytes = try Self.read(file, beginning: prefix, limit: limit)
      source = Provenance.Source(name: file.name, size: bytes.count, crc32: CRC32.checksum(of: bytes))
      isCompressed = Gzip.isGzip(bytes)
      content =
        isCompressed
        ? try Self.decompressedContent(of: bytes, path: path, limit: limit) : try Self.content(of: bytes)
    } catch let error as FileError {
      throw error
    } catch let error as LoadFailure {
      throw error
    } catch {
      throw LoadFailure(path: path, isDecompressed: false, error)
    }
  }

  /// All bytes of a file that begins with `beginning`; of a pipe no more than its header says.
  private static func read(_ file: InputFile, beginning: [UInt8], limit: Int) throws -> [UInt8] {
    guard file.remainingByteCount == nil, FileFormat(beginning: beginning) == .idx,
      let declared = IDX.declaredByteCount(beginning), declared < limit
    else { return try file.readAll(limit: limit) }
    let bytes = try file.readBytes(upTo: declared + 1)
    guard bytes.count <= declared else { throw IDXError.trailingBytes(count: nil, offset: declared) }
    return bytes
  }

  /// Reads what is not compressed, or no longer.
  static func content(of bytes: [UInt8]) throws -> Content {
    switch FileFormat(beginning: Array(bytes.prefix(prefixSize))) {
    case .png:
      return .png(bytes)
    case .safetensors:
      return try safetensors(from: MemorySource(bytes))
    case .idx:
      return .idx(try IDX.parse(bytes))
    case .pickle:
      return .pickle(try Pickle(parsing: bytes))
    case .gzip, nil:
      throw InterchangeError.unknownFormat(beginning: Array(bytes.prefix(8)))
    }
  }

  /// What the file is, as a noun phrase for messages: `a pickle`.
  public var contentName: String {
    switch content {
    case .modelFile(let file): "a native \(file.manifest.kind.rawValue) file"
    case .plainSafetensors: "a plain safetensors file"
    case .idx: "an IDX file"
    case .pickle: "a pickle"
    case .png: "a PNG picture"
    }
  }
}

/// A content that cannot be read, with the file that it stands in.
public struct LoadFailure: Error, CustomStringConvertible {
  /// The path as the user gave it.
  public let path: String
  /// Whether places in the message are those of the decompressed data.
  public let isDecompressed: Bool
  /// What is wrong.
  public let underlying: any Error

  init(path: String, isDecompressed: Bool, _ underlying: any Error) {
    self.path = path
    self.isDecompressed = isDecompressed
    self.underlying = underlying
  }

  /// What is wrong, without the path.
  public var explanation: String {
    let text = String(describing: underlying)
    return isDecompressed && text.hasPrefix("byte ") ? "decompressed \(text)" : text
  }

  /// The path and what is wrong.
  public var description: String { "\(path): \(explanation)" }
}
