import CNNCodecs

/// The objects of groups by name: a table for each group that was looked into, since a file may have a million links.
struct KerasGroupIndex {
  /// The greatest number of names in a list of layers or arrays: more than the layers of any model have.
  static let maximumNameCount = 4096
  private static let maximumNameByteCount = 255

  private var tables: [Int: [String: HDF5Object]] = [:]
  /// The lists of names by group: layers of a model within all ask for the same one.
  private var lists: [Int: [String: [Name]]] = [:]

  /// A name in a list of layers or arrays.
  struct Name {
    let whole: String
    /// What is between its slashes.
    let parts: [String]
  }

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
  mutating func names(_ attribute: String, of group: HDF5Group) throws -> [Name] {
    if let known = lists[group.id]?[attribute] { return known }
    var names: [String] = []
    if let whole = try group.attribute(named: attribute)?.texts() {
      names = whole
    } else {
      let attributes = Dictionary(
        group.attributes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
      // Keras cuts a list only where it is long: no part is empty.
      var part = 0
      while names.count <= Self.maximumNameCount,
        let more = try attributes["\(attribute)\(part)"]?.texts(), !more.isEmpty
      {
        names += more
        part += 1
      }
    }
    guard names.count <= Self.maximumNameCount else {
      throw KerasImportError.tooManyLayers(limit: Self.maximumNameCount)
    }
    let list = names.map { Name(whole: $0, parts: $0.split(separator: "/").map(String.init)) }
    lists[group.id, default: [:]][attribute] = list
    return list
  }
}
