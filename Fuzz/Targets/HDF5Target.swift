import CNNCodecs

extension FuzzTarget {
  /// All groups, datasets and attributes of an HDF5 file.
  static let hdf5 = FuzzTarget("hdf5") { bytes in
    let file = try HDF5File(parsing: bytes)
    let entries = try file.datasets()
    var left = 1 << 22
    var failure: (any Error)?
    for entry in entries.prefix(100) {
      for type in [ElementType?.none, .bfloat16] {
        do {
          let array = try entry.dataset.array(limit: left, opaqueAs: type)
          left -= min(left, array.range.count)
        } catch { failure = error }
      }
    }
    var met: Set<Int> = []
    var pending = [file[""] ?? .other(offset: 0)]
    while let object = pending.popLast(), met.count < 1000 {
      for attribute in object.attributes.prefix(100) {
        do { _ = try (attribute.value(), attribute.text(), attribute.texts()) } catch { failure = error }
      }
      guard let group = object.group, met.insert(group.id).inserted else { continue }
      for link in group.links { if case .object(let next) = link.target { pending.append(next) } }
    }
    if let failure { throw failure }
  }
}
