import CNNCodecs
import CNNFiles

extension ModelFileReader {
  /// A header, read and checked.
  enum Header {
    /// Tensors and their checksums in the order of the data; `byteCount` is where the data begins.
    case modelFile(Manifest, [TensorEntry], checksums: [UInt32], byteCount: Int)
    case plain([PlainSafetensors.Metadata], [TensorEntry], byteCount: Int)
  }

  /// Reads the header and finds out what the file is: a model file if it begins as one, else a plain one if it is
  /// whole and nothing in it says `cnn.`.
  static func readHeader(from source: any ByteSource) throws -> Header {
    let header = try readHeaderBytes(from: source)
    return HeaderLayout.firstDifference(in: header) == nil
      ? try parseModelFileHeader(header) : try parsePlainHeader(header)
  }

  /// The header with its length before it.
  private static func readHeaderBytes(from source: any ByteSource) throws -> [UInt8] {
    var header = try source.readBytes(upTo: HeaderLayout.textStart)
    guard header.count == HeaderLayout.textStart else {
      throw ModelFileError.safetensors(.tooShort(count: header.count))
    }
    let declared = header.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard declared >= 2, declared <= UInt64(Limits.header) else {
      throw ModelFileError.safetensors(.impossibleHeaderLength(declared))
    }
    let length = Int(declared)
    header += try source.readBytes(upTo: length)
    if header.count > HeaderLayout.textStart, header[HeaderLayout.textStart] != UInt8(ascii: "{") {
      throw ModelFileError.safetensors(.noHeader(firstByte: header[HeaderLayout.textStart]))
    }
    let available = header.count - HeaderLayout.textStart
    guard available == length else {
      throw ModelFileError.safetensors(.headerEndsEarly(declared: length, available: available))
    }
    return header
  }

  private static func parseModelFileHeader(_ header: [UInt8]) throws(ModelFileError) -> Header {
    try verify(header)
    var end = header.count
    while end > HeaderLayout.textStart, header[end - 1] == UInt8(ascii: " ") { end -= 1 }
    guard header.count == end + HeaderLayout.paddingCount(after: end) else {
      throw .padding(headerLength: header.count - HeaderLayout.textStart)
    }

    let json = try parse(header, in: HeaderLayout.textStart..<end, canonical: true)
    // Another version may have other members, tensors of other kinds, or both.
    let versionName = HeaderLayout.metadataNames[2]
    if let version = json.member(SafetensorsHeader.metadataName)?.member(versionName)?.stringValue,
      !version.isExactly(HeaderLayout.version)
    {
      throw .version(version)
    }
    let parts: SafetensorsHeader
    let entries: [TensorEntry]
    do {
      parts = try SafetensorsHeader(json: json)
      entries = try parts.entriesInPlace { $0.precedes($1) }
    } catch {
      throw .safetensors(error)
    }
    // The order of the names has been checked with the JSON.
    let names = parts.metadata.map(\.name)
    guard names.elementsEqual(HeaderLayout.metadataNames, by: { $0.isExactly($1) }) else {
      throw .metadataMembers(names)
    }

    let manifestJSON: JSONValue
    let text = Array(parts.metadata[1].value.utf8)
    do { manifestJSON = try JSONReader.read(text, canonical: true) } catch { throw .manifestText(error) }
    var checksums: [(name: String, crc32: UInt32)] = []
    let manifest: Manifest
    do {
      manifest = try Manifest(json: JSONNode(manifestJSON), checksums: &checksums)
    } catch {
      throw .manifest(error)
    }
    return .modelFile(
      manifest, entries, checksums: try pair(checksums, with: entries), byteCount: header.count)
  }

  /// Checks the header's checksum, before anything in it is believed.
  private static func verify(_ header: [UInt8]) throws(ModelFileError) {
    guard let declared = UInt32(checksumDigits: header[HeaderLayout.checksumRange]) else {
      throw .headerChecksumDigits
    }
    let computed = HeaderLayout.checksum(of: header)
    guard declared == computed else { throw .headerChecksum(declared: declared, computed: computed) }
  }

  /// The checksum of each tensor, in the tensors' order.
  private static func pair(
    _ checksums: [(name: String, crc32: UInt32)], with entries: [TensorEntry]
  ) throws(ModelFileError) -> [UInt32] {
    var byName: [String: UInt32] = [:]
    for (name, crc32) in checksums { byName[name] = crc32 }
    var result: [UInt32] = []
    for entry in entries {
      guard let crc32 = byName.removeValue(forKey: entry.name) else { throw .noChecksum(tensor: entry.name) }
      result.append(crc32)
    }
    if let name = byName.keys.min() { throw .checksumWithoutTensor(name) }
    // Names that Unicode takes for the same fall together above.
    guard checksums.count == entries.count else {
      throw .checksumWithoutTensor(checksums.last?.name ?? "")
    }
    return result
  }

  private static func parsePlainHeader(_ header: [UInt8]) throws(ModelFileError) -> Header {
    let damaged = ModelFileError.damagedStart(
      position: HeaderLayout.firstDifference(in: header) ?? HeaderLayout.textStart)
    let parts: SafetensorsHeader
    let entries: [TensorEntry]
    do throws(ModelFileError) {
      let json = try parse(header, in: HeaderLayout.textStart..<header.count, canonical: false)
      do { parts = try SafetensorsHeader(json: json) } catch { throw ModelFileError.safetensors(error) }
    } catch {
      // What nearly is a model file says more by its damage than by what it is not.
      throw HeaderLayout.resemblesModelFile(header) ? damaged : error
    }
    if parts.claimsProfile { throw damaged }
    do {
      entries = try parts.entriesInPlace {
        ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
      }
    } catch {
      throw .safetensors(error)
    }
    let metadata = parts.metadata.map { PlainSafetensors.Metadata(name: $0.name, value: $0.value) }
    return .plain(metadata, entries, byteCount: header.count)
  }

  private static func parse(
    _ header: [UInt8], in range: Range<Int>, canonical: Bool
  ) throws(ModelFileError) -> JSONValue {
    do {
      return try JSONReader.read(
        header, in: range, canonical: canonical, integersOnly: true,
        leadingName: SafetensorsHeader.metadataName)
    } catch {
      throw .safetensors(.json(error))
    }
  }
}
