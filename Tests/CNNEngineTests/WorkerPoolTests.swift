import CNNModelFile
import Testing

@testable import CNNEngine

/// Nothing here is locked: what the pool promises is all that keeps the counts right, and a thread sanitizer says so
/// when it does not.
@Suite struct WorkerPoolTests {
  /// Numbers that several threads change without a lock.
  private final class Counts: @unchecked Sendable {
    // Safe only if the pool keeps its promises, which is what is tested.
    private let memory: UnsafeMutableBufferPointer<Int>

    init(_ count: Int) {
      memory = .allocate(capacity: count)
      memory.initialize(repeating: 0)
    }

    deinit { memory.deallocate() }

    var values: [Int] { Array(memory) }

    /// Adds slowly, so that an addition at the same time on another thread would be lost.
    func add(_ value: Int, at index: Int) {
      let old = memory[index]
      var waste = value
      for step in 0..<200 { waste = waste &* 31 &+ step }
      memory[index] = waste == 1 ? old : old + value
    }
  }

  /// Calls `body` on `count` threads of the test's own, and waits for them.
  private func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<count { group.addTask { body(index) } }
    }
  }

  @Test(arguments: [1, 2, 3, 16]) func everyPieceIsDoneOnceByAWorkerOfItsOwn(threads: Int) {
    let pool = WorkerPool(threadCount: threads)
    for count in [0, 1, 2, 5, 1000] {
      let pieces = Counts(count)
      let workers = Counts(threads)
      pool.run(count) { piece, worker in
        pieces.add(1, at: piece)
        workers.add(1, at: worker)
      }
      #expect(pieces.values == [Int](repeating: 1, count: count))
      #expect(workers.values.reduce(0, +) == count)
    }
  }

  @Test func callsFromSeveralThreadsFollowOneAnother() async {
    let pool = WorkerPool(threadCount: 3)
    let callers = Counts(8)
    let workers = Counts(3)
    await concurrently(8) { caller in
      for _ in 0..<50 {
        pool.run(20) { _, worker in workers.add(1, at: worker) }
        callers.add(1, at: caller)
      }
    }
    #expect(callers.values == [Int](repeating: 50, count: 8))
    #expect(workers.values.reduce(0, +) == 8 * 50 * 20)
  }

  @Test func aSessionAnswersSeveralThreadsAtOnce() async throws {
    var numbers = SeededNumbers(seed: 31)
    let network = try makeNetwork(
      inputShape: [1, 12, 12],
      [
        (
          "conv",
          .conv2d(.init(inputChannels: 1, outputChannels: 5, kernelSize: .init(3, 3), padding: .init(all: 1)))
        ),
        ("pool", .maxPool2d(.init(kernelSize: .init(2, 2)))), ("flatten", .flatten),
        ("fc", .linear(.init(inputFeatures: 180, outputFeatures: 7))),
      ], numbers: &numbers)
    let inputs = (0..<6).map { _ in numbers.floats(40 * 144) }
    let session = try InferenceSession(network, pool: WorkerPool(threadCount: 3))
    let alone = inputs.map { session.logits(for: FloatInputs($0, inputCount: 144)) }
    let wrong = Counts(6)
    await concurrently(6) { caller in
      let source = FloatInputs(inputs[caller], inputCount: 144)
      for _ in 0..<10 where session.logits(for: source) != alone[caller] {
        wrong.add(1, at: caller)
      }
    }
    #expect(wrong.values == [Int](repeating: 0, count: 6))
  }

  @Test func poolsComeAndGo() {
    for round in 0..<100 {
      let pool = WorkerPool(threadCount: 4)
      let pieces = Counts(10)
      if round % 3 > 0 { pool.run(10) { piece, _ in pieces.add(piece, at: piece) } }
      #expect(pieces.values.reduce(0, +) == (round % 3 > 0 ? 45 : 0))
    }
  }
}
