import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A wish to stop at the next safe point: the first SIGINT or SIGTERM. A second one ends the process at once.
public enum StopRequest {
  /// From now on the two signals are wishes.
  public static func install() {
    for number in [SIGINT, SIGTERM] {
      setHandler(number) { number in
        if receivedSignal.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
      }
    }
  }

  private static func setHandler(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    #if canImport(Glibc)
      Glibc.signal(number, handler)
    #elseif canImport(Musl)
      Musl.signal(number, handler)
    #else
      Darwin.signal(number, handler)
    #endif
  }

  /// The signal that came, or nil.
  public static var signal: Int32? {
    let number = receivedSignal.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}

/// The number of the first signal; 0 before it comes.
private let receivedSignal = Atomic<Int32>(0)
