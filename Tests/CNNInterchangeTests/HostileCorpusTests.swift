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
      if let input = try? LoadedInput(path: path) {
        let converted = Result { try Conversion([input], options: .init(), tool: "test", version: "0") }
        Self.check(converted, hostile.convertSentence, "mnist-convert", hostile)
      }
      let duration = ContinuousClock.now - start
      #expect(!BuildKind.isRelease || duration < Self.longest, "\(hostile.name) took \(duration)")
    }
  }

  /// What an inspection does: everything is read, pictures and arrays of HDF5 are decoded.
  private static func inspected(_ path: String) throws -> LoadedInput {
    let input = try LoadedInput(path: path)
    switch input.content {
    case .png(let bytes): _ = try PNG.decodeGray(bytes)
    case .hdf5(let file): try decode(file)
    case .keras(let file): try decode(file.weights)
    default: break
    }
    return input
  }

  private static func decode(_ file: HDF5File) throws {
    for entry in try file.datasets() where entry.dataset.elementType != nil {
      _ = try entry.dataset.array()
    }
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
