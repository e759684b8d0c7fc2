import CNNTestSupport
import Testing

/// A part of the hostile corpus through the executables: exit status, one line on standard error, nothing written.
/// `CNNInterchangeTests` reads all of it, and `scripts/sanitize hostile` gives all of it to both tools.
@Suite struct HostileCorpusTests {
  /// All odd names, and of each format one file in so many.
  private static let stride = 40

  private static func selection() throws -> [HostileCorpus.Case] {
    var counts: [String: Int] = [:]
    return try HostileCorpus.load().filter { hostile in
      counts[hostile.format, default: -1] += 1
      return hostile.format == "name" || (counts[hostile.format] ?? 0).isMultiple(of: stride)
    }
  }

  @Test func toolsRefuseInOneLineAndLeaveNothing() throws {
    for hostile in try Self.selection() {
      let folder = try TemporaryFolder()
      try folder.write(hostile.name, hostile.bytes)
      let path = folder.path(hostile.name)
      let inspected = try ToolRunner.run("cnn-inspect", [path], in: folder)
      Self.check(inspected, "cnn-inspect", hostile.inspectStatus, hostile.inspectSentence, hostile)

      let converted = try ToolRunner.run("mnist-convert", [path, "-o", "out.safetensors"], in: folder)
      Self.check(converted, "mnist-convert", hostile.convertStatus, hostile.convertSentence, hostile)
      #expect(folder.names() == [hostile.name], "\(hostile.name): something is left")
    }
  }

  private static func check(
    _ result: ToolRunner.Result, _ tool: String, _ status: Int32, _ sentence: String?,
    _ hostile: HostileCorpus.Case
  ) {
    #expect(result.status == status, "\(tool) \(hostile.name) (\(hostile.attack)): \(result.error)")
    guard let sentence else { return }
    #expect(sentence.isEmpty || result.error.contains(sentence), "\(tool) \(hostile.name)")
    #expect(result.error.hasPrefix("\(tool): ") && result.error.hasSuffix("\n"))
    #expect(result.output.isEmpty)
    // One line, and nothing in it that a terminal would act on.
    let odd = result.error.unicodeScalars.dropLast().filter {
      [.control, .format].contains($0.properties.generalCategory)
    }
    #expect(odd.isEmpty, "\(tool) \(hostile.name): \(odd)")
  }
}
