#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How long epochs take by a clock that nobody sets: learning and validation, without the writing of files.
public struct EpochTimes: Sendable {
  /// The seconds of every epoch that began and ended in this process, by its number.
  public private(set) var seconds: [Int: Double] = [:]
  /// The seconds from the beginning to the end of the last epoch, files included; nil before it.
  public private(set) var total: Double?
  private var beginning: Double?
  private var epochBeginning: Double?

  /// Nothing is measured yet.
  public init() {}

  /// The training begins or goes on.
  ///
  /// - Parameter isWithinEpoch: whether its first epoch began in another process, so that its time is not known.
  mutating func begin(isWithinEpoch: Bool) {
    let now = Self.now
    beginning = now
    epochBeginning = isWithinEpoch ? nil : now
  }

  /// An epoch is over.
  mutating func end(epoch: Int) {
    let now = Self.now
    if let epochBeginning { seconds[epoch] = now - epochBeginning }
    total = beginning.map { now - $0 }
  }

  /// What was to be written behind an epoch is written; the next one begins.
  mutating func beginNext() { epochBeginning = Self.now }

  /// Seconds of a monotonic clock.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
