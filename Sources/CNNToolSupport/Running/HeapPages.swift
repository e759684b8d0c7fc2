import CHeap

/// Where a tool's memory comes from.
public enum HeapPages {
  /// What it takes to read a small model and a picture.
  private static let byteCount = 12 << 20

  /// Asks for the first megabytes of the heap in large pages: for a tool whose whole life takes a few milliseconds, of
  /// which the first touch of each page of 4 kB would be a third.
  ///
  /// To be called first of all.
  public static func prepare() {
    cheap_prepare(byteCount)
  }
}
