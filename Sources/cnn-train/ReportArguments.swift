import ArgumentParser
import CNNCodecs
import CNNToolSupport

/// The options that show how a training went.
struct ReportArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Write a page about the training: curves, mistakes, filters, histograms, the command; of logs among the inputs the \
      curves beside them, and of logs alone, without -o, these alone. A training that is stopped writes none until it is \
      gone on with.
      """, valueName: "file.html"), completion: .file(extensions: ["html"]))
  var report: String?

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
  var showsLogs: Bool { plot != nil || report != nil }

  /// - Parameter log: the option `--log`.
  func check(log: String?) throws {
    try OutputSuffix.check(plot, ".svg", only: "of charts")
    try OutputSuffix.check(report, ".html", only: "of reports")
    guard let logEvery else { return }
    guard (1...1 << 40).contains(logEvery) else { throw ValidationError("--log-every must be at least 1") }
    guard log != nil || showsLogs else {
      throw ValidationError("--log-every goes with --log, --plot or --report")
    }
  }

  /// The options in force that a config file may hold, under their names.
  var members: [JSONValue.Member] {
    [
      .init("report", report.map { .string($0) } ?? .null),
      .init("plot", plot.map { .string($0) } ?? .null),
      .init("log-every", logEvery.map { .integer($0) } ?? .null),
    ]
  }
}
