/// The zip container:
///
///     archive/data.pkl     the object, with storages by their keys
///     archive/byteorder    `little` or `big`; absent before PyTorch 2.1, which means little
///     archive/data/0       the bytes of storage 0, and so on
///     archive/version      the version of the container in digits
///
/// The folder may have any name. Source: `torch/serialization.py` and `caffe2/serialize/inline_container.cc`.
struct TorchArchive {
  /// The versions of the container that PyTorch reads.
  private static let knownVersions = 1...10

  let content: TorchContent

  init(_ archive: ZipArchive, limits: PickleLimits) throws(TorchError) {
    let roots = archive.entries.compactMap(Self.root)
    guard roots.count == 1, let root = roots.first, let entry = archive.entry(named: root + "data.pkl") else {
      throw .pickleCount(roots.count)
    }
    if archive.entry(named: root + "constants.pkl") != nil { throw .torchScript }
    try Self.checkVersion(in: archive, root)
    let byteOrder = try Self.byteOrder(in: archive, root)
    let pickle: ZipContent
    do { pickle = try archive.content(of: entry) } catch { throw .zip(error) }
    var interpreter = PickleInterpreter(
      pickle.storage, in: pickle.range, limits: limits, dialect: .torch)
    let object: Pickle.ID
    do { object = try interpreter.onlyPickle() } catch {
      throw .pickle(error, isDecompressed: pickle.isDecompressed)
    }
    let places = interpreter.arena.torch.storages.map { storage in
      archive.entry(named: root + "data/" + storage.key).map { TorchContent.Place.entry(archive, $0) }
    }
    content = TorchContent(
      interpreter, root: object, byteOrder: byteOrder, isDecompressed: pickle.isDecompressed,
      places: places)
  }

  /// The folder, with its slash, of an entry that is `folder/data.pkl`; nil for all others.
  static func root(ofPickle entry: ZipEntry) -> String? {
    let name = Array(entry.name.utf8)
    guard name.suffix(9).elementsEqual("/data.pkl".utf8) else { return nil }
    let root = name.dropLast(8)
    return root.count > 1 && !root.dropLast().contains(UInt8(ascii: "/"))
      ? String(decoding: root, as: UTF8.self) : nil
  }

  private static func checkVersion(in archive: ZipArchive, _ root: String) throws(TorchError) {
    var found = try setting("version", in: archive, root)
    if found == nil { found = try setting(".data/version", in: archive, root) }
    guard let (text, offset) = found else { throw .missingEntry(name: root + "version") }
    guard let version = Int(text), knownVersions.contains(version) else {
      throw .unknownSetting(name: root + "version", found: text, offset: offset)
    }
  }

  private static func byteOrder(in archive: ZipArchive, _ root: String) throws(TorchError)
    -> NumericArray.ByteOrder
  {
    guard let (text, offset) = try setting("byteorder", in: archive, root) else { return .littleEndian }
    switch text {
    case "little": return .littleEndian
    case "big": return .bigEndian
    default: throw .unknownSetting(name: root + "byteorder", found: text, offset: offset)
    }
  }

  /// The beginning of a small entry as text without a final newline, or nil if there is none.
  private static func setting(_ name: String, in archive: ZipArchive, _ root: String) throws(TorchError)
    -> (text: String, offset: Int?)?
  {
    guard let entry = archive.entry(named: root + name) else { return nil }
    let content: ZipContent
    do { content = try archive.content(of: entry, limit: 64) } catch { throw .zip(error) }
    var bytes = content.bytes
    if bytes.last == 0x0A { bytes.removeLast() }
    return (
      String(decoding: bytes, as: UTF8.self), content.isDecompressed ? nil : content.range.lowerBound
    )
  }
}
