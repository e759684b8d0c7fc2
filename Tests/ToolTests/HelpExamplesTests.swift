import CNNTestSupport
import Testing

/// The help's prose names only what there is.
@Suite struct HelpExamplesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The options in a text: `--top-k` and the like, and `-o`.
  private func options(in text: Substring) -> Set<String> {
    var options: Set<String> = []
    for word in text.split(whereSeparator: { !($0.isASCII && ($0.isLetter || $0 == "-")) }) {
      let name = word.drop { $0 == "-" }
      if word.hasPrefix("--") ? !name.isEmpty : word.hasPrefix("-") && name.count == 1 {
        options.insert(String(word))
      }
    }
    return options
  }

  @Test(arguments: AllToolsTests.names) func everyOptionInAnExampleExists(_ tool: String) throws {
    let help = try run(tool, ["--help"], in: folder).output
    let usage = try #require(help.firstRange(of: "\nUSAGE: "))
    // A tool with many options has sections of its own before the common one.
    let sections = help[usage.upperBound...]
    var declared: Set<String> = []
    for line in sections.split(separator: "\n") where line.hasPrefix("  -") {
      // What is declared stands in the first column, which two spaces end, before the name of its value.
      let declaration = line.dropFirst(2)
      let column = declaration.firstRange(of: "  ").map { declaration[..<$0.lowerBound] } ?? declaration
      declared.formUnion(options(in: column.prefix { $0 != "<" }))
    }
    #expect(declared.isSuperset(of: ["--help", "--version", "-h"]))
    let named = options(in: help[..<usage.lowerBound])
    #expect(!named.isEmpty)
    #expect(named.subtracting(declared).isEmpty)
    // An option's text may refer to others.
    #expect(options(in: sections).subtracting(declared).isEmpty)
    // And there are examples.
    #expect(help[..<usage.lowerBound].contains("\n  \(tool) "))
  }
}
