/// The legacy container: pickles of the magic number, the protocol version, facts about the machine, the object, and
/// the keys of the storages; then, for each key, the number of elements in eight bytes and the elements. These are
/// little-endian whatever the facts say, since writers on other machines swap them.
///
/// Source: `_legacy_save` in `torch/serialization.py`, and `writeFileRaw` in `torch/csrc/serialization.cpp`.
struct TorchLegacy {
  /// 0x1950A86A20F9469CFC6C as `LONG1` has it.
  private static let magic: [UInt8] = [
    0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]
  private static let protocolVersion = 1001

  let content: TorchContent

  /// Whether `prefix` begins with the pickle of the magic number, which may be in a frame.
  static func isLegacy(_ prefix: some Sequence<UInt8>) -> Bool {
    var bytes = Array(prefix.prefix(32))[...]
    guard bytes.count > 2, bytes[0] == PickleOpcode.proto.rawValue else { return false }
    bytes.removeFirst(2)
    if bytes.first == PickleOpcode.frame.rawValue { bytes = bytes.dropFirst(9) }
    return bytes.starts(with: magic)
  }

  /// Reads a file that begins with the magic number.
  init(parsing bytes: [UInt8], limits: PickleLimits) throws(TorchError) {
    var interpreter = PickleInterpreter(bytes, limits: limits)
    _ = try Self.next(&interpreter)
    let offset = interpreter.stream.position
    let version = try Self.next(&interpreter)
    guard interpreter.arena.integer(of: version) == Self.protocolVersion else {
      throw .malformedLegacy(
        problem: "another version of the legacy protocol than \(Self.protocolVersion)", offset: offset)
    }
    _ = try Self.next(&interpreter)
    interpreter.dialect = .torch
    let root = try Self.next(&interpreter)
    interpreter.dialect = .plain
    let start = interpreter.stream.position
    let keys = try Self.next(&interpreter)
    guard interpreter.arena[keys].kind == .list else {
      throw .malformedLegacy(problem: "no list of the storages' keys", offset: start)
    }
    let places = try Self.places(of: keys, interpreter)
    content = TorchContent(
      interpreter, root: root, byteOrder: .littleEndian, isDecompressed: false, places: places)
  }

  private static func next(_ interpreter: inout PickleInterpreter) throws(TorchError) -> Pickle.ID {
    do { return try interpreter.nextPickle() } catch { throw .pickle(error, isDecompressed: false) }
  }

  private static func places(of keys: Pickle.ID, _ interpreter: PickleInterpreter) throws(TorchError)
    -> [TorchContent.Place?]
  {
    let arena = interpreter.arena
    var places = [TorchContent.Place?](repeating: nil, count: arena.torch.storages.count)
    var reader = ByteReader(
      arena.input,
      in: interpreter.stream.position..<interpreter.stream.position + interpreter.stream.remaining)
    for item in arena.children(of: keys) {
      let offset = arena[item].offset
      guard let storage = interpreter.torchStorages[arena.shortName(of: item)] else {
        throw .malformedLegacy(problem: "a storage that no tensor has named", offset: offset)
      }
      let index = arena[storage].first
      guard places[index] == nil else {
        throw .malformedLegacy(problem: "the same storage twice", offset: offset)
      }
      let record = arena.torch.storages[index]
      let size = record.elementType?.byteCount ?? 1
      let start = reader.position
      let count: Int64
      do { count = try reader.readLittleEndian(Int64.self, "the size of a storage") } catch {
        throw .endsEarly(error)
      }
      guard count == Int64(record.count) else {
        let (product, overflow) = Int(count).multipliedReportingOverflow(by: size)
        throw TorchError.storageSize(
          key: record.key, expected: record.byteCount, found: overflow ? Int.max : product, offset: start)
      }
      do {
        places[index] = .range(try reader.readRange(count: record.byteCount, "the storage \(record.key)"))
      } catch { throw .endsEarly(error) }
    }
    guard reader.isAtEnd else { throw .trailingBytes(count: reader.remaining, offset: reader.position) }
    return places
  }
}
