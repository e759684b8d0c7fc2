import CNNCodecs

/// Formats that people have and that are not read here, told by how a file begins: a refusal can say what to do.
public struct UnreadFormat: Sendable, Equatable {
  /// What the file is, as a noun phrase: `a Parquet file`.
  public let name: String
  /// What to do with it, as a clause.
  public let advice: String

  private static let decompress = "decompress it first"
  private static let unpack = "unpack it first and give the files in it"
  private static let toPNG = "convert it to PNG"

  /// One line for each: the signature, where it stands, what it means and what to do.
  private static let known: [(bytes: [UInt8], offset: Int, format: UnreadFormat)] = [
    (
      ascii("PAR1"), 0,
      UnreadFormat(
        name: "a Parquet file",
        advice: "write its pictures to a folder with one folder for each label, or its rows to CSV, "
          + "for example with pandas.read_parquet(...).to_csv(...)")
    ),
    (
      ascii("MATLAB "), 0,
      UnreadFormat(
        name: "a MATLAB file",
        advice: "save its arrays as IDX or CSV, for example with scipy.io.loadmat and numpy.savetxt")
    ),
    (ascii("PK") + [3, 4], 0, UnreadFormat(name: "a zip archive", advice: unpack)),
    (ascii("PK") + [5, 6], 0, UnreadFormat(name: "an empty zip archive", advice: unpack)),
    (ascii("7z") + [0xBC, 0xAF, 0x27, 0x1C], 0, UnreadFormat(name: "a 7z archive", advice: unpack)),
    (ascii("Rar!") + [0x1A, 0x07], 0, UnreadFormat(name: "a RAR archive", advice: unpack)),
    (ascii("ustar"), 257, UnreadFormat(name: "a tar archive", advice: unpack)),
    (
      [0xFD] + ascii("7zXZ") + [0], 0,
      UnreadFormat(name: "an xz file", advice: decompress)
    ),
    (ascii("BZh"), 0, UnreadFormat(name: "a bzip2 file", advice: decompress)),
    ([0x28, 0xB5, 0x2F, 0xFD], 0, UnreadFormat(name: "a zstd file", advice: decompress)),
    ([0x04, 0x22, 0x4D, 0x18], 0, UnreadFormat(name: "an LZ4 file", advice: decompress)),
    (ascii("ARROW1"), 0, UnreadFormat(name: "an Arrow file", advice: "write its rows to CSV")),
    ([0xFF, 0xD8, 0xFF], 0, UnreadFormat(name: "a JPEG picture", advice: toPNG)),
    (ascii("GIF8"), 0, UnreadFormat(name: "a GIF picture", advice: toPNG)),
    (ascii("RIFF"), 0, UnreadFormat(name: "a RIFF file such as WebP", advice: toPNG)),
    (ascii("II*") + [0], 0, UnreadFormat(name: "a TIFF picture", advice: toPNG)),
    (ascii("MM") + [0] + ascii("*"), 0, UnreadFormat(name: "a TIFF picture", advice: toPNG)),
    (ascii("%PDF-"), 0, UnreadFormat(name: "a PDF file", advice: "draw its pages as PNG")),
    (
      [0xFF, 0xFE], 0,
      UnreadFormat(name: "text in UTF-16", advice: "save it as UTF-8")
    ),
    (
      [0xFE, 0xFF], 0,
      UnreadFormat(name: "text in UTF-16", advice: "save it as UTF-8")
    ),
  ]

  /// What was compressed twice.
  static let gzipInGzip = UnreadFormat(name: "a gzip file within a gzip file", advice: decompress)

  private static func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

  private init(name: String, advice: String) {
    self.name = name
    self.advice = advice
  }

  /// The format of a file that begins with these bytes, of which 262 are enough; nil if it is none of these.
  public init?(beginning: [UInt8]) {
    guard
      let match = Self.known.first(where: { known in
        beginning.count >= known.offset && beginning[known.offset...].starts(with: known.bytes)
      })
    else { return nil }
    self = match.format
  }

  /// Whether it is a picture, as those that are given one by one to be recognised.
  public var isPicture: Bool { advice == Self.toPNG }
}
