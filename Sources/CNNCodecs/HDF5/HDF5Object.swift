/// An object of an HDF5 file.
public enum HDF5Object: Sendable {
  /// A group, which names other objects.
  case group(HDF5Group)
  /// An array.
  case dataset(HDF5Dataset)
  /// A datatype with a name, or an object of an unknown kind; the index of its header in the file.
  case other(offset: Int)

  init(_ contents: HDF5Contents, _ index: Int) {
    let node = contents.nodes[index]
    switch node.kind {
    case .group: self = .group(HDF5Group(contents: contents, index: index))
    case .dataset(let description):
      self = .dataset(HDF5Dataset(contents: contents, index: index, description: description))
    case .other: self = .other(offset: node.offset)
    }
  }

  /// The attributes of the object, in the order of the file.
  public var attributes: [HDF5Attribute] {
    switch self {
    case .group(let group): group.attributes
    case .dataset(let dataset): dataset.attributes
    case .other: []
    }
  }

  /// The group, if it is one.
  public var group: HDF5Group? {
    if case .group(let group) = self { group } else { nil }
  }

  /// The dataset, if it is one.
  public var dataset: HDF5Dataset? {
    if case .dataset(let dataset) = self { dataset } else { nil }
  }
}
