/// Keeps account of which bytes of a file have been read as which structure.
///
/// In a sound file every byte belongs to one structure, so all of them together take no more bytes than the file
/// has, and none is met twice. Holding files to that bounds the time and memory of whatever follows addresses:
/// cycles and overlapping structures end in an error.
struct HDF5Account {
  private let available: Int
  private var remaining: Int
  private var remainingForNames: Int
  private var starts: Set<Int> = []

  init(_ input: HDF5Input) {
    available = input.bytes.count
    remaining = available
    remainingForNames = available
  }

  /// Accounts for a structure, which must not have been met.
  mutating func take(_ range: Range<Int>, _ what: String) throws(HDF5Error) {
    guard starts.insert(range.lowerBound).inserted else {
      throw HDF5Error(.usedTwice(what: what), offset: range.lowerBound)
    }
    try charge(range.count, at: range.lowerBound)
  }

  /// Accounts for `count` bytes at `offset` without looking whether they have been met.
  mutating func charge(_ count: Int, at offset: Int) throws(HDF5Error) {
    guard count <= remaining else {
      throw HDF5Error(.structuresExceedInput(available: available), offset: offset)
    }
    remaining -= count
  }

  /// Accounts for a name that is copied out of the file.
  mutating func chargeName(_ range: Range<Int>) throws(HDF5Error) {
    guard range.count <= remainingForNames else {
      throw HDF5Error(.structuresExceedInput(available: available), offset: range.lowerBound)
    }
    remainingForNames -= range.count
  }
}
