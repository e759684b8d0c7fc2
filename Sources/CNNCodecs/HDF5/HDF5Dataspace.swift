/// The shape of a dataset or an attribute.
struct HDF5Dataspace: Sendable {
  /// The extent of each dimension, outermost first; empty for a single element.
  let shape: [Int]
  /// The extents that the dataset may grow to; nil for one without bound.
  let maximumShape: [Int?]
  /// True for a space that has no elements at all.
  let isNull: Bool

  /// The greatest number of dimensions: HDF5's own limit.
  static let maximumRank = 32

  init(parsing cursor: inout HDF5Cursor) throws(HDF5Error) {
    let version = try cursor.version(1...2)
    let rankOffset = cursor.position
    let rank = Int(try cursor.uint8())
    guard rank <= Self.maximumRank else {
      throw cursor.malformed(
        "it has \(rank) dimensions; at most \(Self.maximumRank) are possible", at: rankOffset)
    }
    let flags = try cursor.uint8()
    let kindOffset = cursor.position
    if version == 1 {
      try cursor.take(5)
      isNull = false
    } else {
      let kind = try cursor.uint8()
      guard kind <= 2 else { throw cursor.malformed("its kind is \(kind)", at: kindOffset) }
      isNull = kind == 2
      guard kind == 1 || rank == 0 else {
        throw cursor.malformed("it has \(rank) dimensions, and none by its kind", at: rankOffset)
      }
    }
    var shape: [Int] = []
    for _ in 0..<rank { shape.append(try cursor.length("an extent")) }
    var maximumShape: [Int?] = shape
    if flags & 1 != 0 {
      for axis in 0..<rank {
        let offset = cursor.position
        let maximum = try cursor.uint64()
        guard maximum != .max else {
          maximumShape[axis] = nil
          continue
        }
        guard let extent = Int(exactly: maximum), extent >= shape[axis] else {
          throw cursor.malformed("an extent of \(shape[axis]) exceeds its greatest, \(maximum)", at: offset)
        }
        maximumShape[axis] = extent
      }
    }
    self.shape = shape
    self.maximumShape = maximumShape
  }

  /// How many bytes the elements take, nil beyond `Int`.
  func byteCount(elementByteCount: Int) -> Int? {
    if isNull { return 0 }
    return Self.product(shape, times: elementByteCount)
  }

  /// The sum of two sizes, nil beyond `Int`.
  static func sum(_ first: Int, _ second: Int) -> Int? {
    let (sum, overflow) = first.addingReportingOverflow(second)
    return overflow ? nil : sum
  }

  /// The product of `extents` and `factor`, nil beyond `Int`. A zero does not hide an absurd shape.
  static func product(_ extents: [Int], times factor: Int) -> Int? {
    var product = factor
    for extent in extents where extent != 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      product = next
    }
    return extents.contains(0) ? 0 : product
  }
}
