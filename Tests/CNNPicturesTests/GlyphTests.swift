import CNNCodecs
import CNNPictures
import Testing

@Suite struct GlyphTests {
  private static let printable = (32...126).map { Character(Unicode.Scalar(UInt8($0))) }

  /// The rows of a text, `#` where it is black.
  private func drawn(_ text: String, scale: Int = 1) throws -> [String] {
    let width = max(Glyphs.width(of: text, scale: scale), 1)
    let height = Glyphs.height(scale: scale)
    var canvas = try #require(Canvas(width: width, height: height))
    canvas.draw(text, x: 0, y: 0, scale: scale)
    let samples = canvas.picture.samples
    return (0..<height).map { y in
      String(samples[y * width..<(y + 1) * width].map { $0 == 0 ? "#" : "." })
    }
  }

  @Test func allCharactersDiffer() throws {
    let glyphs = try Self.printable.map { try drawn(String($0)) }
    #expect(glyphs.count == 95 && Set(glyphs).count == 95)
    // Only the space is empty, and none looks like the box for all others.
    for (character, rows) in zip(Self.printable, glyphs) {
      #expect(rows.allSatisfy { !$0.contains("#") } == (character == " "))
    }
    #expect(!glyphs.contains(try drawn("\u{E9}")))
  }

  @Test func capitalsAndDigitsStandOnTheLine() throws {
    for character in Self.printable where character.isNumber || character.isUppercase {
      let rows = try drawn(String(character))
      #expect(rows[0].contains("#") && rows[6].contains("#"))
      #expect(rows[7] == "....." && rows[8] == ".....")
    }
    for character in "gjpqy" { #expect(try drawn(String(character))[8].contains("#")) }
  }

  @Test func aLetterIsWhatItWasDrawn() throws {
    #expect(
      try drawn("7g") == [
        "#####......",
        "....#......",
        "...#...####",
        "..#...#...#",
        "..#...#...#",
        "..#...#..##",
        "..#....##.#",
        "..........#",
        ".......###.",
      ])
    let large = try drawn("7", scale: 2)
    #expect(large.count == 18 && large[0] == "##########" && large[3] == "........##")
  }

  @Test func othersThanAsciiAreABox() throws {
    let box = ["#####", "#...#", "#...#", "#...#", "#...#", "#...#", "#####", ".....", "....."]
    for text in [
      "\u{E9}", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", "\n", "\r\n", "\u{0}", "\u{7F}", "e\u{301}",
    ] {
      #expect(try drawn(text) == box)
    }
  }

  @Test func widthsLeaveNoSpaceAtTheEnd() {
    #expect(Glyphs.width(of: "") == 0)
    #expect(Glyphs.width(of: "a") == 5)
    #expect(Glyphs.width(of: "abc", scale: 3) == 51)
    #expect(Glyphs.height(scale: 2) == 18)
  }

  @Test func longTextsAreCut() {
    #expect(Glyphs.cut("conv1", toWidth: 29) == "conv1")
    #expect(Glyphs.cut("conv1", toWidth: 28) == "co..")
    #expect(Glyphs.cut("conv1", toWidth: 23) == "co..")
    #expect(Glyphs.cut("conv1", toWidth: 22) == "c..")
    #expect(Glyphs.cut("conv1", toWidth: 16) == "..")
    #expect(Glyphs.cut("conv1", toWidth: 5) == ".")
    #expect(Glyphs.cut("conv1", toWidth: 4) == "")
    #expect(Glyphs.cut("conv1", toWidth: 46, scale: 2) == "co..")
    #expect(Glyphs.cut("conv1", toWidth: .min, scale: .min) == "")
    #expect(Glyphs.cut("conv1", toWidth: .max) == "conv1")
    for width in 0..<80 {
      #expect(Glyphs.width(of: Glyphs.cut("a long name", toWidth: width)) <= width)
    }
  }
}
