import CNNCodecs
import CNNPictures
import Testing

@Suite struct SheetTests {
  private func tile(_ width: Int, _ pixels: [UInt8]) -> Picture {
    .gray(GrayImage(width: width, height: pixels.count / width, pixels: pixels))
  }

  private func rows(_ picture: Picture) -> [[UInt8]] {
    let pitch = picture.width * (picture.isColored ? 3 : 1)
    return stride(from: 0, to: picture.samples.count, by: pitch).map {
      Array(picture.samples[$0..<$0 + pitch])
    }
  }

  @Test func theSheetOfTheBookIs490By250() throws {
    let tiles = [Picture](repeating: tile(5, [UInt8](repeating: 0, count: 25)), count: 30)
    let sheet = try Sheet().draw(tiles: tiles)
    #expect(sheet.width == 490 && sheet.height == 250 && !sheet.isColored)
  }

  @Test func tilesStandWhereTheyBelong() throws {
    let sheet = try Sheet(columns: 2, scale: 2, margin: 1)
      .draw(tiles: [tile(2, [1, 2]), tile(2, [3, 4]), tile(2, [5, 6])])
    #expect(sheet.width == 11 && sheet.height == 7)
    let rows = rows(sheet)
    let white: UInt8 = 255
    #expect(rows[0] == [UInt8](repeating: 255, count: 11))
    #expect(rows[1] == [white, 1, 1, 2, 2, white, 3, 3, 4, 4, white])
    #expect(rows[2] == rows[1])
    #expect(rows[3] == rows[0])
    #expect(rows[4] == [white, 5, 5, 6, 6, white, white, white, white, white, white])
    #expect(rows[5] == rows[4])
    #expect(rows[6] == rows[0])
  }

