import CBenchmark
import CNNCodecs
import CNNEngine

/// The machine's peak in float32 multiply-adds, each counted as two operations.
struct Peak {
  /// The instruction set.
  let name: String
  /// What one thread reaches, in GFLOP/s: the best round.
  let oneThread: Double
  /// What all threads reach together.
  let allThreads: Double
  /// How many threads that were.
  let threads: Int

  /// Measures all instruction sets that the processor has, the narrowest first.
  static func measure(threads: Int, seconds: Double) -> [Peak] {
    var peaks: [Peak] = []
    let pool = WorkerPool(threadCount: threads)
    while let set = cnn_peak_at(Int32(peaks.count))?.pointee {
      let turns: Int64 = 1 << 20
      let operations = 2e-9 * Double(turns * set.multiply_adds)
      let one = Rounds(units: operations, seconds: seconds) { count in
        for _ in 0..<count { _ = set.run(turns) }
      }
      let all = Rounds(units: operations * Double(threads), seconds: seconds) { count in
        for _ in 0..<count { pool.run(threads) { _, _ in _ = set.run(turns) } }
      }
      peaks.append(
        Peak(name: String(cString: set.name), oneThread: one.best, allThreads: all.best, threads: threads))
    }
    return peaks
  }

  var json: JSONValue {
    .object([
      .init("instruction_set", .string(name)), .init("threads", .integer(threads)),
      .init("gflops_one_thread", .number((oneThread * 10).rounded() / 10)),
      .init("gflops", .number((allThreads * 10).rounded() / 10)),
    ])
  }
}
