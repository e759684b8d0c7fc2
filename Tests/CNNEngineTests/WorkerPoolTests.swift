import CNNModelFile
import Synchronization
import Testing

@testable import CNNEngine

@Suite struct WorkerPoolTests {
  /// Calls `body` on `count` threads of the test's own, and waits for them.
  private func concurrently(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) async {
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<count { group.addTask { body(index) } }
    }
  }

  @Test(arguments: [1, 2, 3, 16]) func everyPieceIsDoneOnceByAWorkerOfItsOwn(threads: Int) {
    let pool = WorkerPool(threadCount: threads)
    for count in [0, 1, 2, 5, 1000] {
      let done = Mutex([Int](repeating: 0, count: count))
      let busy = Mutex([Bool](repeating: false, count: threads))
      pool.run(count) { piece, worker in
        let wasBusy = busy.withLock { workers in
          defer { workers[worker] = true }
          return workers[worker]
        }
        #expect(!wasBusy, "worker \(worker) does two pieces at a time")
        done.withLock { $0[piece] += 1 }
        busy.withLock { $0[worker] = false }
      }
      let times = done.withLock { $0 }
      #expect(times == [Int](repeating: 1, count: count))
    }
  }

  @Test func callsFromSeveralThreadsFollowOneAnother() async {
    let pool = WorkerPool(threadCount: 3)
    let sums = Mutex([Int](repeating: 0, count: 8))
    let mixed = Mutex(0)
    // Whose pieces are under way, and how many.
    let running = Mutex((caller: 0, pieces: 0))
    await concurrently(8) { caller in
      for _ in 0..<50 {
        pool.run(20) { piece, _ in
          running.withLock {
            if $0.pieces > 0, $0.caller != caller { mixed.withLock { count in count += 1 } }
            $0 = (caller, $0.pieces + 1)
          }
          sums.withLock { $0[caller] += piece }
          running.withLock { $0.pieces -= 1 }
        }
      }
    }
    let mixedCount = mixed.withLock { $0 }
    let sumOfEach = sums.withLock { $0 }
    #expect(mixedCount == 0)
    #expect(sumOfEach == [Int](repeating: 50 * 190, count: 8))
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
    let wrong = Mutex(0)
    await concurrently(6) { caller in
      let source = FloatInputs(inputs[caller], inputCount: 144)
      for _ in 0..<10 where session.logits(for: source) != alone[caller] { wrong.withLock { $0 += 1 } }
    }
    let wrongCount = wrong.withLock { $0 }
    #expect(wrongCount == 0)
  }

  @Test func poolsComeAndGo() {
    for round in 0..<100 {
      let pool = WorkerPool(threadCount: 4)
      let sum = Atomic(0)
      if round % 3 > 0 { pool.run(10) { piece, _ in sum.add(piece, ordering: .relaxed) } }
      #expect(sum.load(ordering: .relaxed) == (round % 3 > 0 ? 45 : 0))
    }
  }
}
