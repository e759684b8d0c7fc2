import CNNCodecs
import CNNFiles
import CNNModelFile

/// Puts a file together from parts that may be wrong, with a checksum that is right.
struct FileBuilder {
  /// The manifest's text; nil for that of the tiny model.
  var manifest: String = FileBuilder.tinyManifest
  /// What stands between the manifest and the tensors.
  var version = #","cnn.version":"1"}"#
  /// The members behind `__metadata__`, each with the comma before it.
  var tensors = FileBuilder.tinyTensors
  /// The tensors' bytes.
  var data: [UInt8] = TinyModel.bias.bytes + TinyModel.weight.bytes
  /// How many spaces follow the text; nil for the right number.
  var padding: Int?
  /// The checksum's digits; nil for the right ones.
  var digits: String?
  /// The length that the file declares; nil for the right one.
  var declaredLength: UInt64?

  static let tinyTensors =
    #","fc.bias":{"data_offsets":[0,8],"dtype":"F32","shape":[2]}"#
    + #","fc.weight":{"data_offsets":[8,24],"dtype":"F32","shape":[2,2]}"#

  static let tinyManifest =
    #"{"graph":{"nodes":[{"attributes":{"bias":true,"in_features":2,"out_features":2},"inputs":["input"],"#
    + #""name":"fc","op":"linear"}],"output":"fc"},"input":{"dtype":"F32","shape":[2]},"kind":"model","#
    + #""labels":["no","yes"],"preprocess":{"deviation":1,"divisor":255,"mean":0,"normalization":"none","#
    + #""polarity":"white-on-black"},"provenance":{"options":{},"sources":[{"crc32":"cbf43926","#
    + #""name":"tiny.pkl","size":9}],"tool":"mnist-convert","version":"0.1.0"},"requires":[],"#
    + #""tensors":{"fc.bias":"05defb00","fc.weight":"d477b0b2"}}"#

  /// The tiny manifest with one part of it replaced.
  static func manifest(_ part: String, by other: String) -> String {
    let parts = tinyManifest.components(separatedBy: part)
    precondition(parts.count == 2, "\(part) occurs \(parts.count - 1) times")
    return parts.joined(separator: other)
  }

  var bytes: [UInt8] {
    var escaped = ""
    for scalar in manifest.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { escaped.unicodeScalars.append("\\") }
      escaped.unicodeScalars.append(scalar)
    }
    return Self.file(
      text: #"{"__metadata__":{"cnn.crc32":"00000000","cnn.manifest":""# + escaped + "\"" + version + tensors
        + "}",
      data: data, padding: padding, digits: digits, declaredLength: declaredLength)
  }

  /// A file of that header text; if it begins as a model file, its checksum is put in.
  static func file(
    text: String, data: [UInt8], padding: Int? = nil, digits: String? = nil, declaredLength: UInt64? = nil,
    isProfile: Bool = true
  ) -> [UInt8] {
    var header = Array(text.utf8)
    let missing = (64 - (8 + header.count) % 64) % 64
    header += repeatElement(UInt8(ascii: " "), count: padding ?? missing)
    header = withUnsafeBytes(of: (declaredLength ?? UInt64(header.count)).littleEndian, Array.init) + header
    if isProfile {
      let hex = String(CRC32.checksum(of: header), radix: 16)
      let right = String(repeating: "0", count: 8 - hex.count) + hex
      header.replaceSubrange(38..<46, with: Array((digits ?? right).utf8))
    }
    return header + data
  }
}

extension String {
  func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var current: [Character] = []
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(separator) {
        parts.append(String(current))
        current = []
        rest = rest.dropFirst(separator.count)
      } else {
        current.append(rest.removeFirst())
      }
    }
    return parts + [String(current)]
  }
}

/// A pipe: gives one to seven bytes at a time, and nobody knows how many will come.
final class TricklingSource: ByteSource {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var remainingByteCount: Int? { nil }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, position % 7 + 1, bytes.count - position)
    buffer.copyBytes(from: bytes[position..<position + count])
    position += count
    return count
  }
}

/// The error that reading `bytes` gives, known length or not; nil if there is none or the two differ.
func refusal(of bytes: [UInt8]) -> ModelFileError? {
  func error(_ source: any ByteSource) -> ModelFileError? {
    do {
      _ = try ModelFileReader.read(from: source)
      return nil
    } catch {
      return error as? ModelFileError
    }
  }
  return error(TricklingSource(bytes))
}
