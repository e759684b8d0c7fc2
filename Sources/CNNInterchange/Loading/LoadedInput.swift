import CNNCodecs
import CNNFiles
import CNNModelFile

/// An input file with its content known and read: whatever the format, in one type.
public struct LoadedInput: Sendable {
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

  /// Reads a file, a pipe or a folder of pictures to its end and finds out what it is, by its content alone.
  ///
  /// - Parameter path: `-` is standard input.
  /// - Throws: `FileError` if it cannot be read; `LoadFailure`, which names the file, for everything about its
  ///   content.
  public init(path: String, limit: Int = LoadedInput.defaultLimit) throws {
    if path != "-", PictureFolder.isFolder(path) {
      try self.init(folder: path, limit: limit)
    } else {
      try self.init(InputFile(path: path), limit: limit)
    }
  }

  private init(folder path: String, limit: Int) throws {
    let pictures = try LabelledPictures(folder: path, limit: limit)
    self.path = path
    source = Provenance.Source(
      name: InputFile.baseName(of: path), size: pictures.byteCount, crc32: pictures.crc32)
    isCompressed = false
    content = .folder(pictures)
  }

  /// Reads a file that is open already, as `init(path:limit:)` does: what was peeked at is read again.
  ///
  /// - Throws: `FileError` if it cannot be read; `LoadFailure` for everything about its content.
  public init(_ file: InputFile, limit: Int = LoadedInput.defaultLimit) throws {
    path = file.path
    do {
      let (format, beginning) = try FileFormat.recognize(file)
      guard !beginning.isEmpty else { throw InterchangeError.emptyInput }
      // What cannot be told by its beginning is not worth reading to its end.
      guard let format else { throw InterchangeError.refusal(beginning: beginning) }
      let bytes = FileBytes(file, beginning: beginning, limit: limit)
      isCompressed = format == .gzip
      content =
        isCompressed
        ? try Self.decompressedContent(of: bytes.all(), path: path, limit: limit)
        : try Self.content(of: format, in: bytes)
      source = bytes.provenance
    } catch let error as FileError {
      throw error
    } catch let error as LoadFailure {
      throw error
    } catch {
      throw LoadFailure(path: path, isDecompressed: false, error)
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
