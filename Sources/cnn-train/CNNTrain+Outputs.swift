import ArgumentParser
import CNNFiles
import CNNInsight
import CNNPictures
import CNNToolSupport

extension CNNTrain {
  /// Says a result on standard output, or on standard error where standard output is one of the files to write.
  func tell(_ text: String) throws {
    if outputs.contains(where: { $0.path == "-" }) {
      StandardStreams.writeError(text)
    } else {
      try StandardStreams.write(text)
    }
  }

  /// Draws what the options want to see.
  func show(_ runs: [CurveCharts.Run]) throws {
    if let plot = showing.plot {
      try OutputFile.write(CurveCharts(runs).figure.svg(), to: plot, replacing: running.force)
    }
  }

  /// Removes the checkpoint of a training that is over, unless it was asked for by name.
  func removeOwnCheckpoint() {
    if running.checkpoint == nil, let path = output.flatMap(Self.checkpointPath) { OutputFile.remove(path) }
  }

  /// Writes the page about logs alone.
  func compare(_ runs: [CurveCharts.Run], report: String) throws {
    let page = ReportPage.html(
      comparing: runs, tool: Self.toolName, version: toolVersion,
      command: ReportCollection.ownCommand(tool: Self.toolName))
    try OutputFile.write(page, to: report, replacing: running.force)
  }

  /// The outputs by their options.
  var outputs: [(option: String, path: String?)] {
    [
      ("-o", output), ("--checkpoint", running.checkpoint ?? output.flatMap(Self.checkpointPath)),
      ("--log", running.log), ("--augment-sheet", training.augmentSheet), ("--plot", showing.plot),
      ("--report", showing.report),
    ]
  }

  /// One output must not take the place of another, which might be noticed only when the work is done.
  func checkOutputsDiffer() throws {
    var names: [String: String] = [:]
    for case (let name, let path?) in outputs where path == "-" || OutputFile.isRegular(path) {
      let steps = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
      if let other = names.updateValue(name, forKey: path.hasPrefix("/") ? "/" + steps : steps) {
        throw ValidationError("\(other) and \(name) both name \(path); give each a file of its own")
      }
    }
  }

  /// `model.checkpoint.safetensors` beside `model.safetensors`; nil for outputs that are no files.
  static func checkpointPath(beside output: String) -> String? {
    guard OutputFile.isRegular(output) else { return nil }
    let suffix = ".safetensors"
    let stem = output.hasSuffix(suffix) ? String(output.dropLast(suffix.count)) : output
    return "\(stem).checkpoint\(suffix)"
  }
}
