/// The collections of a file that hold texts of variable length, read as they are met.
struct HDF5GlobalHeaps {
  private var collections: [UInt64: [UInt32: Range<Int>]] = [:]

  /// Where the object with a number is, in the collection at `address`.
  mutating func object(
    _ input: HDF5Input, _ number: UInt32, at address: UInt64, namedAt: Int, _ account: inout HDF5Account
  ) throws(HDF5Error) -> Range<Int> {
    if collections[address] == nil {
      collections[address] = try Self.collection(input, at: address, namedAt: namedAt, &account)
    }
    guard let range = collections[address]?[number] else {
      throw HDF5Error(
        .malformed(what: "a text's place", problem: "the heap has no object \(number)"), offset: namedAt + 8)
    }
    return range
  }

  private static func collection(
    _ input: HDF5Input, at address: UInt64, namedAt: Int, _ account: inout HDF5Account
  ) throws(HDF5Error) -> [UInt32: Range<Int>] {
    let what = "a global heap"
    let tail = try input.tail(at: address, what, namedAt: namedAt)
    var header = HDF5Cursor(input, tail, what)
    try header.signature("GCOL")
    try header.version(1...1)
    try header.take(3)
    let sizeOffset = header.position
    let size = try header.uint64()
    guard size >= 16 else { throw header.malformed("it has \(size) bytes", at: sizeOffset) }
    let range = try input.range(at: address, count: size, what, namedAt: sizeOffset)
    try account.take(range, what)
    var cursor = HDF5Cursor(input, header.position..<range.upperBound, what)
    var objects: [UInt32: Range<Int>] = [:]
    // What is left at the end may be too little for an object.
    while cursor.remaining >= 16 {
      let start = cursor.position
      let number = UInt32(try cursor.uint16())
      try cursor.take(6)
      let count = try cursor.length("an object's length")
      // Number 0 is what is free, up to the end.
      if number == 0 { break }
      guard objects[number] == nil else {
        throw cursor.malformed("it has two objects \(number)", at: start)
      }
      objects[number] = try cursor.take(count)
      // The last object may lack what fills it up.
      try cursor.take(min((8 - count % 8) % 8, cursor.remaining))
    }
    return objects
  }
}
