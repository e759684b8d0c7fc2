import CNNCodecs
import CNNFiles

/// Files of PyTorch by hand, with everything that may lie as a parameter.
enum TestTorch {
  /// `('storage', torch.FloatStorage, '0', 'cpu', 2)` and `BINPERSID`, which is the last byte.
  static func reference(
    tag: PicklePart = "X\u{7}\0\0\0storage", type: PicklePart = "ctorch\nFloatStorage\n",
    key: PicklePart = "X\u{1}\0\0\00", count: PicklePart = "K\u{2}", view: PicklePart = ""
  ) -> PicklePart {
    PicklePart(assemble("(", tag, type, key, "X\u{3}\0\0\0cpu", count, view, "tQ"))
  }

  /// A call of `_rebuild_tensor_v2`; `REDUCE` is the last byte.
  static func tensor(
    _ reference: PicklePart = TestTorch.reference(), function: PicklePart = "_rebuild_tensor_v2",
    offset: PicklePart = "K\0", shape: PicklePart = "K\u{2}\u{85}", strides: PicklePart = "K\u{1}\u{85}",
    rest: PicklePart = "\u{89}}"
  ) -> PicklePart {
    PicklePart(
      assemble("ctorch._utils\n", function, "\n(", reference, offset, shape, strides, rest, "tR"))
  }

  /// The pickle of a dict with the value for the key `a`.
  static func pickle(_ value: PicklePart) -> [UInt8] {
    assemble(0x80, 2, "}X\u{1}\0\0\0a", value, "s.")
  }

  /// Where the value of `pickle` begins.
  static let valueOffset = 9

  /// An archive whose pickle begins at `pickleOffset`.
  static func archive(
    _ pickle: [UInt8], storages: [(key: String, bytes: [UInt8])] = [("0", [0, 0, 128, 63, 0, 0, 0, 64])],
    others: [(name: String, text: String)] = [("a/version", "3\n")], method: ZipMethod = .stored
  ) throws -> [UInt8] {
    let sink = MemorySink()
    var writer = ZipWriter(sink)
    try writer.add("a/data.pkl", pickle, method: method)
    for (name, text) in others { try writer.add(name, Array(text.utf8)) }
    for (key, bytes) in storages { try writer.add("a/data/" + key, bytes) }
    try writer.finish()
    return sink.bytes
  }

  /// Behind the local header of 30 bytes and the name `a/data.pkl`.
  static let pickleOffset = 40

  /// The pickles in front of the object in the legacy container: the magic number, 1001, and an empty dict.
  static let legacyStart = assemble(
    "\u{80}\u{2}\u{8A}\u{A}\u{6C}\u{FC}\u{9C}\u{46}\u{F9}\u{20}\u{6A}\u{A8}\u{50}\u{19}.",
    "\u{80}\u{2}M\u{E9}\u{3}.", "\u{80}\u{2}}.")

  /// A legacy file of one storage, whose pickle begins at 25.
  static func legacy(
    _ pickle: [UInt8] = TestTorch.pickle(tensor()), start: [UInt8] = legacyStart,
    keys: PicklePart = "\u{80}\u{2}]X\u{1}\0\0\00a.",
    storage: PicklePart = "\u{2}\0\0\0\0\0\0\0\0\0\u{80}\u{3F}\0\0\0\u{40}"
  ) -> [UInt8] {
    start + pickle + keys.bytes + storage.bytes
  }
}
