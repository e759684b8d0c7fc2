import CNNCodecs

/// The objects of groups by name: a table for each group that was looked into, since a file may have a million links.
struct KerasGroupIndex {
  /// The greatest number of names in a list of layers or arrays: more than the layers of any model have.
  static let maximumNameCount = 4096
  private static let maximumNameByteCount = 255

  private var tables: [Int: [String: HDF5Object]] = [:]

  /// The object of that name in a group; nil if there is none, or if the name is longer than those of layers are.
  mutating func object(_ name: String, in group: HDF5Group) -> HDF5Object? {
    guard name.utf8.count <= Self.maximumNameByteCount else { return nil }
    if let table = tables[group.id] { return table[name] }
    var table: [String: HDF5Object] = [:]
    for link in group.links where link.name.utf8.count <= Self.maximumNameByteCount {
      if case .object(let object) = link.target { table[link.name] = table[link.name] ?? object }
    }
    tables[group.id] = table
    return table[name]
  }

  /// The object at a path from a group on.
  mutating func object(at path: [String], from group: HDF5Group) -> HDF5Object? {
    var object: HDF5Object? = .group(group)
    for name in path {
      guard let inner = object?.group else { return nil }
      object = self.object(name, in: inner)
    }
    return object
  }

  /// A list of names in an attribute, or in several with numbers behind their names where it is long.
  ///
  /// - Throws: `KerasImportError.tooManyLayers` for lists of absurd length, `HDF5Error` for damaged ones.
  static func names(_ attribute: String, of group: HDF5Group) throws -> [String] {
    var names: [String] = []
    if let whole = try group.attribute(named: attribute)?.texts() {
      names = whole
    } else {
      var part = 0
      while part < maximumNameCount, names.count <= maximumNameCount,
        let more = try group.attribute(named: "\(attribute)\(part)")?.texts()
      {
        names += more
        part += 1
      }
    }
    guard names.count <= maximumNameCount else {
      throw KerasImportError.tooManyLayers(limit: maximumNameCount)
    }
    return names
  }
}
