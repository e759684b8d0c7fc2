import CNNFiles

/// What is wrong with an npz file.
public enum NPZError: FormatError, Equatable {
  /// The zip archive is at fault.
  case zip(ZipError)
  /// An entry is no array: its name does not end in `.npy`. `offset` is that of the entry.
  case notAnArray(name: String, offset: Int)
  /// An array is at fault. Places are those of the decompressed array if it is compressed, else those of the file.
  case array(name: String, isDecompressed: Bool, NPYError)

  /// Where in the file the trouble begins; nil where no single byte is to blame, and inside what is compressed.
  public var offset: Int? {
    switch self {
    case .zip(let error): error.offset
    case .notAnArray(_, let offset): offset
    case .array(_, let isDecompressed, let error): isDecompressed ? nil : error.offset
    }
  }

  /// What is wrong, as a sentence for people.
  public var reason: String {
    switch self {
    case .zip(let error):
      return error.reason
    case .notAnArray(let name, _):
      return "\(name.quotedForMessage) is no array: an npz file holds nothing but .npy files"
    case .array(let name, let isDecompressed, let error):
      let place = isDecompressed ? error.offset.map { ", decompressed byte \($0)" } ?? "" : ""
      return "in the array \(name.quotedForMessage)\(place): \(error.reason)"
    }
  }
}

/// NumPy's file format for several arrays with names (`numpy.savez`, `numpy.savez_compressed`): a zip archive of npy
/// files.
///
/// Arrays are read one at a time, when asked for. A stored array is a range of the file and costs no memory of its own;
/// a compressed one is decompressed, and lives as long as whoever asked for it holds it. `formats/npy.md` says what is
/// read and what is refused.
public struct NPZ: Sendable {
  private static let suffix = ".npy"

  /// The archive.
  public let archive: ZipArchive
  /// The names of the arrays, without `.npy`, in the order of the file. They may have slashes, as Chainer's do.
  public let names: [String]
  private let arrays: [ZipEntry]

  /// Reads the directory of the npz file `bytes`; the arrays are not looked at.
  ///
  /// - Throws: an `NPZError` for what is no sound zip archive, or has other entries than arrays and folders.
  public init(parsing bytes: [UInt8]) throws(NPZError) {
    let archive: ZipArchive
    do { archive = try ZipArchive(parsing: bytes) } catch { throw .zip(error) }
    try self.init(archive)
  }

  /// Takes a zip archive as an npz file.
  ///
  /// - Throws: `NPZError.notAnArray` if it has other entries than arrays and folders.
  public init(_ archive: ZipArchive) throws(NPZError) {
    let files = archive.entries.filter { !$0.isFolder }
    if let other = files.first(where: { !Self.isArray($0) }) {
      throw .notAnArray(name: other.name, offset: other.offset)
    }
    self.archive = archive
    arrays = files
    names = files.map { String(decoding: $0.name.utf8.dropLast(Self.suffix.utf8.count), as: UTF8.self) }
  }

  /// Whether a zip archive is an npz file: all its entries are arrays or folders, and at least one is an array.
  public static func isNPZ(_ archive: ZipArchive) -> Bool {
    let files = archive.entries.filter { !$0.isFolder }
    return !files.isEmpty && files.allSatisfy(isArray)
  }

  /// The array at `index`, one of `names.indices`, verified by its CRC-32 at each call.
  ///
  /// - Parameter limit: the most bytes that its npy file may have.
  /// - Throws: an `NPZError` for damage, for what is not read, and beyond `limit`.
  public func array(at index: Int, limit: Int = .max) throws(NPZError) -> NumericArray {
    try array(arrays[index], name: names[index], limit: limit)
  }

  /// The array with exactly these bytes as its name, or nil, as `array(at:limit:)` reads it.
  ///
  /// - Throws: what that throws.
  public func array(named name: String, limit: Int = .max) throws(NPZError) -> NumericArray? {
    guard let entry = archive.entry(named: name + Self.suffix) else { return nil }
    return try array(entry, name: name, limit: limit)
  }

  private func array(_ entry: ZipEntry, name: String, limit: Int) throws(NPZError) -> NumericArray {
    let content: ZipContent
    do { content = try archive.content(of: entry, limit: limit) } catch { throw .zip(error) }
    do {
      return try NPY.parse(content.storage, in: content.range)
    } catch {
      throw .array(name: name, isDecompressed: content.isDecompressed, error)
    }
  }

  /// Writes arrays as an npz file: each keeps its byte order, and its memory order where it matters. The same arrays
  /// give the same bytes. Without compression nothing is copied.
  ///
  /// - Parameters:
  ///   - arrays: the arrays in the order of the file, with names that have no `.npy` yet.
  ///   - sink: where the file goes.
  ///   - isCompressed: whether to deflate them.
  /// - Throws: `NPZError` for an array that NumPy cannot hold, and for a name that zip cannot, or that occurs twice;
  ///   what the sink throws. Something may have been written by then.
  public static func write(
    _ arrays: [(name: String, array: NumericArray)], to sink: any ByteSink, isCompressed: Bool = false
  ) throws {
    var writer = ZipWriter(sink)
    for (name, array) in arrays {
      let header: [UInt8]
      do {
        header = try NPY.header(of: array)
      } catch { throw NPZError.array(name: name, isDecompressed: false, error) }
      do {
        try writer.add(
          name + suffix, pieces: [header[...], array.storage[array.range]],
          method: isCompressed ? .deflated : .stored
        )
      } catch let error as ZipError { throw NPZError.zip(error) }
    }
    try writer.finish()
  }

  private static func isArray(_ entry: ZipEntry) -> Bool {
    entry.name.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
  }
}
