import CNNCodecs
import Testing

/// A file of `Fixtures/hdf5`.
func hdf5Fixture(_ name: String) throws -> [UInt8] {
  try FixtureFile.bytes("hdf5/\(name)")
}

/// The error that reading everything in `bytes` ends with; nil if it is read.
func hdf5Error(_ bytes: [UInt8]) -> HDF5Error? {
  do {
    _ = try HDF5Description.lines(try HDF5File(parsing: bytes))
    return nil
  } catch let error as HDF5Error {
    return error
  } catch {
    Issue.record("\(error) is no HDF5Error")
    return nil
  }
}

/// A file as lines of text, as `expected.txt` has them.
enum HDF5Description {
  /// A line for each object and attribute: its path and what is there.
  static func lines(_ file: HDF5File, limit: Int = HDF5Dataset.defaultLimit) throws -> [(
    path: String, text: String
  )] {
    var lines: [(path: String, text: String)] = []
    var met: Set<Int> = []
    var pending: [(path: String, target: HDF5Group.Link.Target)] = [("", .object(.group(file.root)))]
    while let (path, target) = pending.popLast() {
      switch target {
      case .soft(let to): lines.append((path, "soft \(to)"))
      case .foreign: lines.append((path, "foreign"))
      case .object(.other): lines.append((path, "other"))
      case .object(.dataset(let dataset)):
        guard met.insert(dataset.id).inserted else {
          lines.append((path, "met"))
          continue
        }
        lines.append((path, numbers(try dataset.array(limit: limit, opaqueAs: .bfloat16))))
        try append(&lines, path, dataset.attributes)
      case .object(.group(let group)):
        guard met.insert(group.id).inserted else {
          lines.append((path, "met"))
          continue
        }
        lines.append((path, "group"))
        try append(&lines, path, group.attributes)
        let links = group.links.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
        pending += links.reversed().map { (path.isEmpty ? $0.name : "\(path)/\($0.name)", $0.target) }
      }
    }
    return lines
  }

  private static func append(
    _ lines: inout [(path: String, text: String)], _ path: String, _ attributes: [HDF5Attribute]
  ) throws {
    for attribute in attributes {
      let text: String
      switch try attribute.value() {
      case .none: text = "none"
      case .numbers(let array): text = numbers(array)
      case .texts(let texts):
        text = "texts\(list(attribute.shape)):" + texts.map { hex(Array($0.utf8)) }.joined(separator: ",")
      }
      lines.append(("\(path)@\(attribute.name)", text))
    }
  }

  static func numbers(_ array: NumericArray) -> String {
    "\(array.elementType.name)\(list(array.shape)):\(hex(array.rowMajorLittleEndianBytes()))"
  }

  private static func list(_ shape: [Int]) -> String {
    "[\(shape.map(String.init).joined(separator: ","))]"
  }

  private static func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
