import ArgumentParser
import CNNCodecs
import CNNFiles

/// The options that show how a training went.
struct ReportArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Draw loss, accuracy and learning rate, beside those of logs among the inputs; logs alone, without -o, are drawn \
      without a training.
      """, valueName: "file.svg"), completion: .file(extensions: ["svg"]))
  var plot: String?

  @Option(
    help: ArgumentHelp(
      "A line of the log, and a point of the curves, also for every n steps.", valueName: "n"))
  var logEvery: Int?

  /// Whether something is to be shown that needs no training where there are logs.
  var showsLogs: Bool { plot != nil }

  /// - Parameter log: the option `--log`.
  func check(log: String?) throws {
    if let plot, plot != "-", !plot.lowercased().hasSuffix(".svg"), OutputFile.isRegular(plot) {
      throw ValidationError("'\(plot)' does not end in .svg, the only format of charts")
    }
    guard let logEvery else { return }
    guard (1...1 << 40).contains(logEvery) else { throw ValidationError("--log-every must be at least 1") }
    guard log != nil || showsLogs else { throw ValidationError("--log-every goes with --log or --plot") }
  }

  /// The options in force that a config file may hold, under their names.
  var members: [JSONValue.Member] {
    [
      .init("plot", plot.map { .string($0) } ?? .null),
      .init("log-every", logEvery.map { .integer($0) } ?? .null),
    ]
  }
}
