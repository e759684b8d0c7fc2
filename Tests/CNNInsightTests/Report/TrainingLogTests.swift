import CNNCodecs
import CNNInsight
import Testing

@Suite struct TrainingLogTests {
  private static let sound = """
    {"learning_rate":0.001,"step":4,"train_accuracy":0.13,"train_loss":2.35}
    {"epoch":1,"learning_rate":0.001,"step":4,"train_accuracy":0.125,"train_loss":null,"valid_accuracy":0.5,"valid_loss":2}
    {"epoch":2,"learning_rate":0.0005,"step":8,"train_accuracy":1,"train_loss":1e-3}

    """

  private func log(_ text: String) throws(TrainingLogError) -> TrainingLog {
    try TrainingLog(parsing: Array(text.utf8))
  }

  @Test func linesOfStepsAndOfEpochs() throws {
    let log = try log(Self.sound)
    #expect(
      log.records == [
        .init(step: 4, learningRate: 0.001, trainLoss: 2.35, trainAccuracy: 0.13),
        .init(
          epoch: 1, step: 4, learningRate: 0.001, trainLoss: nil, trainAccuracy: 0.125, validLoss: 2,
          validAccuracy: 0.5),
        .init(epoch: 2, step: 8, learningRate: 0.0005, trainLoss: 0.001, trainAccuracy: 1),
      ])
    #expect(log.epochs.map(\.epoch) == [1, 2])
    #expect(log.steps.map(\.step) == [4])
    // What is read is what is written.
    let written = log.records.map { JSONWriter.text(of: $0.json) + "\n" }.joined()
    #expect(written == Self.sound.replacing("1e-3", with: "0.001"))
  }

  @Test func whatMayBeOtherwise() throws {
    let sound = try log(Self.sound)
    #expect(try log(String(Self.sound.dropLast())) == sound)
    #expect(try log(Self.sound.replacing("\n", with: "\r\n")) == sound)
    #expect(try log(Self.sound.replacing("{\"epoch\":2", with: " {\"host\":[1,{}], \"epoch\":2")) == sound)
    #expect(try log(#"{"step":1,"valid_loss":0.5}"#).records == [.init(step: 1, validLoss: 0.5)])
  }

  @Test func damage() {
    let line = #"{"step":1,"train_loss":1}"# + "\n"
    let failures: [(text: String, line: Int, offset: Int, problem: TrainingLogError.Problem)] = [
      ("", 1, 0, .empty),
      (
        line + "{", 2, 27,
        .json(JSONError(position: 27, problem: .endsEarly(wanted: "a name in quotation marks")))
      ),
      (line + "\n" + line, 2, 26, .json(JSONError(position: 26, problem: .endsEarly(wanted: "a value")))),
      (
        line + "x\n", 2, 26, .json(JSONError(position: 26, problem: .unexpectedByte(0x78, wanted: "a value")))
      ),
      (
        #"{"step":1,"step":2}"#, 1, 10, .json(JSONError(position: 10, problem: .duplicateName("step")))
      ),
      ("[]", 1, 0, .content(JSONContentError(path: "", problem: "should be an object, and is an array"))),
      (#"{"train_loss":1}"#, 1, 0, .content(JSONContentError(path: "step", problem: "is missing"))),
      (
        #"{"step":0,"train_loss":1}"#, 1, 0,
        .content(JSONContentError(path: "step", problem: "should be from 1 to 9007199254740992, and is 0"))
      ),
      (
        #"{"step":1.5,"train_loss":1}"#, 1, 0,
        .content(JSONContentError(path: "step", problem: "should be an integer, and is 1.5"))
      ),
      (
        line + #"{"step":2,"train_loss":"1"}"#, 2, 26,
        .content(JSONContentError(path: "train_loss", problem: "should be a number, and is a string"))
      ),
      (line + #"{"step":2,"train_loss":null}"#, 2, 26, .saysNothing),
      (line + line, 2, 26, .stepOutOfOrder(1, after: 1)),
      (
        #"{"epoch":1,"step":1,"lr":1,"train_loss":1}"# + "\n" + line, 2, 43, .stepOutOfOrder(1, after: 1)
      ),
      (
        #"{"epoch":3,"step":3,"train_loss":1}"# + "\n" + #"{"step":4,"train_loss":1}"# + "\n"
          + #"{"epoch":3,"step":6,"train_loss":1}"#, 3, 62, .epochOutOfOrder(3, after: 3)
      ),
    ]
    for (text, line, offset, problem) in failures {
      let error = #expect(throws: TrainingLogError.self, "\(text)") { try log(text) }
      #expect(error == TrainingLogError(line: line, position: offset, problem: problem), "\(text)")
    }
    let error = TrainingLogError(line: 3, position: 80, problem: .stepOutOfOrder(1, after: 2))
    #expect("\(error)" == "line 3: step 1 stands behind step 2, and the steps of a log go up")
  }

  @Test func limits() throws {
    let long = #"{"step":1,"train_loss":1,"x":""#
    let end = "\"}\n"
    func line(_ length: Int) -> [UInt8] {
      Array(long.utf8) + [UInt8](repeating: 0x78, count: length - long.utf8.count - 2) + Array(end.utf8)
    }
    #expect(try TrainingLog(parsing: line(TrainingLog.maximumLineLength)).records.count == 1)
    var error = #expect(throws: TrainingLogError.self) {
      try TrainingLog(parsing: line(TrainingLog.maximumLineLength + 1))
    }
    #expect(error == TrainingLogError(line: 1, position: 0, problem: .lineTooLong(limit: 65_536)))
    error = #expect(throws: TrainingLogError.self) {
      try TrainingLog(parsing: [UInt8](repeating: 0x20, count: TrainingLog.maximumByteCount + 1))
    }
    #expect(error?.problem == .tooLarge(limit: 1 << 26))
  }

  @Test func anyBytesGiveALogOrAnError() {
    let sound = Array(Self.sound.utf8)
    var generator = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 0...UInt64.max, using: &generator)
    var state = seed
    func next() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33)
    }
    for _ in 0..<2_000 {
      var bytes = sound
      for _ in 0...next() % 3 where !bytes.isEmpty {
        switch next() % 3 {
        case 0: bytes[next() % bytes.count] = UInt8(next() % 256)
        case 1: bytes.remove(at: next() % bytes.count)
        default: bytes = Array(bytes.prefix(1 + next() % bytes.count))
        }
      }
      do {
        let log = try TrainingLog(parsing: bytes)
        #expect(!log.records.isEmpty)
      } catch {
        #expect((1...4).contains(error.line) && (0...bytes.count).contains(error.position), "seed \(seed)")
      }
    }
  }

  @Test func knownByItsContent() {
    func isLog(_ text: String) -> Bool { TrainingLog.isLog(beginning: Array(text.utf8)) }
    #expect(isLog(Self.sound) && isLog("\n {") && isLog("{"))
    #expect(!isLog("") && !isLog(" \n") && !isLog("[1]") && !isLog("}q\u{0}."))
    // A safetensors file whose header has 123 bytes begins with the same character.
    #expect(!TrainingLog.isLog(beginning: [0x7B, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x22]))
  }

  @Test func whatIsLeftOfAnEarlierLog() {
    let bytes = Array((Self.sound + #"{"step":12,"train_lo"#).utf8)
    #expect(TrainingLog(keeping: 100, of: bytes).records.map(\.step) == [4, 4, 8])
    #expect(TrainingLog(keeping: 7, of: bytes).records.map(\.step) == [4, 4])
    #expect(TrainingLog(keeping: 7, of: [0, 1, 2]).records.isEmpty)
  }
}
