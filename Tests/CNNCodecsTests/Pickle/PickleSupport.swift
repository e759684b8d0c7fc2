import CNNCodecs
import CNNTestSupport

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes of a pickle written as text, where each character below U+0100 is the byte of its number, or as numbers.
struct PicklePart: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  let bytes: [UInt8]

  init(stringLiteral text: String) { bytes = text.unicodeScalars.map { UInt8($0.value) } }
  init(integerLiteral byte: UInt8) { bytes = [byte] }
  init(arrayLiteral elements: UInt8...) { bytes = elements }
  init(_ bytes: [UInt8]) { self.bytes = bytes }
}

func assemble(_ parts: PicklePart...) -> [UInt8] { parts.flatMap(\.bytes) }

func repeated(_ part: PicklePart, _ count: Int) -> PicklePart {
  PicklePart(Array(repeatElement(part.bytes, count: count).joined()))
}

/// The error of a pickle, or nil if it is read.
func pickleError(_ bytes: [UInt8], limits: PickleLimits = .default) -> PickleError? {
  do {
    _ = try Pickle(parsing: bytes, limits: limits)
    return nil
  } catch {
    return error
  }
}

/// NumPy's pickles by hand, with everything that may lie as a parameter.
enum ArrayPickle {
  static let reconstruct: PicklePart =
    "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u{85}U\u{1}b\u{87}R"

  static func unbuiltType(_ code: String) -> PicklePart {
    let length = Character(Unicode.Scalar(UInt8(code.utf8.count)))
    return PicklePart(stringLiteral: "cnumpy\ndtype\nU\(length)\(code)K\0K\u{1}\u{87}R")
  }

  static func typeState(
    _ order: String, version: String = "K\u{3}", subarray: String = "N", size: String = "Jÿÿÿÿ"
  )
    -> PicklePart
  {
    PicklePart(stringLiteral: "(\(version)U\u{1}\(order)\(subarray)NN\(size)JÿÿÿÿK\0tb")
  }

  static func type(_ code: String, _ order: String) -> PicklePart {
    PicklePart(unbuiltType(code).bytes + typeState(order).bytes)
  }

  /// A whole pickle of one array.
  static func make(
    type: PicklePart = ArrayPickle.type("f4", "<"), shape: PicklePart = "K\u{2}\u{85}",
    order: PicklePart = "\u{89}", data: PicklePart = "U\u{8}\0\0\u{80}\u{3F}\0\0\0\u{40}"
  ) -> [UInt8] {
    assemble(0x80, 0x02, reconstruct, "(K\u{1}", shape, type, order, data, "tb.")
  }
}

/// A whole file, or what a command prints.
func readAll(_ stream: UnsafeMutablePointer<FILE>?) -> [UInt8]? {
  guard let stream else { return nil }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = fread(&chunk, 1, chunk.count, stream)
    if count == 0 { return bytes }
    bytes.append(contentsOf: chunk[..<count])
  }
}

func readFile(_ path: String) -> [UInt8]? {
  let file = fopen(path, "rb")
  defer { if let file { fclose(file) } }
  return readAll(file)
}

func readGzip(_ path: String) -> [UInt8]? {
  let pipe = popen("gzip -dc '\(path)'", "r")
  defer { if let pipe { pclose(pipe) } }
  return readAll(pipe)
}

func fixture(_ name: String) throws -> [UInt8] {
  struct Missing: Error { let name: String }
  let path = RepositoryPaths.root + "/Tests/CNNCodecsTests/Fixtures/pickle/" + name
  guard let bytes = readFile(path) else { throw Missing(name: path) }
  return bytes
}

extension Pickle {
  /// A value in the notation of `make_fixtures.py`. Only for values without cycles.
  func describe(_ id: ID) -> String {
    func list(_ items: ArraySlice<ID>) -> [String] { items.map(describe) }
    switch value(of: id) {
    case .none: return "None"
    case .boolean(let value): return value ? "True" : "False"
    case .integer(let value): return "int:\(value)"
    case .bigInteger(let value): return "big:\(hex(value.littleEndianBytes))"
    case .real(let value): return "real:\(hex(value))"
    case .complex(let real, let imaginary): return "complex:\(hex(real))\(hex(imaginary))"
    case .text(let text): return "text:\(hex(Array(text.utf8)))"
    case .bytes(let bytes): return "bytes:\(hex(Array(bytes)))"
    case .byteArray(let bytes): return "bytearray:\(hex(Array(bytes)))"
    case .tuple(let items): return "tuple(\(list(items).joined(separator: ",")))"
    case .list(let items): return "list(\(list(items).joined(separator: ",")))"
    case .set(let items): return "set(\(list(items).sorted().joined(separator: ",")))"
    case .frozenSet(let items): return "frozenset(\(list(items).sorted().joined(separator: ",")))"
    case .dictionary(let entries):
      let name = typeName(of: id).split(separator: " ").last ?? ""
      let pairs = entries.map { "\(describe($0.key))=\(describe($0.value))" }
      return "\(name)(\(pairs.joined(separator: ",")))"
    case .array(let array):
      let shape = array.shape.map(String.init).joined(separator: ",")
      return "array:\(array.elementType.name)[\(shape)]:\(hex(array.rowMajorLittleEndianBytes()))"
    case .elementType(let type, let order): return "dtype:\(type.name):\(order)"
    case .global(let module, let name): return "global:\(module).\(name)"
    }
  }
}

func hex(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

private func hex(_ value: Double) -> String {
  hex(withUnsafeBytes(of: value.bitPattern.bigEndian) { Array($0) })
}

/// A small generator with a fixed seed (xorshift64*).
struct FixedRandom: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    return state &* 0x2545_F491_4F6C_DD1D
  }
}
