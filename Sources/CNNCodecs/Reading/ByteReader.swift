/// The one bounds-checked reader that every codec parses from.
///
/// It walks over a part of an array without copying it. Every read either gives the value or throws
/// `InputEndsEarly` with the position and leaves the reader where it was; nothing here can trap on bad input.
public struct ByteReader: Sendable {
  /// The whole array, of which `position..<end` is still to be read.
  public let bytes: [UInt8]
  /// The index in `bytes` of the next byte.
  public private(set) var position: Int
  /// The index in `bytes` behind the last byte that may be read.
  public let end: Int

  /// A reader over all of `bytes`.
  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    self.position = 0
    self.end = bytes.count
  }

  /// A reader over `range` of `bytes`; positions stay those of the whole array.
  ///
  /// The range is clamped to the array.
  public init(_ bytes: [UInt8], in range: Range<Int>) {
    let clamped = range.clamped(to: 0..<bytes.count)
    self.bytes = bytes
    self.position = clamped.lowerBound
    self.end = clamped.upperBound
  }

  /// How many bytes are left.
  public var remaining: Int { end - position }
  /// True when every byte has been read.
  public var isAtEnd: Bool { position >= end }

  /// The next byte without taking it, or nil at the end.
  public var nextByte: UInt8? { position < end ? bytes[position] : nil }

  /// Takes `count` bytes and returns their range in `bytes`.
  ///
  /// - Throws: `InputEndsEarly`, also for a negative count, which no input can satisfy.
  public mutating func readRange(count: Int, _ what: @autoclosure () -> String) throws(InputEndsEarly)
    -> Range<Int>
  {
    guard count >= 0, count <= remaining else {
      throw InputEndsEarly(position: position, needed: count, available: remaining, what: what())
    }
    let start = position
    position += count
    return start..<position
  }

  /// Takes one byte.
  public mutating func readUInt8(_ what: @autoclosure () -> String) throws(InputEndsEarly) -> UInt8 {
    guard position < end else {
      throw InputEndsEarly(position: position, needed: 1, available: 0, what: what())
    }
    defer { position += 1 }
    return bytes[position]
  }

  /// Takes a little-endian integer.
  public mutating func readLittleEndian<T: FixedWidthInteger>(
    _ type: T.Type, _ what: @autoclosure () -> String
  ) throws(InputEndsEarly) -> T {
    let range = try readRange(count: MemoryLayout<T>.size, what())
    return bytes.withUnsafeBytes {
      T(littleEndian: $0.loadUnaligned(fromByteOffset: range.lowerBound, as: T.self))
    }
  }

  /// Takes a big-endian integer.
  public mutating func readBigEndian<T: FixedWidthInteger>(
    _ type: T.Type, _ what: @autoclosure () -> String
  ) throws(InputEndsEarly) -> T {
    let range = try readRange(count: MemoryLayout<T>.size, what())
    return bytes.withUnsafeBytes {
      T(bigEndian: $0.loadUnaligned(fromByteOffset: range.lowerBound, as: T.self))
    }
  }

  /// Takes the bytes up to and including the next `byte`, and returns the range of those before it.
  ///
  /// - Throws: `InputEndsEarly` if `byte` does not occur any more.
  public mutating func readRange(through byte: UInt8, _ what: @autoclosure () -> String)
    throws(InputEndsEarly) -> Range<Int>
  {
    var index = position
    while index < end {
      if bytes[index] == byte {
        let range = position..<index
        position = index + 1
        return range
      }
      index += 1
    }
    throw InputEndsEarly(position: position, needed: remaining + 1, available: remaining, what: what())
  }
}