  @Test func oneColouredTileMakesTheSheetColoured() throws {
    let red = Picture.rgb(RGBImage(width: 1, height: 1, pixels: [250, 1, 2]))
    let sheet = try Sheet(columns: 2, scale: 1, margin: 1).draw(tiles: [tile(1, [7]), red])
    #expect(
      rows(sheet)[1] == [255, 255, 255, 7, 7, 7, 255, 255, 255, 250, 1, 2, 255, 255, 255])
  }

  @Test func smallerTilesStandInTheMiddle() throws {
    let sheet = try Sheet(columns: 2, scale: 1, margin: 0)
      .draw(tiles: [tile(3, [UInt8](repeating: 0, count: 9)), tile(1, [9])])
    #expect(rows(sheet) == [[0, 0, 0, 255, 255, 255], [0, 0, 0, 255, 9, 255], [0, 0, 0, 255, 255, 255]])
  }

  @Test func aSheetIsNoWiderThanItsTiles() throws {
    let two = [tile(1, [0]), tile(1, [0])]
    #expect(try Sheet(columns: .max, scale: 1, margin: 1).draw(tiles: two).width == 5)
    #expect(try Sheet(columns: 0, scale: 1, margin: 1).draw(tiles: two).width == 3)
    #expect(try Sheet(columns: -3, scale: 1, margin: 1).draw(tiles: two).height == 5)
  }

  @Test func sheetsBeyondTheCapSayWhatFits() {
    let line = tile(2, [0, 0])
    // 2 s * s pixels: 7071 is the last s below the cap.
    #expect(throws: Sheet.Failure.tooLarge(width: 20_000, height: 10_000, fittingScale: 7071)) {
      try Sheet(columns: 1, scale: 10_000, margin: 0).draw(tiles: [line])
    }
    #expect(throws: Sheet.Failure.tooLarge(width: 20_001, height: 20_001, fittingScale: nil)) {
      try Sheet(columns: 1, scale: 1, margin: 10_000).draw(tiles: [tile(1, [0])])
    }
    #expect(throws: Sheet.Failure.tooLarge(width: .max, height: .max, fittingScale: 9_980)) {
      try Sheet(columns: 1, scale: .max, margin: 10).draw(tiles: [tile(1, [0])])
    }
    #expect(throws: Sheet.Failure.tooLarge(width: .max, height: .max, fittingScale: nil)) {
      try Sheet(columns: 1, scale: 1, margin: .max).draw(tiles: [tile(1, [0])])
    }
    #expect(
      Sheet.Failure.tooLarge(width: 20_000, height: 10_000, fittingScale: 7071).description
        == "the sheet would have 200.0 megapixels, more than 100; a scale of 7071 is the greatest that fits")
    #expect(
      Sheet.Failure.tooLarge(width: 100_000_001, height: 1, fittingScale: nil).description
        == "the sheet would have 100.1 megapixels, more than 100; not even a scale of 1 fits: draw fewer tiles"
    )
  }

  @Test func theScaleThatFitsDoesAndTheNextDoesNot() throws {
    let tiles = [Picture](repeating: tile(3, [1, 2, 3]), count: 4)
    let labels = ["first", "second", "third", "fourth"]
    let range = try #require(ValueRange(least: -1, greatest: 2))
    var sheet = Sheet(
      columns: 2, scale: 1_000_000, margin: 3, labels: labels, title: "four",
      bar: ColorBar(scale: .grayDarkIsLarge, range: range))
    guard
      case .tooLarge(_, _, let fitting?) = #expect(
        throws: Sheet.Failure.self, performing: { try sheet.draw(tiles: tiles) })
    else { return }
    sheet.scale = fitting + 1
    #expect(throws: Sheet.Failure.self) { try sheet.draw(tiles: tiles) }
    sheet.scale = fitting
    #expect(try sheet.draw(tiles: tiles).samples.count > 99_000_000)
  }

  @Test func wrongNumbersAreNamed() {
    let one = [tile(1, [0])]
    #expect(throws: Sheet.Failure.noTiles) { try Sheet().draw(tiles: []) }
    #expect(throws: Sheet.Failure.invalidScale(0)) { try Sheet(scale: 0).draw(tiles: one) }
    #expect(throws: Sheet.Failure.invalidScale(.min)) { try Sheet(scale: .min).draw(tiles: one) }
    #expect(throws: Sheet.Failure.invalidMargin(-1)) { try Sheet(margin: -1).draw(tiles: one) }
  }

  @Test func labelsStandBelowTheirTiles() throws {
    let black = tile(2, [0, 0, 0, 0])
    let sheet = try Sheet(columns: 2, scale: 6, margin: 3, labels: ["1", "ab-"]).draw(tiles: [
      black, black, black,
    ])
    // Tiles of 12 by 12 in cells as wide as the longer label, 2 of white, 9 of text, 3 of margin; two rows of them.
    #expect(sheet.width == 3 + 2 * (17 + 3) && sheet.height == 3 + 2 * (12 + 2 + 9 + 3))
    var expected = try #require(Canvas(width: sheet.width, height: sheet.height))
    for (x, y) in [(5, 3), (25, 3), (5, 29)] {
      expected.fill(PixelRectangle(x: x, y: y, width: 12, height: 12), .black)
    }
    expected.draw("1", x: 5, y: 17)
    expected.draw("ab-", x: 23, y: 17)
    #expect(expected.picture == sheet)
  }

  @Test func labelsOfMoreThanSomeWordsAreCut() throws {
    let label = String(repeating: "a", count: 40)
    let sheet = try Sheet(columns: 1, scale: 1, margin: 0, labels: [label]).draw(tiles: [tile(1, [0])])
    #expect(sheet.width == 24 * Glyphs.advance)
    var expected = try #require(Canvas(width: sheet.width, height: sheet.height))
    expected.fill(PixelRectangle(x: sheet.width / 2 - 1, y: 0, width: 1, height: 1), .black)
    expected.draw(String(repeating: "a", count: 22) + "..", x: 1, y: 3)
    #expect(
      expected.picture.samples.dropFirst(sheet.width).elementsEqual(sheet.samples.dropFirst(sheet.width)))
  }

  @Test func lettersGrowWithTheTiles() throws {
    func labelHeight(_ scale: Int, _ label: String) throws -> Int {
      let picture = try Sheet(columns: 1, scale: scale, margin: 0, labels: [label])
        .draw(tiles: [tile(1, [255])])
      return picture.height - scale
    }
    #expect(try labelHeight(100, "conv1") == 11)
    #expect(try labelHeight(200, "conv1") == 22)
    #expect(try labelHeight(300, "conv1") == 33)
    #expect(try labelHeight(300, "convolution1, unit 7") == 22)
    #expect(try labelHeight(1000, String(repeating: "x", count: 1000)) == 11)
  }

  @Test func titleAndBarHaveTheirPlaces() throws {
    let range = try #require(ValueRange(least: -0.25, greatest: 2))
    let tiles = [tile(10, [UInt8](repeating: 90, count: 100))]
    let bar = ColorBar(scale: .diverging, range: range)
    let sheet = try Sheet(columns: 1, scale: 10, margin: 5, title: "conv1", bar: bar).draw(tiles: tiles)
    #expect(sheet.isColored)
    // Margin, title, margin, tile, margin, ramp, gap, numbers, margin.
    #expect(sheet.width == 110 && sheet.height == 5 + 9 + 5 + 100 + 5 + 10 + 2 + 9 + 5)
    var expected = try #require(Canvas(width: 110, height: sheet.height, isColored: true))
    expected.draw("conv1", x: 5, y: 5)
    expected.draw(tiles[0], x: 5, y: 19, scale: 10)
    for column in 0..<100 {
      expected.fill(
        PixelRectangle(x: 5 + column, y: 124, width: 1, height: 10),
        ColorScale.diverging.color(at: Double(column) / 99))
    }
    expected.frame(PixelRectangle(x: 5, y: 124, width: 100, height: 10), .gray(128))
    expected.draw("-2", x: 5, y: 136)
    expected.draw("0", x: 5 + (100 - 5) / 2, y: 136)
    expected.draw("2", x: 100, y: 136)
    #expect(expected.picture == sheet)
  }

  @Test func aNarrowSheetGrowsToTheNumbersOfItsBar() throws {
    let range = try #require(ValueRange(least: -0.00012345, greatest: 12345.678))
    let bar = ColorBar(scale: .grayDarkIsLarge, range: range)
    let sheet = try Sheet(columns: 1, scale: 1, margin: 2, bar: bar).draw(tiles: [tile(1, [0])])
    let texts = [range.least, range.greatest].map { NumberFormat.short($0) }
    #expect(sheet.width == 4 + Glyphs.width(of: texts[0]) + 12 + Glyphs.width(of: texts[1]))
    #expect(!sheet.isColored)
  }

  @Test func moreTilesThanAnyMemoryHolds() throws {
    for columns in [1, 8, Int.max] {
      #expect(throws: Sheet.Failure.self) {
        try Sheet(columns: columns).size(tileCount: .max, width: 5, height: 5)
      }
    }
    #expect(throws: Sheet.Failure.noTiles) { try Sheet().size(tileCount: 0, width: 5, height: 5) }
    #expect(throws: Sheet.Failure.noTiles) { try Sheet().extent(tileCount: 0, width: 5, height: 5) }
    // What is too large has an extent all the same.
    let large = try Sheet(columns: 1, scale: 100).extent(tileCount: 1, width: 1000, height: 200)
    #expect(large.width == 100_020 && large.height == 20_020)
  }
}
