import CNNCodecs
import CNNFiles
import Testing

@Suite struct CSVTableTests {
  @Test func labelsAndPixels() throws {
    let table = try CSVTable("7,0,255,3,4\n2,10,20,30,40\n")
    #expect(table.names == nil)
    #expect(table.rowCount == 2)
    #expect(table.arrays.map(\.elementType) == [.uint8, .uint8])
    #expect(table.arrays.map(\.shape) == [[2, 1], [2, 4]])
    #expect(table.arrays[0].storage == [7, 2])
    #expect(table.arrays[1].storage == [0, 255, 3, 4, 10, 20, 30, 40])
    #expect(table.firstOtherThanBytes == [nil, nil])
  }

  @Test(arguments: [
    "5,2,9,1,7\n6,7,8,9,10", "5,2,9,1,7\r\n6,7,8,9,10\r\n", "5,2,9,1,7\r6,7,8,9,10\r",
    "5;2;9;1;7\n6;7;8;9;10\n\n\r\n",
    "5\t2\t9\t1\t7\n6\t7\t8\t9\t10\n", "\u{FEFF}5,2,9,1,7\n6,7,8,9,10\n", "\n\n5,2,9,1,7\n6,7,8,9,10\n",
    "\"5\",\"2\",\"9\",\"1\",\"7\"\r\n\"6\",\"7\",\"8\",\"9\",\"10\"\r\n",
    " 5, 2 ,9.0,1e0,+7\n6,70e-1, 0.8e1,009,1.0e+1\n",
    "l,p,q,\"a \"\"name\"\",\nof two lines\",s\n5,2,9,1,7\n6,7,8,9,10\n",
    "label,0,1,2,3\n5,2,9,1,7\n6,7,8,9,10\n",
    "1,2,3,4,class\n5,2,9,1,7\n6,7,8,9,10\n",
    "# label,p1,p2,p3,p4\n5,2,9,1,7\n6,7,8,9,10\n",
  ]) func everyWayOfWritingOneTable(_ text: String) throws {
    for size in [1, 2, 3, 7, 1000] {
      let table = try CSVTable(TricklingSource(Array(text.utf8), count: size)) {
        [CSVColumns(0..<$0.firstRow.count, .numbers)]
      }
      #expect(table.arrays[0].storage == [5, 2, 9, 1, 7, 6, 7, 8, 9, 10], "\(size) bytes at a time")
      #expect(table.arrays[0].elementType == .uint8)
    }
  }

  @Test func namesLoseTheSpacesAroundThem() throws {
    let table = try CSVTable("  label ,\tone two,\n7,0,255\n")
    #expect(table.names == ["label", "one two", ""])
  }

  @Test func aLineThatCountsTheColumnsIsNames() throws {
    let row = "9" + String(repeating: ",7", count: 15)
    for first in 0...1 {
      let counting = (first..<first + 16).map(String.init)
      let table = try CSVTable("\(counting.joined(separator: ","))\n\(row)\n")
      #expect(table.names == counting)
      #expect(table.rowCount == 1)
    }
    // Of so few, these may be pixels.
    #expect(try CSVTable("0,1,2,3,4\n1,2,3,4,5\n").rowCount == 2)
  }

