import CNNTestSupport
import Testing

/// What all tools have in common.
@Suite struct AllToolsTests {
  static let names = ["mnist-convert", "cnn-train", "cnn-infer", "cnn-inspect", "cnn-export-filters"]

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: names) func helpSaysWhatTheToolIsFor(_ tool: String) throws {
    let result = try run(tool, ["--help"], in: folder)
    #expect(result.status == 0)
    #expect(result.error == "")
    #expect(try run(tool, ["-h"], in: folder).outputBytes == result.outputBytes)
    // Also where the rest of the command line is wrong.
    #expect(try run(tool, ["--help", "--no-such-option"], in: folder).status == 0)
    #expect(result.output.hasSuffix("\n"))
    #expect(lines(result.output).allSatisfy { $0.count <= 80 || $0.hasPrefix("USAGE: ") })
    for part in ["OVERVIEW: ", "\nUSAGE: \(tool) ", "\nARGUMENTS:\n", "\nOPTIONS:\n", "  -h, --help "] {
      #expect(result.output.contains(part))
    }
  }

  @Test(
    arguments: zip(
      names,
      [
        "OVERVIEW: Convert data sets and weights out of pickles, CSV, IDX and other",
        "OVERVIEW: Train a network on pictures, or fine-tune one.",
        "OVERVIEW: Read digits off PNG pictures, or evaluate a model on labelled data.",
        "OVERVIEW: Say what is in a file, and whether it is whole.",
        "OVERVIEW: Draw what a network learnt, and what it sees, as PNG pictures.",
      ])) func helpBeginsWithOneSentence(_ tool: String, _ sentence: String) throws
  {
    #expect(try lines(run(tool, ["--help"], in: folder).output).first == sentence)
  }

  @Test func theWholeHelpOfOneTool() throws {
    #expect(
      try run("cnn-inspect", ["--help"], in: folder).output == """
        OVERVIEW: Say what is in a file, and whether it is whole.

        Native files (models, checkpoints, data sets) are shown with their layers,
        shapes, parameters, multiply-adds, labels, preprocessing and origin. Foreign
        files that can be read (pickles, npy and npz, HDF5, IDX, CSV, safetensors,
        ONNX, network2's JSON, PNG and the files of PyTorch and Keras, gzipped or not)
        are shown with their arrays and with what they say of themselves. Nothing in a
        pickle is ever run.

          cnn-inspect model.safetensors
          cnn-inspect --verify model.safetensors
          cnn-inspect params.pkl

        USAGE: cnn-inspect <file> [--verify] [--json] [--quiet]

        ARGUMENTS:
          <file>                  The file; - is standard input.

        OPTIONS:
          --verify                Only verify: exit status 0 if checksums cover the
                                  whole file and all agree, 65 if one does not or there
                                  are none.
          --json                  Print the description as one JSON object.
          -q, --quiet             With --verify, print nothing if the file is whole.
          --version               Show the version.
          -h, --help              Show help information.


        """)
  }

  @Test(arguments: names) func versionIsANumber(_ tool: String) throws {
    let result = try run(tool, ["--version"], in: folder)
    #expect(result.status == 0)
    #expect(result.output == "0.1.0\n")
    #expect(result.error == "")
  }

  @Test(arguments: names) func completionsForEveryShell(_ tool: String) throws {
    for (shell, sign) in [("bash", "complete "), ("zsh", "#compdef \(tool)"), ("fish", "complete -c ")] {
      let result = try run(tool, ["--generate-completion-script", shell], in: folder)
      #expect(result.status == 0)
      #expect(result.error == "")
      #expect(result.output.contains(sign), "\(shell)")
      #expect(result.output.contains("version"))
    }
  }

  /// As bash does at a press of the tabulator.
  @Test(arguments: names) func bashCompletesFilesAndOptions(_ tool: String) throws {
    try folder.write("some-digits.safetensors", "")
    let script = #"""
      source <("$1" --generate-completion-script bash)
      for word in some- --vers; do
        COMPREPLY=(); COMP_WORDS=("$1" "$word"); COMP_CWORD=1; COMP_LINE="$1 $word"; COMP_POINT=${#COMP_LINE}
        "_$1" "$1" "$word" "$1"; printf "%s\n" "${COMPREPLY[@]}" | sort -u
      done
      """#
    let result = try ToolRunner.run("/bin/bash", ["-c", script, "bash", tool], in: folder)
    #expect(result.error == "")
    #expect(result.output == "some-digits.safetensors\n--version\n")
  }

  /// A command line for each tool that fails on its input.
  private static let failures: [(tool: String, arguments: [String])] = [
    ("mnist-convert", ["missing", "-o", "out.safetensors"]), ("cnn-infer", ["--model", "missing", "x.png"]),
    ("cnn-inspect", ["missing"]), ("cnn-export-filters", ["missing", "-o", "out.png"]),
  ]

  @Test(arguments: failures.indices) func wrongCommandLines(_ index: Int) throws {
    let (tool, arguments) = Self.failures[index]
    try expectFailure(
      64, "Unknown option '--no-such-option'", tool, arguments + ["--no-such-option"], in: folder)
    let result = try run(tool, [], in: folder)
    #expect(result.status == 64)
    #expect(result.output == "")
    #expect(result.error.hasPrefix("\(tool): Missing expected argument '"))
  }

  @Test(arguments: failures.indices) func anErrorIsOneLineThatNamesToolAndFile(_ index: Int) throws {
    let (tool, arguments) = Self.failures[index]
    if tool == "cnn-infer" { try folder.write("x.png", TemporaryFolder.read(Samples.digit("7-plain"))) }
    try expectFailure(66, "missing: there is no such file", tool, arguments, in: folder)
    #expect(folder.names() == (tool == "cnn-infer" ? ["x.png"] : []))
  }

  @Test(arguments: names) func outputThatNobodyReads(_ tool: String) throws {
    let script = #"{ "$1" --help; echo "status $?" >&2; } | true"#
    let result = try shell(script, [tool], in: folder)
    #expect(result.error == "status 0\n")
  }

  @Test func outputThatCannotBeWritten() throws {
    let script = #"cnn-inspect "$1" >/dev/full; echo "status $?"; cnn-inspect "$1" >&-; echo "status $?""#
    let result = try shell(script, [Samples.model()], in: folder)
    #expect(result.output == "status 74\nstatus 74\n")
    #expect(
      result.error == """
        cnn-inspect: -: writing failed: no space left on device
        cnn-inspect: -: writing failed: bad file descriptor

        """)
  }
}
