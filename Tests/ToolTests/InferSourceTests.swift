import CNNCodecs
import CNNTestSupport
import Testing

/// Where `cnn-infer` takes pictures from: folders in folders, lists of paths, tar archives.
@Suite struct InferSourceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func infer(_ arguments: String..., input: [UInt8]? = nil) throws -> ToolRunner.Result {
    try run("cnn-infer", ["--model", Samples.model()] + arguments, in: folder, input: input)
  }

  private func names(_ result: ToolRunner.Result) -> [String] {
    lines(result.output).map { String($0.prefix { $0 != "\t" }) }
  }

  private func writeSevens(_ names: String...) throws {
    let digit = try TemporaryFolder.read(Samples.digit("7-plain"))
    for name in names { try folder.write(name, digit) }
  }

  @Test func foldersInFolders() throws {
    try writeSevens("d/10.png", "d/9/b.png", "d/9/a10.png", "d/9/a9.png", "d/11/x/1.png", "d/.hidden/1.png")
    let result = try shell(
      #"ln -s . d/circle; ln -s 9/b.png d/link.png; cnn-infer --model "$1" d"#, [Samples.model()], in: folder)
    #expect(result.error == "")
    #expect(
      names(result) == [
        "d/9/a9.png", "d/9/a10.png", "d/9/b.png", "d/10.png", "d/11/x/1.png", "d/link.png",
      ])
  }

  @Test func listsOfPaths() throws {
    try writeSevens("a.png", "with space.png", "new\nline.png", "d/1.png", "d/2.png")
    let expected = ["a.png", "with space.png", "missing.png", "d/1.png", "d/2.png", "a.png"]
    let list = "a.png\nwith space.png\n\nmissing.png\nd\na.png"
    try folder.write("list", list)
    for end in ["", "\n"] {
      for result in [
        try infer("--files-from", "-", "--json", input: Array((list + end).utf8)),
        try infer("--files-from", "list", "--json"),
      ] {
        #expect(result.status == 1)
        #expect(try lines(result.output).map { try json($0).member("file").string() } == expected)
      }
    }
    let zeros = try infer("-0", "--files-from", "-", input: Array("a.png\0new\nline.png\0d".utf8))
    #expect(zeros.status == 0)
    #expect(names(zeros) == ["a.png", "new\\nline.png", "d/1.png", "d/2.png"])
    // What is named on the command line comes first.
    #expect(
      try names(infer("d/2.png", "--files-from", "-", "--null", input: Array("a.png\0".utf8)))
        == ["d/2.png", "a.png"])
    let nothing = try infer("--files-from", "-", input: [])
    #expect(nothing.status == 0 && nothing.output == "" && nothing.error == "")
  }

  @Test func aListWhoseLinesEndInTwoCharacters() throws {
    try writeSevens("a.png", "b.png")
    let result = try infer("--files-from", "-", input: Array("a.png\r\nb.png\r\n".utf8))
    #expect(names(result) == ["a.png", "b.png"])
  }

  @Test func aListThatIsNone() throws {
    let model = try Samples.model()
    try folder.write("noise", [UInt8](repeating: 0x41, count: 200_000))
    try expectFailure(
      65, "noise: a path has more than 65536 bytes; is this a list of paths?", "cnn-infer",
      ["--model", model, "--files-from", "noise"], in: folder)
    try expectFailure(
      66, "missing: there is no such file", "cnn-infer", ["--model", model, "--files-from", "missing"],
      in: folder)
    try expectFailure(
      64, "- stands for standard input, which can be read only once", "cnn-infer",
      ["--model", model, "-", "--files-from", "-"], in: folder)
    try expectFailure(
      64, "--null says how --files-from is to be read, which is not there", "cnn-infer",
      ["--model", model, "x.png", "-0"], in: folder)
  }

  @Test func pathsThatAreNone() throws {
    try writeSevens("-", "a.png")
    let result = try infer("--files-from", "-", input: Array("-\n./-\na.png\0a.png\na.png".utf8))
    #expect(result.status == 1)
    #expect(result.output == "./-\t7\t1.0000\na.png\t7\t1.0000\n")
    #expect(
      lines(result.error) == [
        "cnn-infer: -: a list cannot name standard input; a file called - is ./-",
        "cnn-infer: a.png\\u{0}a.png: there is a zero byte in the path; --null is for lists that have them",
      ])
    // What comes before a list that breaks is answered.
    let noise = String(repeating: "x", count: 100_000)
    let broken = try infer("a.png", "--files-from", "-", input: Array("a.png\na.png\n\(noise)".utf8))
    #expect(broken.status == 65)
    #expect(lines(broken.output).count == 3)
  }

  /// What is named on the command line is answered although the list has not begun.
  @Test func aListThatHasNotBegun() throws {
    try writeSevens("7.png")
    let script = #"""
      mkfifo paths answers
      timeout 30 cnn-infer --model "$1" 7.png --files-from paths > answers &
      exec 4< answers 3> paths
      read -r answer <&4; echo "$answer"; echo 7.png >&3; exec 3>&-; cat <&4
      """#
    let result = try shell(script, [Samples.model()], in: folder)
    #expect(result.output == "7.png\t7\t1.0000\n7.png\t7\t1.0000\n")
  }

  @Test(arguments: ["1", "2", "5"]) func manyPathsKeepTheirOrder(threads: String) throws {
    try writeSevens("a.png", "b.png", "c.png")
    let paths = (0..<1000).map { $0 % 97 == 0 ? "missing-\($0)" : ["a.png", "b.png", "c.png"][$0 % 3] }
    let result = try infer(
      "--files-from", "-", "--json", "--threads", threads, input: Array(paths.joined(separator: "\n").utf8))
    #expect(try lines(result.output).map { try json($0).member("file").string() } == paths)
  }

  /// Whoever writes one path and waits for the answer gets it: nothing waits for more paths or for a full buffer.
  @Test func everyPathIsAnsweredAtOnce() throws {
    let script = #"""
      mkfifo paths answers
      timeout 30 cnn-infer --threads 2 --model "$1" --files-from paths > answers & shift
      exec 4< answers 3> paths
      for path; do echo "$path" >&3; read -r answer <&4; echo "$answer"; done
      printf "%s" "$1" >&3; exec 3>&-; cat <&4; wait $!; echo "status $?"
      """#
    let digits = ["7-plain", "missing", "0-plain", "9-large"].map(Samples.digit)
    let paths = [digits[0], digits[2], digits[3]]
    let result = try shell(script, [Samples.model()] + paths, in: folder)
    #expect(result.error == "")
    #expect(
      lines(result.output) == [
        "\(paths[0])\t7\t1.0000", "\(paths[1])\t0\t0.9999", "\(paths[2])\t9\t0.9962",
        "\(paths[0])\t7\t1.0000",
        "status 0",
      ])
  }

  @Test func aListMayNeverEnd() throws {
    try writeSevens("7.png")
    let script =
      #"{ yes 7.png 2> /dev/null | timeout 30 cnn-infer --model "$1" --files-from -; echo "status $?" >&2; } | head -n 2"#
    let result = try shell(script, [Samples.model()], in: folder)
    #expect(result.output == "7.png\t7\t1.0000\n7.png\t7\t1.0000\n")
    #expect(result.error == "status 0\n")
  }

  @Test func tarArchives() throws {
    try writeSevens("d/b/10.png", "d/a.png", "d/.hidden.png", "d/note.txt")
    let long = "d/" + String(repeating: "n", count: 150) + ".png"
    try writeSevens(long)
    let members = "d/b/10.png d/note.txt d/.hidden.png \(long) d/a.png"
    for format in ["ustar", "pax", "gnu"] {
      let kept = format == "ustar" ? members.replacing(" \(long)", with: "") : members
      let expected = ["d/b/10.png"] + (format == "ustar" ? [] : [long]) + ["d/a.png"]
      for compression in ["", "z"] {
        let script = #"""
          tar c\#(compression)f d.tar --format=\#(format) \#(kept)
          cnn-infer --model "$1" d.tar; cat d.tar | cnn-infer --model "$1" -
          tar c\#(compression) --format=\#(format) \#(kept) | cnn-infer --model "$1" --json -
          """#
        let result = try shell(script, [Samples.model()], in: folder)
        #expect(result.error == "")
        let answers = lines(result.output)
        try #require(answers.count == 3 * expected.count)
        let text = expected.map { "\($0)\t7\t1.0000" }
        #expect(Array(answers.prefix(2 * expected.count)) == text + text)
        #expect(
          try answers.suffix(expected.count).map { try json($0).member("file").string() } == expected)
      }
    }
  }

  @Test func archivesThatAreBad() throws {
    try writeSevens("1.png", "2.png", "3.png", "note.txt")
    try folder.write("bad.png", "no picture")
    let script = #"""
      tar cf whole.tar 1.png bad.png 2.png; head -c 2000 whole.tar > cut.tar
      tar cf none.tar note.txt
      cnn-infer --model "$1" --csv whole.tar cut.tar none.tar 3.png
      """#
    let result = try shell(script, [Samples.model()], in: folder)
    #expect(result.status == 1)
    #expect(
      lines(result.output).map { $0.split(separator: ",", maxSplits: 3).first.map(String.init) } == [
        "file", "1.png", "bad.png", "2.png", "1.png", "bad.png", "cut.tar", "none.tar", "3.png",
      ])
    #expect(
      result.output.contains(
        "\nbad.png,,,byte 0: this is no PNG: it does not begin with PNG's signature\n"))
    #expect(result.output.contains("\nnone.tar,,,there are no PNG files in the archive\n"))
    #expect(result.output.contains("the input ends early"))
  }

  /// An entry of an archive is answered before the next one comes.
  @Test func everyEntryIsAnsweredAtOnce() throws {
    try writeSevens("1.png", "2.png")
    let size = try folder.read("1.png").count
    let script = #"""
      tar cf d.tar --format=ustar 1.png 2.png; mkfifo entries answers
      timeout 30 cnn-infer --threads 2 --model "$1" - < entries > answers &
      exec 3> entries 4< answers
      head -c "$2" d.tar >&3; read -r answer <&4; echo "$answer"
      tail -c "+$(($2 + 1))" d.tar >&3; exec 3>&-; cat <&4; wait $!; echo "status $?"
      """#
    let first = 512 + (size + 511) / 512 * 512
    let result = try shell(script, [Samples.model(), "\(first)"], in: folder)
    #expect(result.output == "1.png\t7\t1.0000\n2.png\t7\t1.0000\nstatus 0\n")
  }
}
