/// One message of an object header.
struct HDF5Message {
  /// What the message is about. Numbers that are not here are passed over.
  enum Kind: UInt16 {
    case dataspace = 0x01
    case linkInfo = 0x02
    case datatype = 0x03
    case oldFillValue = 0x04
    case fillValue = 0x05
    case link = 0x06
    case externalFiles = 0x07
    case layout = 0x08
    case filters = 0x0B
    case attribute = 0x0C
    case continuation = 0x10
    case symbolTable = 0x11
    case attributeInfo = 0x15
  }

  let kind: Kind
  /// True when the message is kept elsewhere and only its place stands here.
  let isShared: Bool
  /// The message's data.
  let range: Range<Int>

  /// A cursor over the message's data.
  func cursor(_ input: HDF5Input, _ what: String) -> HDF5Cursor { HDF5Cursor(input, range, what) }
}

/// The messages that describe one object.
struct HDF5ObjectHeader {
  /// The index of the header's first byte.
  let offset: Int
  /// The messages in the order of the file, continuations followed.
  private(set) var messages: [HDF5Message] = []

  /// Reads the header at `address`, which stands in the field at `namedAt`.
  init(_ input: HDF5Input, at address: UInt64, namedAt: Int, _ account: inout HDF5Account) throws(HDF5Error) {
    let what = "an object header"
    let tail = try input.tail(at: address, what, namedAt: namedAt)
    offset = tail.lowerBound
    var cursor = HDF5Cursor(input, tail, what)
    if tail.count >= 4, input.bytes[offset] == UInt8(ascii: "O") {
      try readVersion2(&cursor, input, &account)
    } else {
      try readVersion1(&cursor, input, &account)
    }
  }

  // MARK: - Version 1

  private mutating func readVersion1(
    _ cursor: inout HDF5Cursor, _ input: HDF5Input, _ account: inout HDF5Account
  ) throws(HDF5Error) {
    try cursor.version(1...1)
    // Reserved, the number of messages, which the blocks' lengths say as well, and of links to the object.
    try cursor.take(7)
    let byteCount = Int(try cursor.uint32())
    try cursor.take(4)
    let first = try cursor.take(byteCount)
    try account.take(offset..<first.upperBound, cursor.what)
    var blocks = [first]
    var next = 0
    while next < blocks.count {
      var block = HDF5Cursor(input, blocks[next], cursor.what)
      next += 1
      while block.remaining >= 8 {
        let start = block.position
        let type = UInt16(try block.uint16())
        let count = try block.uint16()
        let flags = try block.uint8()
        try block.take(3)
        let range = try block.take(count)
        if let continuation = try add(type, flags: flags, range, at: start, input) {
          try account.take(continuation, "a continuation of an object header")
          blocks.append(continuation)
        }
      }
    }
  }

  // MARK: - Version 2

  private mutating func readVersion2(
    _ cursor: inout HDF5Cursor, _ input: HDF5Input, _ account: inout HDF5Account
  ) throws(HDF5Error) {
    try cursor.signature("OHDR")
    try cursor.version(2...2)
    let flags = try cursor.uint8()
    // Times, and from how many attributes on they are kept elsewhere.
    if flags & 0x20 != 0 { try cursor.take(16) }
    if flags & 0x10 != 0 { try cursor.take(4) }
    let countOffset = cursor.position
    let byteCount = try cursor.unsigned(byteCount: 1 << Int(flags & 3))
    guard byteCount <= UInt64(cursor.remaining) else {
      throw HDF5Error(
        .endsEarly(
          what: cursor.what, needed: Int(clamping: byteCount), available: cursor.remaining),
        offset: countOffset)
    }
    let first = try cursor.take(Int(byteCount))
    try input.verifyChecksum(of: offset..<first.upperBound, cursor.what)
    try account.take(offset..<first.upperBound + 4, cursor.what)
    let hasCreationOrder = flags & 4 != 0
    var blocks = [first]
    var next = 0
    while next < blocks.count {
      var block = HDF5Cursor(input, blocks[next], cursor.what)
      next += 1
      // What is left where no message fits in is a gap.
      while block.remaining >= (hasCreationOrder ? 6 : 4) {
        let start = block.position
        let type = UInt16(try block.uint8())
        let count = try block.uint16()
        let flags = try block.uint8()
        if hasCreationOrder { try block.take(2) }
        let range = try block.take(count)
        if let continuation = try add(type, flags: flags, range, at: start, input) {
          let what = "a continuation of an object header"
          try account.take(continuation, what)
          guard continuation.count >= 8 else {
            throw HDF5Error(.endsEarly(what: what, needed: 8, available: continuation.count), offset: start)
          }
          var inner = HDF5Cursor(input, continuation, what)
          try inner.signature("OCHK")
          let end = continuation.upperBound - 4
          try input.verifyChecksum(of: continuation.lowerBound..<end, what)
          blocks.append(inner.position..<end)
        }
      }
    }
  }

  /// Keeps a message; a continuation's range is returned instead.
  private mutating func add(
    _ type: UInt16, flags: UInt8, _ range: Range<Int>, at start: Int, _ input: HDF5Input
  ) throws(HDF5Error) -> Range<Int>? {
    guard let kind = HDF5Message.Kind(rawValue: type) else {
      // 0x19 is beyond the last type that there is; bit 7 forbids to pass over an unknown one.
      guard flags & 0x80 == 0 || type < 0x19 else {
        throw HDF5Error(.unsupported("an object header's message of type \(type)"), offset: start)
      }
      return nil
    }
    let message = HDF5Message(kind: kind, isShared: flags & 2 != 0, range: range)
    guard kind == .continuation else {
      messages.append(message)
      return nil
    }
    var cursor = message.cursor(input, "a continuation message")
    let namedAt = cursor.position
    let address = try cursor.uint64()
    let count = try cursor.uint64()
    return try input.range(
      at: address, count: count, "a continuation of an object header", namedAt: namedAt)
  }

  /// The only message of a kind, nil if there is none.
  func message(_ kind: HDF5Message.Kind, _ what: String) throws(HDF5Error) -> HDF5Message? {
    var found: HDF5Message?
    for message in messages where message.kind == kind {
      guard found == nil else {
        throw HDF5Error(
          .malformed(what: "an object header", problem: "it has two messages about \(what)"),
          offset: message.range.lowerBound)
      }
      found = message
    }
    return found
  }
}
