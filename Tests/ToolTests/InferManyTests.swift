import CNNCodecs
import CNNTestSupport
import Testing

/// What `cnn-infer` does with more pictures than one thread takes at a time.
@Suite struct InferManyTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Names of 200 pictures, every seventh of which is bad or missing, the last among them.
  private func makePictures() throws -> [String] {
    let digits = try ["0-plain", "3-rgb", "9-large"].map { try TemporaryFolder.read(Samples.digit($0)) }
    try folder.write("bad.png", "this is no picture")
    for (index, digit) in digits.enumerated() { try folder.write("\(index).png", digit) }
    return (0..<200).map { index in
      index % 7 == 3 ? (index % 2 == 0 ? "bad.png" : "missing-\(index).png") : "\(index % 3).png"
    }
  }

  @Test(arguments: ["1", "2", "5", "40"])
  func theOrderIsKeptWithFailuresInTheMiddle(threads: String) throws {
    let names = try makePictures()
    let expected = try ["0.png\t0\t0.9999", "1.png\t3\t0.9918", "2.png\t9\t0.9962"].map(lineByName)
    let lines = Dictionary(uniqueKeysWithValues: expected)
    let result = try run(
      "cnn-infer", ["--model", Samples.model(), "--threads", threads] + names, in: folder)
    #expect(result.status == 1)
    #expect(result.output == names.compactMap { lines[$0].map { $0 + "\n" } }.joined())
    #expect(
      result.error
        == names.filter { lines[$0] == nil }.map { name in
          name == "bad.png"
            ? "cnn-infer: bad.png: byte 0: this is no PNG: it does not begin with PNG's signature\n"
            : "cnn-infer: \(name): there is no such file\n"
        }.joined())
  }

  private func lineByName(_ line: String) throws -> (String, String) {
    (String(try #require(line.split(separator: "\t").first)), line)
  }

  @Test func everyLineStandsInItsPlace() throws {
    let names = try makePictures()
    let plain = try shell(#"cnn-infer --threads 3 --model "$@" 2>&1"#, [Samples.model()] + names, in: folder)
      .output
    let places = lines(plain).map { $0.hasPrefix("cnn-infer: ") ? String($0.dropFirst(11)) : $0 }
    #expect(places.map { String($0.prefix { $0 != "\t" && $0 != ":" }) } == names)
    let objects = try run(
      "cnn-infer", ["--json", "--threads", "3", "--model", Samples.model()] + names, in: folder
    ).output
    #expect(try lines(objects).map { try json($0).member("file").string() } == names)
  }

  @Test func anEvaluationOfAFolderCountsEveryPicture() throws {
    let digit = try TemporaryFolder.read(Samples.digit("0-plain"))
    for index in 0..<70 {
      try folder.write("all/0/\(index).png", digit)
      try folder.write("all/1/\(index).png", digit)
    }
    try folder.write("all/1/35.png", "this is no picture")
    let result = try run(
      "cnn-infer", ["--evaluate", "--threads", "3", "--model", Samples.model(), "all"], in: folder)
    #expect(result.status == 1)
    #expect(lines(result.output).first == "accuracy 0.5036 (70/139)")
    #expect(lines(result.error).count == 1)
  }

  @Test func numbersInNamesOfAFolderCountAsNumbers() throws {
    let names = [
      "0.png", "00.png", "01.png", "1.png", "2.png", "10.png", "99999999999999999999.png",
      "100000000000000000000.png", "a.png", "a1.png", "a1b2.png", "a1b10.png", "a2.png", "a10.png", "b.png",
    ]
    for name in names.reversed() { try folder.write("d/" + name, "no picture") }
    let result = try run("cnn-infer", ["--json", "--model", Samples.model(), "d"], in: folder)
    #expect(try lines(result.output).map { try json($0).member("file").string() } == names.map { "d/" + $0 })
  }

  #if os(Linux)
    @Test func outputThatCannotBeWrittenEndsTheWork() throws {
      let longName = String(repeating: "x", count: 200) + ".png"
      let names = [String](repeating: longName, count: 2000)
      let result = try shell(
        #"cnn-infer --json --threads 3 --model "$@" > /dev/full"#, [Samples.model()] + names, in: folder)
      #expect(result.status == 74)
      #expect(lines(result.error).count == 1)
    }
  #endif
}
