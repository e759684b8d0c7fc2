import CKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A few threads that share out numbered pieces of work.
///
/// The caller works too, so a pool of one thread starts none; the others are started when there is first work
/// for them, and end with the pool. With no work left they look out for more for some microseconds, since the layers
/// of a network follow each other closely and waking a thread takes longer than many a layer; then they sleep. Which thread does which piece is left to chance:
/// a piece must not depend on it.
public final class WorkerPool: Sendable {
  /// How many threads work, the caller among them.
  public let threadCount: Int
  private let shared: SharedState

  /// A pool of `threadCount` threads, at least one.
  public init(threadCount: Int = WorkerPool.processorCount) {
    self.threadCount = max(1, threadCount)
    shared = SharedState(threadCount: self.threadCount)
  }

  deinit {
    shared.shutDown()
  }

  /// How many processors this process may run on.
  public static let processorCount = Int(cnn_processor_count())

  /// Calls `body(piece, worker)` once for each piece in 0..<count, on all threads, and returns when all are done.
  ///
  /// `worker` is in 0..<threadCount and belongs to one thread at a time: the place for working memory. Denormal
  /// numbers count as zero inside. Calls from several threads at once follow one another; `body` must not call
  /// `run` of the same pool, which would wait for itself.
  public func run(_ count: Int, _ body: (_ piece: Int, _ worker: Int) -> Void) {
    guard count > 0 else { return }
    withoutActuallyEscaping(body) { body in
      shared.run(count: count, threads: min(threadCount, count), body: body)
    }
  }
}

/// What the threads of a pool share. It outlives the pool until the last thread has left.
private final class SharedState: @unchecked Sendable {
  // Everything but the counters below is guarded by `mutex`.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let workArrived = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let workDone = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// Held for the whole of a `run`, so that calls follow one another.
  private let turn = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  private var startedThreads = 0
  private var sleepingThreads = 0
  private var callerSleeps = false
  /// Written before `generation` is, and read behind it.
  private var body: ((Int, Int) -> Void)?
  private var count = 0
  /// The number of the work that is there; changed with `mutex` held, so that a thread that holds it misses nothing.
  private let generation = Atomic<Int>(0)
  private let isShutDown = Atomic<Bool>(false)
  private let busyThreads = Atomic<Int>(0)
  private let nextPiece = Atomic<Int>(0)
  /// How often a thread looks for a change before it sleeps: some tens of microseconds; never where threads have to
  /// share processors, since the one waited for may be waiting for this one's.
  private let patience: Int

  init(threadCount: Int) {
    patience = threadCount <= WorkerPool.processorCount ? 1000 : 0
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(workArrived, nil)
    pthread_cond_init(workDone, nil)
    pthread_mutex_init(turn, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(workArrived)
    pthread_cond_destroy(workDone)
    pthread_mutex_destroy(turn)
    mutex.deallocate()
    workArrived.deallocate()
    workDone.deallocate()
    turn.deallocate()
  }

  func run(count: Int, threads: Int, body: @escaping (Int, Int) -> Void) {
    pthread_mutex_lock(turn)
    defer { pthread_mutex_unlock(turn) }
    let denormals = cnn_denormals_flush()
    defer { cnn_denormals_restore(denormals) }
    if threads == 1 {
      for piece in 0..<count { body(piece, 0) }
      return
    }
    pthread_mutex_lock(mutex)
    while startedThreads < threads - 1, startThread(number: startedThreads + 1) { startedThreads += 1 }
    self.body = body
    self.count = count
    nextPiece.store(0, ordering: .relaxed)
    busyThreads.store(startedThreads, ordering: .relaxed)
    generation.add(1, ordering: .releasing)
    if sleepingThreads > 0 { pthread_cond_broadcast(workArrived) }
    pthread_mutex_unlock(mutex)

    takePieces(count: count, worker: 0, body: body)

    if !wait(until: { busyThreads.load(ordering: .acquiring) == 0 }) {
      pthread_mutex_lock(mutex)
      callerSleeps = true
      while busyThreads.load(ordering: .acquiring) > 0 { pthread_cond_wait(workDone, mutex) }
      callerSleeps = false
      pthread_mutex_unlock(mutex)
    }
    self.body = nil
  }

  func shutDown() {
    pthread_mutex_lock(mutex)
    isShutDown.store(true, ordering: .releasing)
    pthread_cond_broadcast(workArrived)
    pthread_mutex_unlock(mutex)
  }

  /// Looks at a condition again and again for a while; false if it did not come true.
  private func wait(until condition: () -> Bool) -> Bool {
    for _ in 0..<patience {
      if condition() { return true }
      cnn_spin_pause()
    }
    return condition()
  }

  private func takePieces(count: Int, worker: Int, body: (Int, Int) -> Void) {
    while true {
      let piece = nextPiece.add(1, ordering: .relaxed).oldValue
      if piece >= count { return }
      body(piece, worker)
    }
  }

  /// Takes pieces of the work that is there. A function of its own, so that no reference to the work is left when
  /// the thread reports: the caller's closure must not outlive its call.
  @inline(never)
  private func takePart(as worker: Int) {
    if let body { takePieces(count: count, worker: worker, body: body) }
  }

  /// The life of a thread: wait for a new generation of work, take pieces of it, report.
  fileprivate func work(as worker: Int, since generation: Int) {
    _ = cnn_denormals_flush()
    var seen = generation
    func hasNews() -> Bool {
      self.generation.load(ordering: .acquiring) != seen || isShutDown.load(ordering: .acquiring)
    }
    while true {
      if !wait(until: hasNews) {
        pthread_mutex_lock(mutex)
        sleepingThreads += 1
        while !hasNews() { pthread_cond_wait(workArrived, mutex) }
        sleepingThreads -= 1
        pthread_mutex_unlock(mutex)
      }
      if isShutDown.load(ordering: .acquiring) { return }
      seen = self.generation.load(ordering: .acquiring)

      takePart(as: worker)

      // Only the last to report may have to wake the caller, who falls asleep with the mutex held.
      if busyThreads.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
        pthread_mutex_lock(mutex)
        if callerSleeps { pthread_cond_signal(workDone) }
        pthread_mutex_unlock(mutex)
      }
    }
  }

  /// Starts a thread, detached; false if the system gives no more, in which case the others do its work.
  private func startThread(number: Int) -> Bool {
    let start = ThreadStart(
      state: self, worker: number, generation: generation.load(ordering: .relaxed))
    let context = Unmanaged.passRetained(start)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    #if canImport(Darwin)
      var thread: pthread_t?
    #else
      var thread = pthread_t()
    #endif
    let status = pthread_create(
      &thread, &attributes,
      { context in
        #if canImport(Darwin)
          let start = Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue()
        #else
          guard let context else { return nil }
          let start = Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue()
        #endif
        start.state.work(as: start.worker, since: start.generation)
        return nil
      }, context.toOpaque())
    if status != 0 { context.release() }
    return status == 0
  }
}

/// What a new thread is told.
private final class ThreadStart {
  let state: SharedState
  let worker: Int
  let generation: Int

  init(state: SharedState, worker: Int, generation: Int) {
    self.state = state
    self.worker = worker
    self.generation = generation
  }
}
