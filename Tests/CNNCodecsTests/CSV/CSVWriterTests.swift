import CNNCodecs
import CNNFiles
import Testing

@Suite struct CSVWriterTests {
  private func text(_ body: (inout CSVWriter) throws -> Void) throws -> String {
    let sink = MemorySink()
    var writer = CSVWriter(sink)
    try body(&writer)
    try writer.finish()
    return String(decoding: sink.bytes, as: UTF8.self)
  }

  @Test func rowsOfEveryKindOfField() throws {
    let written = try text { writer in
      writer.add("label")
      writer.add("a")
      try writer.endRow()
      writer.add(7)
      writer.add([0, 9, 255] as ArraySlice<UInt8>)
      try writer.endRow()
      writer.add([0] as ArraySlice<UInt8>)
      writer.add([0.1, 1e-5, -0.0, .nan, .infinity] as ArraySlice<Float>)
      writer.add([0.1, 1e300] as ArraySlice<Double>)
      try writer.endRow()
    }
    #expect(written == "label,a\n7,0,9,255\n0,0.1,1e-05,-0.0,nan,inf,0.1,1e+300\n")
  }

  @Test func textsAreQuotedWhereTheyMustBe() throws {
    let written = try text { writer in
      for field in ["", "a,b", "say \"a\"", "two\nlines", "cr\r", "plain text"] { writer.add(field) }
      try writer.endRow()
    }
    #expect(written == "\"\",\"a,b\",\"say \"\"a\"\"\",\"two\nlines\",\"cr\r\",plain text\n")
  }

  @Test func whatIsLongerThanAPieceIsWhole() throws {
    let row = [UInt8](repeating: 255, count: 1000)
    let written = try text { writer in
      for _ in 0..<300 {
        writer.add(row[...])
        try writer.endRow()
      }
    }
    let line = [String](repeating: "255", count: 1000).joined(separator: ",") + "\n"
    #expect(written == String(repeating: line, count: 300))
  }
}
