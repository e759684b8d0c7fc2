import CNNCodecs
import CNNTestSupport
import Testing

/// Tables that Python and NumPy have written; `Tests/python/make_csv_goldens.py` makes them.
@Suite struct CSVGoldenTests {
  static let byteTables = ["excel", "unix-quoted", "semicolons", "tabs", "savetxt"]
  static let fractionTables = ["fractions-float32", "fractions-float64", "standard-normal"]

  private func values(_ name: String) throws -> [Int] {
    try JSONNode(JSONReader.read(FixtureFile.bytes("csv/values.json"))).member(name).integers()
  }

  @Test(arguments: byteTables) func pixelsThatAreBytes(_ name: String) throws {
    let bytes = try FixtureFile.bytes("csv/\(name).csv")
    #expect(CSVTable.looksLikeCSV(prefix: bytes))
    let table = try CSVTable(bytes)
    #expect(table.rowCount == 5)
    #expect(table.names?.count == (name == "semicolons" ? nil : 17))
    #expect(try table.arrays[0].storage == values("labels").map { UInt8($0) })
    #expect(try table.arrays[1].storage == values("pixels").map { UInt8($0) })
  }

  @Test(arguments: fractionTables) func pixelsThatAreFractions(_ name: String) throws {
    let bytes = try FixtureFile.bytes("csv/\(name).csv")
    #expect(CSVTable.looksLikeCSV(prefix: bytes))
    let table = try CSVTable(bytes)
    #expect(try table.arrays[0].storage == values("labels").map { UInt8($0) })
    let bits = table.arrays[1].floats().values.map { Int($0.bitPattern) }
    #expect(try bits == values(name.hasPrefix("fractions") ? "fractions" : "standard_normal"))
  }

  /// Whatever becomes of a table: a value or an error with a place in it.
  @Test func survivesMutations() throws {
    var noise = SeededNoise(seed: 21)
    let files = try (Self.byteTables + Self.fractionTables).map { try FixtureFile.bytes("csv/\($0).csv") }
    let odd = Array(",;\t\n\r\"0-+.eE9 \u{0}\u{FF}nx".utf8)
    var read = 0
    for round in 0..<4000 {
      var bytes = files[round % files.count]
      for _ in 0..<Int.random(in: 1...4, using: &noise) {
        let index = Int.random(in: bytes.indices, using: &noise)
        switch Int.random(in: 0..<5, using: &noise) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &noise)
        case 1: bytes[index] = odd[Int.random(in: odd.indices, using: &noise)]
        case 2: bytes.insert(odd[Int.random(in: odd.indices, using: &noise)], at: index)
        case 3: bytes.removeLast(min(bytes.count - 1, Int.random(in: 0...40, using: &noise)))
        default:
          let other = files[Int.random(in: files.indices, using: &noise)]
          bytes[index...] = other[Int.random(in: other.indices, using: &noise)...]
        }
      }
      _ = CSVTable.looksLikeCSV(prefix: bytes)
      do {
        let table = try CSVTable(bytes)
        read += 1
        #expect(table.rowCount > 0)
        #expect(
          table.arrays.allSatisfy { $0.shape[0] == table.rowCount && $0.range.count <= 4 * bytes.count + 8 })
      } catch let error as CSVError {
        #expect((0...bytes.count).contains(error.place.offset))
        // Lines up to there, counted otherwise.
        let before = bytes[..<error.place.offset]
        let feeds = before.count { $0 == 0x0A } + before.count { $0 == 0x0D }
        #expect(error.place.line - 1 <= feeds)
      }
    }
    #expect(read > 100)
  }
}
