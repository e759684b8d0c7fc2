import CNNCodecs
import CNNFiles

/// The hostile files in `ToolTests/Fixtures`, which `Tests/python/make_hostile_corpus.py` makes, and what must be said of
/// each.
public enum HostileCorpus {
  /// A file and what is expected of the tools that are given it.
  public struct Case: Sendable {
    /// The file's name.
    public let name: String
    /// What it is or claims to be.
    public let format: String
    /// The exit status of `cnn-inspect`.
    public let inspectStatus: Int32
    /// The exit status of `mnist-convert`.
    public let convertStatus: Int32
    /// What `cnn-inspect` must say, among other things; nil where the file is taken, empty where anything will do.
    public let inspectSentence: String?
    /// The same of `mnist-convert`.
    public let convertSentence: String?
    /// What the file tries.
    public let attack: String
    /// The file.
    public let bytes: [UInt8]
  }

  /// What is wrong with the corpus itself.
  public struct Malformed: Error {
    /// What.
    public let problem: String
  }

  private static let folder = RepositoryPaths.root + "/Tests/ToolTests/Fixtures/"

  /// All cases, in the order of the table.
  ///
  /// - Throws: `Malformed` where the table and the archive don't belong together; errors of reading them.
  public static func load() throws -> [Case] {
    let files = try archive()
    let text = String(decoding: try TemporaryFolder.read(folder + "hostile.tsv"), as: UTF8.self)
    let cases = try text.split(separator: "\n").dropFirst().map { try parse($0, files: files) }
    guard cases.count == files.count else {
      throw Malformed(problem: "\(cases.count) lines and \(files.count) files")
    }
    return cases
  }

  private static func archive() throws -> [String: [UInt8]] {
    let packed = try TemporaryFolder.read(folder + "hostile.tar.gz")
    let reader = TarReader(try GzipSource(packed))
    var files: [String: [UInt8]] = [:]
    while let entry = try reader.next() {
      files[entry.name] = try reader.readContent(limit: 1 << 16)
    }
    return files
  }

  private static func parse(_ line: Substring, files: [String: [UInt8]]) throws -> Case {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard fields.count == 7, let inspectStatus = Int32(fields[2]), let convertStatus = Int32(fields[3]),
      let name = unescaped(fields[0]), let bytes = files[name]
    else { throw Malformed(problem: String(line)) }
    return Case(
      name: name, format: fields[1], inspectStatus: inspectStatus, convertStatus: convertStatus,
      inspectSentence: sentence(fields[4]), convertSentence: sentence(fields[5]), attack: fields[6],
      bytes: bytes)
  }

  private static func sentence(_ field: String) -> String? {
    switch field {
    case "-": nil
    case "*": ""
    default: field
    }
  }

  private static func unescaped(_ text: String) -> String? {
    let parts = text.utf8.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)
    var bytes = Array(parts[0])
    for part in parts.dropFirst() {
      guard let byte = UInt8(String(decoding: part.prefix(2), as: UTF8.self), radix: 16) else { return nil }
      bytes.append(byte)
      bytes += part.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
