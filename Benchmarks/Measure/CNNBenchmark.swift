import ArgumentParser
import CNNCodecs
import CNNEngine
import CNNToolSupport

@main
struct CNNBenchmark: CommandLineTool {
  static let configuration = CommandConfiguration(
    commandName: "cnn-benchmark",
    abstract: "Measure the engine on the preset networks, and the machine's peak.",
    discussion: """
      Prints JSON lines with the members that Benchmarks/peers.py prints. Inputs are made up and in memory. A rate \
      is the best of rounds of a third of a second or more; the median is theirs.

        cnn-benchmark train lenet --batch 128 --threads 2 --seconds 3
        cnn-benchmark infer deep-convnet --batch 1000
        cnn-benchmark peak --threads 2
        cnn-benchmark layers deep-convnet
        cnn-benchmark sheets
      """,
    version: toolVersion,
    subcommands: [Train.self, Infer.self, MeasurePeak.self, Layers.self, Sheets.self, Serve.self])

  func execute() throws -> ExitStatus {
    throw ToolFailure("say what to measure: train, infer, peak, layers or sheets", status: .usage)
  }

  /// Prints one line at once.
  static func say(_ value: JSONValue) throws {
    try StandardStreams.write(JSONWriter.text(of: value) + "\n")
    try StandardStreams.flushOutput()
  }
}

/// What `train` and `infer` have in common.
struct MeasuringArguments: ParsableArguments {
  @Argument(help: "A preset: lenet, simple-convnet, double-convnet, deep-convnet, mlp:WIDTHS.")
  var net: String

  @Option(help: "Images a step or call.")
  var batch = 128

  @Option(help: "How many threads work.")
  var threads = WorkerPool.processorCount

  @Option(help: "For how long to measure.")
  var seconds = 3.0

  @Option(
    help:
      "The kernels' instruction set; those of this machine are tried in turn with 'all'. (default: the best)")
  var kernels: String?

  func validate() throws {
    guard batch >= 1 else { throw ValidationError("--batch must be at least 1") }
    guard (1...1024).contains(threads) else { throw ValidationError("--threads must be from 1 to 1024") }
  }

  func measure(_ task: Subject.Task) throws -> ExitStatus {
    let subject = Subject(task: task, net: net, batch: batch, threads: threads)
    let sets = try kernelSets()
    for set in sets {
      let workload = try subject.workload(kernels: set)
      try CNNBenchmark.say(Measurement(subject, kernels: set, seconds: seconds, workload: workload).json())
    }
    return .success
  }

  private func kernelSets() throws -> [KernelSet] {
    guard let kernels else { return [.best] }
    let sets = KernelSet.available.filter { kernels == "all" || $0.name == kernels }
    guard !sets.isEmpty else {
      let names = KernelSet.available.map(\.name).joined(separator: ", ")
      throw ToolFailure("there are no kernels '\(kernels)' here; there are \(names)", status: .usage)
    }
    return sets
  }
}

struct Train: CommandLineTool {
  static let configuration = CommandConfiguration(
    abstract: "Steps of training: forward, loss, backward, a plain SGD update.")

  @OptionGroup var arguments: MeasuringArguments

  func execute() throws -> ExitStatus { try arguments.measure(.train) }
}

struct Infer: CommandLineTool {
  static let configuration = CommandConfiguration(abstract: "Batches of inference; batch 1 is the latency.")

  @OptionGroup var arguments: MeasuringArguments

  func execute() throws -> ExitStatus { try arguments.measure(.infer) }
}

struct MeasurePeak: CommandLineTool {
  static let configuration = CommandConfiguration(
    commandName: "peak", abstract: "The most float32 multiply-adds that this machine can do, in GFLOP/s.")

  @Option(help: "How many threads work.")
  var threads = WorkerPool.processorCount

  @Option(help: "For how long to measure each instruction set.")
  var seconds = 1.0

  func validate() throws {
    guard (1...1024).contains(threads) else { throw ValidationError("--threads must be from 1 to 1024") }
  }

  func execute() throws -> ExitStatus {
    for peak in Peak.measure(threads: threads, seconds: seconds) { try CNNBenchmark.say(peak.json) }
    return .success
  }
}
