public import ArgumentParser
import CNNFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the executables have in common: how they start, fail and end.
///
/// An executable is a `ParsableCommand` that says what to do in `execute()`; errors become one line on standard
/// error, `mnist-convert: params.pkl: byte 4711: ...`, and the exit status that the failure calls for.
public protocol CommandLineTool: ParsableCommand {
  /// Does the work and returns how it went.
  ///
  /// - Throws: any error of the libraries, or `ToolFailure`.
  func execute() throws -> ExitStatus
}

/// The version of all tools, as in `--version` and in the provenance of what they write.
public let toolVersion = "0.1.0"

extension CommandLineTool {
  /// The tool's name.
  public static var toolName: String { configuration.commandName ?? "" }

  /// Parses the command line, runs the tool and ends the process.
  public static func main() {
    runMain()
  }

  /// `main()` with a chance to change the command line before it is parsed.
  ///
  /// - Parameter prepare: gives the arguments to parse for those of the process; what it throws is reported.
  public static func runMain(preparing prepare: ([String]) throws -> [String] = { $0 }) {
    SignalHandling.install()
    let arguments: [String]
    do {
      arguments = try prepare(Array(CommandLine.arguments.dropFirst()))
    } catch {
      let failure = ToolFailure(error)
      report(failure)
      endProcess(failure.status.rawValue)
    }
    let tool: any CommandLineTool
    do {
      var command = try parseAsRoot(arguments)
      guard let parsed = command as? any CommandLineTool else {
        try command.run()
        endProcess(0)
      }
      tool = parsed
    } catch {
      endAfterParsing(error)
    }
    do {
      let status = try tool.execute()
      try StandardStreams.flushOutput()
      endProcess(status.rawValue)
    } catch {
      if let error = error as? FileError, error.isBrokenPipe {
        // Whoever reads the output has had enough. That is no failure.
        endProcess(0)
      }
      try? StandardStreams.flushOutput()
      let failure = ToolFailure(error)
      report(failure)
      endProcess(failure.status.rawValue)
    }
  }

  /// Writes a failure to standard error as one line that begins with the tool's name.
  public static func report(_ failure: ToolFailure) {
    StandardStreams.writeError("\(toolName): \(failure.description.onOneLine)\n")
  }

  /// Writes a note to standard error as one line that begins with the tool's name.
  public static func note(_ text: String) {
    StandardStreams.writeError("\(toolName): \(text.onOneLine)\n")
  }

  /// Help and version go to standard output with status 0; everything else is a wrong command line.
  private static func endAfterParsing(_ error: any Error) -> Never {
    if exitCode(for: error).isSuccess {
      do {
        try StandardStreams.write(fullMessage(for: error) + "\n")
        try StandardStreams.flushOutput()
      } catch {}
      endProcess(0)
    }
    StandardStreams.writeError(
      "\(toolName): \(message(for: error).onOneLine)\nSee '\(toolName) --help' for what can be asked.\n")
    endProcess(ExitStatus.usage.rawValue)
  }
}
