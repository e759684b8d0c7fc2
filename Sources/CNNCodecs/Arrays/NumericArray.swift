/// An n-dimensional array of numbers as a foreign file holds it: any element type, either byte order, rows or
/// columns first.
///
/// The elements stay where they are in the file's bytes (arrays of Swift share storage), so an array of a
/// hundred megabytes costs nothing until it is converted. What converts it is in `NumericArray+Conversion.swift`.
public struct NumericArray: Sendable {
  /// The order of the elements in memory.
  public enum MemoryOrder: Sendable, Equatable {
    /// The last index runs fastest (C, NumPy's default).
    case rowMajor
    /// The first index runs fastest (Fortran).
    case columnMajor
  }

  /// The order of the bytes in an element.
  public enum ByteOrder: Sendable, Equatable {
    case littleEndian
    case bigEndian
  }

  /// The type of every element.
  public let elementType: ElementType
  /// The extent of each dimension, outermost first; empty for a single number.
  public let shape: [Int]
  /// Which index runs fastest.
  public let memoryOrder: MemoryOrder
  /// The order of the bytes in an element.
  public let byteOrder: ByteOrder
  /// The bytes that hold the elements, among others: those in `range` count.
  public let storage: [UInt8]
  /// Where in `storage` the elements are.
  public let range: Range<Int>

  /// The greatest number of dimensions: NumPy's own limit.
  public static let maximumRank = 64

  /// An array over `range` of `storage`, or nil if the shape does not fit.
  ///
  /// It fits when no dimension is negative, the rank is at most `maximumRank`, the product of the dimensions
  /// and the element size does not overflow and is exactly the length of `range`, and `range` is in `storage`.
  public init?(
    elementType: ElementType, shape: [Int], memoryOrder: MemoryOrder = .rowMajor,
    byteOrder: ByteOrder = .littleEndian, storage: [UInt8], range: Range<Int>
  ) {
    guard let byteCount = Self.byteCount(elementType: elementType, shape: shape),
      byteCount == range.count, range.lowerBound >= 0, range.upperBound <= storage.count
    else { return nil }
    self.elementType = elementType
    self.shape = shape
    self.memoryOrder = memoryOrder
    self.byteOrder = byteOrder
    self.storage = storage
    self.range = range
  }

  /// How many bytes `shape` takes with elements of `elementType`.
  ///
  /// Returns nil for a negative dimension, too high a rank, or a product beyond `Int`. The product is taken
  /// over the non-zero dimensions too, so that a zero cannot hide an absurd shape.
  public static func byteCount(elementType: ElementType, shape: [Int]) -> Int? {
    guard shape.count <= maximumRank else { return nil }
    var product = elementType.byteCount
    var isEmpty = false
    for dimension in shape {
      guard dimension >= 0 else { return nil }
      if dimension == 0 {
        isEmpty = true
        continue
      }
      let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
      guard !overflow else { return nil }
      product = next
    }
    return isEmpty ? 0 : product
  }

  /// How many elements there are.
  public var elementCount: Int { range.count / elementType.byteCount }
}
