/// Pictures in shares of what a thread takes at a time.
///
/// A share is never kept waiting for more pictures: whoever writes paths into a pipe one by one gets an answer to each.
struct PictureShares {
  /// How many pictures a thread takes at a time at most: what goes through a small network together.
  private static let shareLimit = 64
  /// Shares from this size on are multiples of it: so many images go through a network side by side.
  private static let shareStep = 16
  /// How many bytes of pictures wait at most, beside those of one picture.
  private static let heldByteLimit = 8 << 20

  private let source: any PictureSource
  private let threadCount: Int
  private var waiting: [PictureItem] = []
  private var taken = 0
  private var heldByteCount = 0
  private var isAtEnd = false
  private var failure: (any Error)?

  init(_ source: any PictureSource, threadCount: Int) {
    self.source = source
    self.threadCount = threadCount
  }

  /// The next share, or nil at the end.
  ///
  /// - Throws: what the source throws, once all pictures before are through.
  mutating func next() throws -> [PictureItem]? {
    if waitingCount == 0 { _ = fetch(waits: true) }
    lookAhead()
    if waitingCount == 0 {
      if let failure { throw failure }
      return nil
    }
    let share = waiting[taken..<taken + shareSize(for: waitingCount)]
    taken += share.count
    heldByteCount -= share.reduce(0) { $0 + $1.heldByteCount }
    defer {
      if taken >= Self.shareLimit {
        waiting.removeFirst(taken)
        taken = 0
      }
    }
    return Array(share)
  }

  /// Looks ahead, and says whether there is one picture at most.
  mutating func hasOneAtMost() -> Bool {
    if waitingCount == 0 { _ = fetch(waits: true) }
    lookAhead()
    return isAtEnd && waitingCount <= 1
  }

  private var waitingCount: Int { waiting.count - taken }

  private mutating func lookAhead() {
    while waitingCount < Self.shareLimit * threadCount, heldByteCount < Self.heldByteLimit,
      fetch(waits: false)
    {}
  }

  /// Fetches a picture; false if there is none, or none yet.
  private mutating func fetch(waits: Bool) -> Bool {
    guard !isAtEnd else { return false }
    do {
      switch try source.next(waits: waits) {
      case .item(let item):
        waiting.append(item)
        heldByteCount += item.heldByteCount
        return true
      case .notYet: return false
      case .end: break
      }
    } catch {
      failure = error
    }
    isAtEnd = true
    return false
  }

  /// How many pictures of `count` a thread takes at a time: fewer where there would not be some for each.
  private func shareSize(for count: Int) -> Int {
    let share = (count + threadCount - 1) / threadCount
    return min(
      count,
      share < Self.shareStep
        ? share : min(Self.shareLimit, (share + Self.shareStep - 1) / Self.shareStep * Self.shareStep))
  }
}
