import CNNCodecs
import CNNTestSupport
import Testing

/// What `cnn-infer` makes of pictures before the network sees them, and what it says of that.
@Suite struct InferNormalizationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func infer(_ arguments: String...) throws -> ToolRunner.Result {
    try run("cnn-infer", ["--model", Samples.model()] + arguments, in: folder)
  }

  private func sample(_ name: String) throws -> GrayImage {
    try PNG.decodeGray(TemporaryFolder.read(Samples.digit(name)))
  }

  /// Pictures side by side on white, ink black, `gap` columns between them.
  private func row(_ digits: [GrayImage], gap: Int) -> GrayImage {
    let width = digits.reduce(gap) { $0 + $1.width + gap }
    let height = (digits.map(\.height).max() ?? 0) + 10
    var sheet = GrayImage(
      width: width, height: height, pixels: [UInt8](repeating: 255, count: width * height))
    var left = gap
    for digit in digits {
      for y in 0..<digit.height {
        for x in 0..<digit.width { sheet[left + x, y + 5] = 255 - digit[x, y] }
      }
      left += digit.width + gap
    }
    return sheet
  }

  @Test func aBlankPictureIsBlankHoweverItIsMadeReady() throws {
    try folder.write(
      "grey.png", PNG.encode(GrayImage(width: 28, height: 28, pixels: [UInt8](repeating: 90, count: 784))))
    for way in ["auto", "mnist", "none"] {
      let result = try infer("grey.png", "--normalize", way)
      #expect(result.status == 1)
      #expect(result.error.hasPrefix("cnn-infer: grey.png: the picture is blank"), "\(way)")
    }
  }

  @Test func namesOfPicturesDoNoHarmInTheFolder() throws {
    try folder.write("y/7.png", PNG.encode(row([sample("7-plain"), sample("7-plain")], gap: 20)))
    try folder.write("y/7.digit-1.png", TemporaryFolder.read(Samples.digit("7-plain")))
    try folder.write("y/a\u{1b}[31m.png", TemporaryFolder.read(Samples.digit("7-plain")))
    let result = try infer("y", "--digits", "--save-normalized", "seen")
    #expect(result.status == 0, "\(result.error)")
    let names = try lines(shell("ls -b seen", [], in: folder).output)
    #expect(names.count == 4)
    #expect(names.allSatisfy { !$0.contains("\\033") }, "\(names)")
  }

  @Test func optionsThatWouldDoNothing() throws {
    for arguments in [
      ["--evaluate", "--show"], ["--evaluate", "--save-normalized", "x"], ["--evaluate", "--top-k", "2"],
    ] {
      #expect(try run("cnn-infer", [Samples.dataset] + arguments, in: folder).status == 64)
    }
    #expect(try infer(Samples.digit("7-plain"), "--normalize", "none", "--deskew").status == 64)
  }

  @Test func theReportSaysWhatWasDone() throws {
    let sheet = try row([sample("7-plain")], gap: 40)
    try folder.write("7.png", PNG.encode(sheet))
    let result = try infer("7.png", "--json")
    #expect(result.status == 0)
    let object = try json(lines(result.output)[0])
    #expect(try object.member("label").string() == "7")
    let normalization = try object.member("normalization")
    #expect(try normalization.member("inverted").bool())
    #expect(try !normalization.member("unchanged").bool())
    #expect(try normalization.member("scale").number() == 1)
    let box = try normalization.member("box").elements().map { try $0.number() }
    #expect(box[0] > 40 && box[0] + box[2] < 68 && box[3] == 20)
  }

  @Test func aBlankPictureSaysSo() throws {
    let white = GrayImage(width: 30, height: 20, pixels: [UInt8](repeating: 255, count: 600))
    try folder.write("blank.png", PNG.encode(white))
    let result = try infer("blank.png", Samples.digit("7-plain"))
    #expect(result.status == 1)
    #expect(result.output == "\(Samples.digit("7-plain"))\t7\t1.0000\n")
    #expect(
      result.error
        == "cnn-infer: blank.png: the picture is blank: there is paper, perhaps in light and shadow, and no ink\n"
    )
    let objects = try infer("blank.png", "--json").output
    #expect(try json(lines(objects)[0]).members().map(\.name) == ["file", "error"])
  }

  @Test func doubtIsAQuestionMark() throws {
    #expect(
      try infer(Samples.digit("4-plain"), "--min-confidence", "0.99").output.hasSuffix(
        "4-plain.png\t?\t0.9779\n"))
    #expect(
      try infer(Samples.digit("4-plain"), "--min-confidence", "0.9").output.hasSuffix(
        "4-plain.png\t4\t0.9779\n"))
    #expect(try infer(Samples.digit("4-plain"), "--min-confidence", "1.5").status == 64)
  }

  @Test func whatTheNetworkSeesIsKept() throws {
    try folder.write("a/7.png", TemporaryFolder.read(Samples.digit("7-plain")))
    try folder.write("b/7.png", TemporaryFolder.read(Samples.digit("8-black-on-white")))
    let result = try infer("a/7.png", "b/7.png", "--save-normalized", "seen")
    #expect(result.status == 0)
    #expect(try PNG.decodeGray(TemporaryFolder.read(folder.path("seen/7.png"))) == sample("7-plain"))
    let other = try PNG.decodeGray(TemporaryFolder.read(folder.path("seen/7-2.png")))
    #expect(try other.pixels == sample("8-black-on-white").pixels.map { 255 - $0 })
    // They are not replaced unasked.
    #expect(try infer("a/7.png", "--save-normalized", "seen").status == 73)
    #expect(try infer("a/7.png", "--save-normalized", "seen", "--force").status == 0)
  }

  @Test func whatTheNetworkSeesIsShown() throws {
    let result = try infer(Samples.digit("7-plain"), "--show")
    #expect(result.output == "\(Samples.digit("7-plain"))\t7\t1.0000\n")
    let rows = lines(result.error)
    #expect(rows.count == 14)
    #expect(rows.allSatisfy { $0.count == 28 && $0.allSatisfy { " .:-=+*#%@".contains($0) } })
    #expect(rows.contains { $0.contains("%") })
  }

  @Test func aLineIsANumber() throws {
    let digits = try ["7-plain", "0-plain", "4-plain", "1-one-bit"].map(sample)
    try folder.write("line.png", PNG.encode(row(digits, gap: 4)))
    let result = try infer("line.png", "--digits")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("line.png\t7041\t0."))
    let object = try json(lines(infer("line.png", "--digits", "--json").output)[0])
    #expect(try object.members().map(\.name) == ["file", "number", "probability", "digits"])
    let found = try object.member("digits").elements()
    #expect(try found.map { try $0.member("label").string() } == ["7", "0", "4", "1"])
    let lefts = try found.map { try $0.member("normalization").member("box").elements()[0].number() }
    #expect(lefts == lefts.sorted())
    #expect(try infer("line.png", "--digits", "--top-k", "2").status == 64)
  }

  @Test func scaledOnlyIsThereForTheAsking() throws {
    let sheet = try row([sample("7-plain")], gap: 40)
    try folder.write("7.png", PNG.encode(sheet))
    let object = try json(lines(infer("7.png", "--json", "--normalize", "none").output)[0])
    #expect(throws: JSONContentError.self) { try object.member("normalization").members() }
  }

  @Test func theCapOnPixelsIsAnOption() throws {
    let result = try infer(Samples.digit("7-plain"), "--max-pixels", "783")
    #expect(result.status == 1)
    #expect(result.error.contains("784") || result.error.contains("28"))
  }

  @Test func whiteInkOnNothingIsSeen() throws {
    // Grey and alpha, both 255 where there is ink: over white all of it is white.
    let digit = try sample("7-plain")
    try folder.write("ghost.png", TransparentPNG.encode(digit))
    let result = try infer("ghost.png")
    #expect(result.output == "ghost.png\t7\t1.0000\n")
  }
}

/// White ink whose strength is its alpha, by hand: the library writes no alpha.
private enum TransparentPNG {
  static func encode(_ ink: GrayImage) -> [UInt8] {
    var rows: [UInt8] = []
    for y in 0..<ink.height {
      rows.append(0)
      for x in 0..<ink.width { rows += [255, ink[x, y]] }
    }
    var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    bytes += chunk("IHDR", bigEndian(ink.width) + bigEndian(ink.height) + [8, 4, 0, 0, 0])
    // A stored block of deflate.
    let length = [UInt8(rows.count & 255), UInt8(rows.count >> 8)]
    bytes += chunk(
      "IDAT", [0x78, 0x01, 0x01] + length + length.map { ~$0 } + rows + bigEndian(Int(adler(rows))))
    return bytes + chunk("IEND", [])
  }

  private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    return bigEndian(data.count) + body + bigEndian(Int(CRC32.checksum(of: body)))
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private static func adler(_ bytes: [UInt8]) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in bytes {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    return high << 16 | low
  }
}
