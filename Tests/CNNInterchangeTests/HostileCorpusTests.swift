import CNNCodecs
import CNNInterchange
import CNNTestSupport
import Testing

/// Every hostile file is refused in the words that are expected, in process: what `cnn-inspect` does with it, then what
/// `mnist-convert` does.
@Suite struct HostileCorpusTests {
  /// Names that a terminal would act on are a matter of the tools alone.
  private static let ofToolsAlone = "name"
  /// A hang is told by this; each file takes milliseconds.
  private static let longest = Duration.seconds(5)

  @Test func everyFileIsRefusedAsExpected() throws {
    let folder = try TemporaryFolder()
    let cases = try HostileCorpus.load().filter { $0.format != Self.ofToolsAlone }
    #expect(cases.count > 1000)
    for (index, hostile) in cases.enumerated() {
      // A short name, since some messages repeat it.
      let path = try folder.write("\(index)/\(hostile.name)", hostile.bytes)
      let start = ContinuousClock.now
      let loaded = Result { try Self.inspected(path) }
      Self.check(loaded, hostile.inspectSentence, "cnn-inspect", hostile)
      if case .success(let input) = loaded {
        let converted = Result { try Conversion([input], options: .init(), tool: "test", version: "0") }
        Self.check(converted, hostile.convertSentence, "mnist-convert", hostile)
      }
      let duration = ContinuousClock.now - start
      #expect(!BuildKind.isRelease || duration < Self.longest, "\(hostile.name) took \(duration)")
    }
  }

  /// What an inspection does: everything is read, and a picture is decoded.
  private static func inspected(_ path: String) throws -> LoadedInput {
    let input = try LoadedInput(path: path)
    if case .png(let bytes) = input.content { _ = try PNG.decodeGray(bytes) }
    return input
  }

  private static func check<Success>(
    _ result: Result<Success, any Error>, _ expected: String?, _ tool: String, _ hostile: HostileCorpus.Case
  ) {
    switch result {
    case .success:
      #expect(expected == nil, "\(hostile.name) (\(hostile.attack)): \(tool) takes it")
    case .failure(let error):
      let message = String(describing: error)
      guard let expected else {
        Issue.record("\(hostile.name) (\(hostile.attack)): \(tool) says \(message)")
        return
      }
      #expect(
        expected.isEmpty || message.contains(expected), "\(hostile.name) (\(hostile.attack)): \(tool)")
    }
  }
}
