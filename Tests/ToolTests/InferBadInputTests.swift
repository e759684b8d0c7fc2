import CNNCodecs
import CNNTestSupport
import Testing

/// Pictures and inputs that are odd or bad: a line about each, and the rest goes on.
@Suite struct InferBadInputTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func infer(_ arguments: [String]) throws -> ToolRunner.Result {
    try run("cnn-infer", ["--model", Samples.model()] + arguments, in: folder)
  }

  private func gray(_ width: Int, _ height: Int, _ value: UInt8) throws -> [UInt8] {
    try PNG.encode(
      GrayImage(width: width, height: height, pixels: [UInt8](repeating: value, count: width * height)))
  }

  /// Names and files, and whether a picture can be made of them at all.
  private func pictures() throws -> [(name: String, bytes: [UInt8], isSound: Bool)] {
    let whole = try TemporaryFolder.read(Samples.digit("7-plain"))
    let transparent = (0..<28).flatMap { _ in [0] + [UInt8](repeating: 0, count: 4 * 28) }
    return [
      ("no.png", Array("not a PNG".utf8), false), ("empty.png", [], false),
      ("cut.png", Array(whole.dropLast(20)), false), ("1x1.png", try gray(1, 1, 0), true),
      ("1x10000.png", try gray(1, 10_000, 200), true), ("10000x1.png", try gray(10_000, 1, 200), true),
      ("20000x20000.png", OddPNG.file(20_000, 20_000, rows: [0]), false),
      ("black.png", try gray(28, 28, 0), true), ("white.png", try gray(300, 200, 255), true),
      ("transparent.png", OddPNG.file(28, 28, type: 6, rows: transparent), true),
      (
        "16-bit.png", OddPNG.file(2, 2, depth: 16, rows: [0, 0, 0, 255, 255, 0, 1, 2, 3, 4]), true
      ),
      ("no-palette.png", OddPNG.file(2, 2, type: 3, rows: [0, 0, 0, 0, 0, 0]), false),
    ]
  }

  @Test func aLineAboutEachAndTheRestGoesOn() throws {
    let digit = Samples.digit("7-plain")
    let pictures = try pictures()
    for picture in pictures { try folder.write(picture.name, picture.bytes) }
    let names = pictures.flatMap { [$0.name, digit] }
    let result = try infer(names)
    #expect(result.status == 1)
    #expect(lines(result.output).count { $0 == "\(digit)\t7\t1.0000" } == pictures.count)
    // Nothing at all is read twice or left out.
    #expect(lines(result.output).count + lines(result.error).count == names.count)
    for picture in pictures {
      let answers = lines(result.output).filter { $0.hasPrefix(picture.name + "\t") }
      let errors = lines(result.error).filter { $0.hasPrefix("cnn-infer: \(picture.name): ") }
      #expect(answers.count + errors.count == 1, "\(picture.name)")
      if !picture.isSound { #expect(errors.count == 1, "\(picture.name)") }
    }
    // In JSON each stands in its place.
    let objects = try lines(infer(names + ["--json"]).output).map { try json($0).member("file").string() }
    #expect(objects == names)
  }

  @Test func theCapOnPixelsIsAnOption() throws {
    try folder.write("big.png", OddPNG.file(20_000, 20_000, rows: [0]))
    try folder.write("small.png", gray(20, 20, 0))
    #expect(
      try infer(["big.png"]).error
        == "cnn-infer: big.png: byte 16: the picture has 20000 by 20000 pixels, more than the 67108864 that "
        + "cnn-infer's --max-pixels allows\n")
    // Then its data are looked at.
    let allowed = try infer(["big.png", "--max-pixels", "400000000"])
    #expect(allowed.status == 1)
    #expect(allowed.error.contains("the image data end early: the picture takes 400020000 bytes"))
    // It is a blank picture, which is told of a picture that was decoded.
    #expect(try infer(["small.png", "--max-pixels", "400"]).error.contains("blank"))
    #expect(
      try infer(["small.png", "--max-pixels", "399"]).error
        == "cnn-infer: small.png: byte 16: the picture has 20 by 20 pixels, more than the 399 that "
        + "cnn-infer's --max-pixels allows\n")
    // Long and thin ones may then be as long as they want, and no number is too large.
    try folder.write("long.png", OddPNG.file(1_100_000, 1, rows: [0]))
    #expect(
      try infer(["long.png", "--max-pixels", "9223372036854775807"]).error.contains(
        "the picture takes 1100001 bytes"))
    try expectFailure(
      64, "--max-pixels must be at least 1", "cnn-infer",
      ["--model", Samples.model(), "x.png", "--max-pixels", "0"], in: folder)
  }

  @Test func aFolderWithoutPictures() throws {
    try folder.write("empty/note.txt", "")
    try folder.write("empty/.7.png", "")
    try folder.write("deep/a/b/7.png", TemporaryFolder.read(Samples.digit("7-plain")))
    let result = try infer(["empty", "deep"])
    #expect(result.status == 1)
    #expect(result.output == "deep/a/b/7.png\t7\t1.0000\n")
    #expect(result.error == "cnn-infer: empty: there are no PNG files in the folder\n")
    let object = try json(#require(lines(infer(["--json", "empty"]).output).first))
    #expect(try object.member("file").string() == "empty")
    #expect(try object.member("error").string() == "there are no PNG files in the folder")
  }

  @Test func anUnreadableFileInTheMiddle() throws {
    let digit = try TemporaryFolder.read(Samples.digit("7-plain"))
    let names = (0..<300).map { "d/\($0).png" }
    for (index, name) in names.enumerated() where index != 150 { try folder.write(name, digit) }
    // A link that leads nowhere cannot be opened, whoever runs the tests.
    let result = try shell(
      #"ln -s nowhere d/150.png; cnn-infer --model "$1" d"#, [Samples.model()], in: folder)
    #expect(result.status == 1)
    #expect(
      lines(result.output) == names.filter { $0 != "d/150.png" }.map { "\($0)\t7\t1.0000" })
    #expect(result.error == "cnn-infer: d/150.png: there is no such file\n")
  }
}
