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
/// of a network follow each other closely and waking a thread takes longer than many a layer; then they sleep. Which
/// thread does which piece is left to chance: a piece must not depend on it.
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
///
/// A thread takes a piece by counting `ticket` down, and only then looks at what the work is: while a piece is taken and
/// not done, the call that it belongs to cannot end. So nobody waits for a thread that is late, on a busy machine say:
/// the others do its pieces, and it finds none left.
private final class SharedState: @unchecked Sendable {
  // Everything but the atomics is guarded by `mutex`, and `body` and `count` by the order in which pieces are taken.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let workArrived = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let workDone = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// Held for the whole of a `run`, so that calls follow one another.
  private let turn = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  private var startedThreads = 0
  private var sleepingThreads = 0
  private var callerSleeps = false
  private var body: ((Int, Int) -> Void)?
  private var count = 0
  /// In the low 32 bits how many pieces are left to take, above them the number of the call; so a thread that looked
  /// long ago takes nothing by mistake. Set with `mutex` held, so that a thread that holds it misses nothing.
  private let ticket = Atomic<UInt64>(0)
  /// How many pieces are not done yet.
  private let pending = Atomic<Int>(0)
  private let isShutDown = Atomic<Bool>(false)
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
    precondition(count <= UInt32.max, "\(count) pieces of work at once")
    pthread_mutex_lock(mutex)
    while startedThreads < threads - 1, startThread(number: startedThreads + 1) { startedThreads += 1 }
    self.body = body
    self.count = count
    pending.store(count, ordering: .relaxed)
    let call = (ticket.load(ordering: .relaxed) >> 32) &+ 1
    ticket.store(call << 32 | UInt64(count), ordering: .releasing)
    if sleepingThreads > 0 { pthread_cond_broadcast(workArrived) }
    pthread_mutex_unlock(mutex)

    takePieces(as: 0)

    if !wait(until: { pending.load(ordering: .acquiring) == 0 }) {
      pthread_mutex_lock(mutex)
      callerSleeps = true
      while pending.load(ordering: .acquiring) > 0 { pthread_cond_wait(workDone, mutex) }
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

  private var hasPieces: Bool { ticket.load(ordering: .acquiring) & 0xFFFF_FFFF > 0 }

  /// Takes and does pieces until none is left.
  private func takePieces(as worker: Int) {
    var seen = ticket.load(ordering: .acquiring)
    while seen & 0xFFFF_FFFF > 0 {
      let (taken, found) = ticket.compareExchange(
        expected: seen, desired: seen - 1, ordering: .acquiringAndReleasing)
      guard taken else {
        seen = found
        continue
      }
      perform(left: Int(seen & 0xFFFF_FFFF), as: worker)
      // Only who does the last piece may have to wake the caller, who falls asleep with the mutex held.
      if pending.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
        pthread_mutex_lock(mutex)
        if callerSleeps { pthread_cond_signal(workDone) }
        pthread_mutex_unlock(mutex)
      }
      seen = ticket.load(ordering: .acquiring)
    }
  }

  /// Does the piece that was taken when so many were left. A function of its own, so that no reference to the work is
  /// held when the piece is reported done: the caller's closure must not outlive its call.
  @inline(never)
  private func perform(left: Int, as worker: Int) {
    body?(count - left, worker)
  }

  /// The life of a thread: wait for work, take pieces of it.
  fileprivate func work(as worker: Int) {
    _ = cnn_denormals_flush()
    while true {
      if !wait(until: { hasPieces || isShutDown.load(ordering: .acquiring) }) {
        pthread_mutex_lock(mutex)
        sleepingThreads += 1
        while !hasPieces, !isShutDown.load(ordering: .acquiring) { pthread_cond_wait(workArrived, mutex) }
        sleepingThreads -= 1
        pthread_mutex_unlock(mutex)
      }
      if isShutDown.load(ordering: .acquiring) { return }
      takePieces(as: worker)
    }
  }

  /// Starts a thread, detached; false if the system gives no more, in which case the others do its work.
  private func startThread(number: Int) -> Bool {
    let start = ThreadStart(state: self, worker: number)
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
        start.state.work(as: start.worker)
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

  init(state: SharedState, worker: Int) {
    self.state = state
    self.worker = worker
  }
}
