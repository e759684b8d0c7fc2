import CNNCodecs

extension FuzzTarget {
  /// All objects of a pickle, within 128 bytes of memory for each byte of input and 8 million objects.
  static let pickle = FuzzTarget("pickle") { bytes in
    _ = Pickle.looksLikePickle(prefix: bytes)
    let pickle = try bounded("pickle", perByte: 128, of: bytes.count) { try Pickle(parsing: bytes) }
    require(pickle.objectCount <= 8_000_000, "there are \(pickle.objectCount) objects")
    for item in pickle.arrayListing(limit: 1000).items {
      require(item.array.range.upperBound <= item.array.storage.count, "an array reaches beyond its bytes")
    }
    var met: Set<Pickle.ID> = []
    var pending = pickle.roots
    while let id = pending.popLast(), met.count < 20_000 {
      guard met.insert(id).inserted else { continue }
      require((0..<bytes.count).contains(pickle.offset(of: id)), "an object was made outside the input")
      look(at: pickle, id)
      if let elements = pickle.elements(of: id) { pending += elements }
      if let entries = pickle.entries(of: id) { pending += entries.flatMap { [$0.key, $0.value] } }
    }
  }

  private static func look(at pickle: Pickle, _ id: Pickle.ID) {
    _ = pickle.typeName(of: id)
    _ = pickle.text(of: id)
    _ = pickle.byteString(of: id)
    _ = pickle.integer(of: id)
    _ = pickle.double(of: id)
    _ = pickle.value(named: "W1", in: id)
    // An integer of many digits takes time in their square.
    if case .integer = pickle.kind(of: id), pickle.integer(of: id) == nil { return }
    if case .array(let array) = pickle.value(of: id) { _ = array.normalized() }
  }
}
