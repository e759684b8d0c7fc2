import CNNTestSupport
import Testing

/// SIGINT and SIGTERM while a tool waits for a pipe.
@Suite struct SignalTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Sends `signal` to a tool that reads the named pipe `pipe`. Opening the pipe for writing returns only when the
  /// tool has opened it for reading, so no time has to be guessed.
  private func interrupt(_ signal: String, _ tool: String, _ arguments: [String]) throws -> ToolRunner.Result
  {
    let script = """
      signal=$1; shift
      mkfifo pipe
      "$@" &
      exec 3>pipe
      printf '\\200\\004' >&3
      kill -s "$signal" $!
      wait $!
      echo "status $?"
      rm pipe
      """
    return try shell(script, [signal, tool] + arguments, in: folder)
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      ["mnist-convert", "pipe", "-o", "m.safetensors"], ["cnn-infer", "--model", "pipe", "pipe"],
      ["cnn-inspect", "pipe"], ["cnn-export-filters", "pipe", "-o", "f.png"],
    ]) func theToolEndsAndLeavesNothing(_ command: [String]) throws
  {
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
      let result = try interrupt(signal, command[0], Array(command.dropFirst()))
      #expect(result.output == "status \(status)\n")
      #expect(result.error == "")
      #expect(folder.names().isEmpty)
    }
  }

  @Test(.timeLimit(.minutes(1))) func theOldFileStays() throws {
    try folder.write("m.safetensors", "old")
    let result = try interrupt("TERM", "mnist-convert", ["pipe", "-o", "m.safetensors", "--force"])
    #expect(result.output == "status 143\n")
    #expect(folder.names() == ["m.safetensors"])
    #expect(try folder.read("m.safetensors") == Array("old".utf8))
  }
}
