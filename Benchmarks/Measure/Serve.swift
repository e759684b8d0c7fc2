import ArgumentParser
import CNNEngine
import CNNToolSupport

/// Measures on request, so that rounds can alternate with those of other processes without the cost of starting.
struct Serve: CommandLineTool {
  static let configuration = CommandConfiguration(
    abstract: "Answer requests from standard input, a line each.",
    discussion: """
      A request is TASK NET BATCH THREADS SECONDS, such as 'infer lenet 64 2 0.5'; the answer is one JSON line. \
      What a request needed stays ready for the next of its kind. The end of the input ends the process.
      """)

  func execute() throws -> ExitStatus {
    var ready: [Subject: (Int) throws -> Void] = [:]
    while let line = readLine() {
      let (subject, seconds) = try Self.parse(line)
      let workload = try ready[subject] ?? subject.workload(kernels: .best)
      ready[subject] = workload
      try CNNBenchmark.say(Measurement(subject, kernels: .best, seconds: seconds, workload: workload).json())
    }
    return .success
  }

  private static func parse(_ line: String) throws -> (Subject, seconds: Double) {
    let words = line.split(separator: " ").map(String.init)
    guard words.count == 5, let task = Subject.Task(rawValue: words[0]), let batch = Int(words[2]),
      batch >= 1,
      let threads = Int(words[3]), (1...1024).contains(threads), let seconds = Double(words[4])
    else {
      throw ToolFailure("'\(line)' is not TASK NET BATCH THREADS SECONDS", status: .usage)
    }
    return (Subject(task: task, net: words[1], batch: batch, threads: threads), seconds)
  }
}
