import CNNTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The README's console blocks are run, and print what the README shows.
///
/// In a block a line `$ command` is run, and the lines up to the next such line, or to the block's end, are what it
/// prints on standard output and standard error together; a line `...` stands for any number of lines. All blocks are
/// run one after another in one folder, in which `samples` is that of the repository.
@Suite struct ReadmeTests {
  private static let readme = RepositoryPaths.root + "/README.md"

  private struct Step {
    let line: Int
    var command: String
    var expected: [String]
  }

  /// Commands that build or fetch something, and those that need rights.
  private static let notRun = ["./scripts/", "git ", "sudo ", "swift "]

  private static let steps: [Step] = {
    guard let bytes = try? TemporaryFolder.read(readme) else { return [] }
    var steps: [Step] = []
    var isInBlock = false
    let text = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in text.enumerated() {
      if line.hasPrefix("```") {
        isInBlock = line == "```console"
      } else if isInBlock, line.hasPrefix("$ ") {
        steps.append(Step(line: index + 1, command: String(line.dropFirst(2)), expected: []))
      } else if isInBlock, let last = steps.indices.last {
        if steps[last].command.hasSuffix("\\"), steps[last].expected.isEmpty {
          steps[last].command.append("\n\(line)")
        } else {
          steps[last].expected.append(String(line))
        }
      }
    }
    return steps
  }()

  @Test(.enabled(if: !steps.isEmpty, "README.md has no console block"))
  func theCommandsPrintWhatTheReadmeShows() throws {
    let folder = try TemporaryFolder()
    #expect(symlink(Samples.folder, folder.path("samples")) == 0)
    for step in Self.steps where !Self.notRun.contains(where: step.command.hasPrefix) {
      let result = try ToolRunner.run("/bin/bash", ["-c", "exec 2>&1\n" + step.command], in: folder)
      let printed = lines(result.output)
      #expect(
        Self.matches(printed[...], step.expected[...]),
        """
        README.md, line \(step.line): $ \(step.command)
        prints
        \(printed.joined(separator: "\n"))
        and should print
        \(step.expected.joined(separator: "\n"))
        """)
    }
  }

  /// Whether `lines` are what `pattern` shows, where a line `...` stands for any number of lines.
  private static func matches(_ lines: ArraySlice<String>, _ pattern: ArraySlice<String>) -> Bool {
    guard let first = pattern.first else { return lines.isEmpty }
    if first == "..." {
      return (lines.startIndex...lines.endIndex).contains { matches(lines[$0...], pattern.dropFirst()) }
    }
    return lines.first == first && matches(lines.dropFirst(), pattern.dropFirst())
  }

  @Test func ellipsesStandForAnyLines() {
    #expect(Self.matches(["a", "b", "c"], ["a", "...", "c"]))
    #expect(Self.matches(["a", "c"], ["a", "...", "c"]))
    #expect(Self.matches(["a"], ["..."]))
    #expect(!Self.matches(["a", "b"], ["...", "a"]))
    #expect(!Self.matches(["a", "b"], ["a"]))
    #expect(!Self.matches([], ["a"]))
  }
}
