/// Texts in datasets and attributes. Bytes that are no UTF-8 become U+FFFD.
enum HDF5Text {
  /// A text that fills `bytes` with what does not belong to it.
  static func fixed(_ bytes: ArraySlice<UInt8>, _ padding: HDF5Type.Padding) -> String {
    var text = bytes
    switch padding {
    case .zeroTerminated: if let end = bytes.firstIndex(of: 0) { text = bytes[..<end] }
    case .zeros: while text.last == 0 { text.removeLast() }
    case .spaces: while text.last == UInt8(ascii: " ") { text.removeLast() }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The texts whose places stand in `places`, 16 bytes each: a length, a global heap's address and a number in it.
  ///
  /// In a sound file each text has an object of its own, so all texts take no more bytes than the file has, and
  /// they are held to that.
  static func variable(
    _ input: HDF5Input, _ places: Range<Int>, _ heaps: inout HDF5GlobalHeaps, _ account: inout HDF5Account
  ) throws(HDF5Error) -> [String] {
    var cursor = HDF5Cursor(input, places, "a text's place")
    var texts: [String] = []
    texts.reserveCapacity(places.count / 16)
    while cursor.remaining > 0 {
      let start = cursor.position
      let count = Int(try cursor.uint32())
      let addressOffset = cursor.position
      let address = try cursor.uint64()
      let number = try cursor.uint32()
      // A text that was never written has no place.
      guard count > 0, address != 0, address != HDF5Input.undefinedAddress else {
        guard count == 0 else { throw HDF5Error(.noAddress(what: "a text"), offset: addressOffset) }
        texts.append("")
        continue
      }
      let object = try heaps.object(input, number, at: address, namedAt: addressOffset, &account)
      guard count <= object.count else {
        throw HDF5Error(.dataLength(what: "a text", expected: count, found: object.count), offset: start)
      }
      let bytes = object.lowerBound..<object.lowerBound + count
      try account.chargeName(bytes)
      texts.append(fixed(input.bytes[bytes], .zeroTerminated))
    }
    return texts
  }
}
