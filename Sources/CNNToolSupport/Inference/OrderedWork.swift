import CNNEngine

/// Pieces of work that come one after another, are done on all threads, and whose results are handed on in the order
/// in which the pieces came.
///
/// No thread waits for the others at the end of a batch: each takes the next piece as soon as it is through with one,
/// and whoever finishes the piece that is next in line hands on its result, and those behind it that wait for it. A
/// thread that is far ahead of a slow piece does wait, so that memory is bounded for any number of pieces.
struct OrderedWork<Piece, Result> {
  /// Gives the next piece, or nil at the end. Called by one thread at a time; may wait for input.
  let next: () throws -> Piece?
  /// Does a piece. Called by several threads at once; `worker` belongs to one of them at a time.
  let work: (_ piece: Piece, _ worker: Int) -> Result
  /// Takes the results in order. Called by one thread at a time.
  let deliver: (Result) throws -> Void

  /// How many results may wait for an earlier one, for each thread.
  private static var waitingPerThread: Int { 8 }

  /// Does all pieces on the threads of `pool`.
  ///
  /// - Throws: what `next` throws, once all pieces before are delivered; what `deliver` throws, as soon as the pieces
  ///   at work are done, and nothing is delivered after that.
  func run(on pool: WorkerPool) throws {
    let input = Input(next: next)
    let output = Output(deliver: deliver, limit: Self.waitingPerThread * pool.threadCount)
    pool.runKeepingDenormals(pool.threadCount) { _, worker in
      do {
        while let (number, piece) = input.take() {
          guard output.waitForTurn(number) else { break }
          try output.put(work(piece, worker), at: number)
        }
      } catch {
        output.fail(error)
      }
    }
    if let error = output.failure ?? input.failure { throw error }
  }

  /// The pieces with their numbers.
  private final class Input {
    private let next: () throws -> Piece?
    private let lock = Lock()
    private var count = 0
    private var isAtEnd = false
    private(set) var failure: (any Error)?

    init(next: @escaping () throws -> Piece?) { self.next = next }

    func take() -> (number: Int, piece: Piece)? {
      lock.whileHeld {
        guard !isAtEnd else { return nil }
        // Also where `next` throws: then it is not asked again.
        isAtEnd = true
        do {
          guard let piece = try next() else { return nil }
          isAtEnd = false
          count += 1
          return (count - 1, piece)
        } catch {
          failure = error
          return nil
        }
      }
    }
  }

  /// The results that wait for earlier ones.
  private final class Output {
    private let deliver: (Result) throws -> Void
    private let limit: Int
    private let lock = Lock()
    private var waiting: [Int: Result] = [:]
    private var delivered = 0
    private(set) var failure: (any Error)?

    init(deliver: @escaping (Result) throws -> Void, limit: Int) {
      self.deliver = deliver
      self.limit = limit
    }

    /// Waits until piece `number` is close enough to the one that is next in line; false if all is over. The next in
    /// line itself never waits, so the wait has an end.
    func waitForTurn(_ number: Int) -> Bool {
      lock.whileHeld {
        while failure == nil, number - delivered >= limit { lock.wait() }
        return failure == nil
      }
    }

    func put(_ result: Result, at number: Int) throws {
      try lock.whileHeld {
        waiting[number] = result
        while failure == nil, let result = waiting.removeValue(forKey: delivered) {
          try deliver(result)
          delivered += 1
        }
        lock.wakeAll()
      }
    }

    func fail(_ error: any Error) {
      lock.whileHeld {
        if failure == nil { failure = error }
        lock.wakeAll()
      }
    }
  }
}
