import CNNCodecs
import CNNTestSupport
import Testing

/// Runs a tool in `folder`.
@discardableResult
func run(_ tool: String, _ arguments: [String], in folder: TemporaryFolder, input: [UInt8]? = nil) throws
  -> ToolRunner.Result
{
  try ToolRunner.run(tool, arguments, in: folder, input: input)
}

/// Runs shell commands in `folder`; the tools are in the PATH.
func shell(_ script: String, _ arguments: [String] = [], in folder: TemporaryFolder) throws
  -> ToolRunner.Result
{
  try ToolRunner.run("/bin/sh", ["-c", script, "sh"] + arguments, in: folder)
}

/// Expects that a tool fails with `status`, nothing on standard output and exactly `message`, a line behind the
/// tool's name, on standard error; wrong command lines also have a line that leads to the help.
func expectFailure(
  _ status: Int32, _ message: String, _ tool: String, _ arguments: [String], in folder: TemporaryFolder,
  input: [UInt8]? = nil, hasHint: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let result = try run(tool, arguments, in: folder, input: input)
  #expect(result.status == status, sourceLocation: sourceLocation)
  #expect(result.output == "", sourceLocation: sourceLocation)
  let hint = hasHint && status == 64 && !message.hasPrefix("--architecture")
  #expect(
    result.error == "\(tool): \(message)\n" + (hint ? "See '\(tool) --help' for what can be asked.\n" : ""),
    sourceLocation: sourceLocation)
}

/// The lines of a tool's output, without what follows the last line feed.
func lines(_ text: String) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}

/// The one JSON value that a line is.
func json(_ line: String) throws -> JSONNode {
  JSONNode(try JSONReader.read(Array(line.utf8)))
}

/// The width and height of a PNG file in `folder`.
func pictureSize(_ name: String, in folder: TemporaryFolder) throws -> [Int] {
  let header = try PNG.header(folder.read(name))
  return [header.width, header.height]
}