  @Test func aDamagedRowOfNumbersIsNoLineOfNames() {
    #expect(throws: CSVError(.notANumber("x"), at: CSVPlace(line: 1, column: 3, offset: 4))) {
      try CSVTable("7,0,x,0,1\n2,0,0,0,0\n")
    }
  }

  @Test func columnsOutsideOfAllGroupsArePassedOver() throws {
    let table = try CSVTable(
      MemorySource(Array(",label,p,q,note\n0,7,1,2,text\n1,8,3,4,\"more, text\"\n".utf8))
    ) {
      #expect($0.names == ["", "label", "p", "q", "note"])
      #expect($0.firstRow.dropLast() == [0, 7, 1, 2])
      return [CSVColumns(1..<2, .counts), CSVColumns(2..<4, .numbers)]
    }
    #expect(table.arrays.map(\.storage) == [[7, 8], [1, 2, 3, 4]])
  }

  @Test func theNarrowestTypeThatHoldsAll() throws {
    let table = try CSVTable("1,0,1\n256,0.5,2\n3,-1,300\n")
    #expect(table.arrays[0].elementType == .int64)
    #expect(table.arrays[0].integers() == [1, 256, 3])
    #expect(table.arrays[1].elementType == .float32)
    #expect(table.arrays[1].floats().values == [0, 1, 0.5, 2, -1, 300])
    #expect(
      table.firstOtherThanBytes == [
        CSVPlace(line: 2, column: 1, offset: 6), CSVPlace(line: 2, column: 2, offset: 10),
      ])
  }

  @Test func numbersAreRoundedToNearest() throws {
    let numbers = [
      "0.1", "1e-45", "3.4028235e38", "123456789012345678901234567890", "0.000000000000000000000000000001",
      "5.", ".5",
      "-0.0", "1.17549435e-38", "9007199254740993", "0.01176470588235294", "1e-400",
      "000000000000000000000000000.25", "9.000000000000000000e+00",
      "100000000000000000000000000000", "0.000000000000000000e+00", "0e99999999999", "1000000000000000.0001",
    ]
    let table = try CSVTable("0," + numbers.joined(separator: ",") + "\n")
    let expected = numbers.map { Float(Double($0) ?? .nan) }
    #expect(table.arrays[1].floats().values.map(\.bitPattern) == expected.map(\.bitPattern))
  }

  @Test func aLongTableIsReadInPieces() throws {
    // Longer than the pieces in which input is read, so that every kind of field is cut somewhere.
    var text = ""
    var expected: [UInt8] = []
    for row in 0..<30_000 {
      let values = (0..<5).map { UInt8(truncatingIfNeeded: row &* 31 &+ $0 &* 57) }
      expected += values
      text +=
        values.map { row % 7 == 0 ? "\"\($0)\"" : "\($0)" }.joined(separator: ",")
        + (row % 3 == 0 ? "\r\n" : "\n")
    }
    #expect(text.utf8.count > 1 << 18)
    let table = try CSVTable(text, labels: false)
    #expect(table.rowCount == 30_000)
    #expect(table.arrays[0].storage == expected)
  }

  // MARK: Recognition

  @Test(arguments: [
    "7,0,0,0\n", "label,pixel0,pixel1\n7,0,0\n", "7\n2\n", "label\n7\n", "0.5;0.25;1\n", "7,0,0,0,0",
    "7\t1\t2\r\n",
    "\u{FEFF}7,0,0\n", "label,0,1,2\n7,0,0,0\n", "\"label\",\"1x1\"\n\"7\",\"0\"\n", "7,0,x,0\n1,2,3,4\n",
    "7,,0,0\n",
  ]) func isRecognized(_ text: String) {
    #expect(CSVTable.looksLikeCSV(prefix: Array(text.utf8)))
  }

  @Test(arguments: [
    "", "\n", "hello\n", "hello, world\n", "a.png\nb.png\n", "{\"a\": 1}\n", "[1,2,3]\n", "<svg>\n1,2\n", "7",
    "label,p\n",
    "7 203:84 204:185\n", "7,0,0,\u{0}\n", "name,age\nAda,\n", "(1,2\n", "7,\u{1B}0\n",
    "12 Main Street, York\n",
  ]) func isNotRecognized(_ text: String) {
    #expect(!CSVTable.looksLikeCSV(prefix: Array(text.utf8)))
  }

  @Test func aLineOfNamesMayBeLong() {
    let names = ["label"] + (0..<784).map { "pixel\($0)" }
    let row = [String](repeating: "0", count: 785).joined(separator: ",")
    let bytes = Array("\(names.joined(separator: ","))\n\(row)\n".utf8)
    #expect(!CSVTable.looksLikeCSV(prefix: Array(bytes.prefix(4096))))
    #expect(CSVTable.looksLikeCSV(prefix: bytes))
    let wide = (0..<20_000).map { "pixel\($0)" }.joined(separator: ",")
    #expect(CSVTable.looksLikeCSV(prefix: Array(wide.utf8.prefix(1 << 16))))
  }
}
