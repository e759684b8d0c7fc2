/// A group of an HDF5 file: links with names.
///
/// Groups may contain each other and themselves: whoever walks through them must keep account of where it has been
/// (by `id`), as `HDF5File.datasets()` does.
public struct HDF5Group: Sendable {
  /// A name in the group.
  public struct Link: Sendable {
    /// Where it leads.
    public enum Target: Sendable {
      /// To an object of this file.
      case object(HDF5Object)
      /// To whatever is at a path of this file. It is not followed.
      case soft(path: String)
      /// Into another file, or to something that only a program knows.
      case foreign
    }

    /// The name. Bytes that are no UTF-8 became U+FFFD.
    public let name: String
    /// Where it leads.
    public let target: Target
  }

  let contents: HDF5Contents
  let index: Int

  /// The group's number in its file.
  public var id: Int { index }

  /// The index of the group's header in the file, for messages about it.
  public var offset: Int { contents.nodes[index].offset }

  /// The group's links: by name in old-style and large groups, as they were made in small new-style ones.
  public var links: [Link] {
    rawLinks.map { link in
      switch link.target {
      case .object(let index): Link(name: link.name, target: .object(HDF5Object(contents, index)))
      case .soft(let path): Link(name: link.name, target: .soft(path: path))
      case .foreign: Link(name: link.name, target: .foreign)
      }
    }
  }

  /// The group's attributes, in the order of the file.
  public var attributes: [HDF5Attribute] { contents.nodes[index].attributes }

  /// The attribute with a name, compared by its UTF-8 bytes; nil if there is none.
  public func attribute(named name: String) -> HDF5Attribute? {
    attributes.first { $0.name.isExactly(name) }
  }

  /// The object at a path from this group on; nil if there is none. Names are compared by their UTF-8 bytes, empty
  /// ones ignored; soft links are not followed.
  public subscript(path: String) -> HDF5Object? {
    var object = HDF5Object(contents, index)
    for name in path.split(separator: "/") {
      guard case .group(let group) = object,
        case .object(let next)? = group.rawLinks.first(where: { $0.name.isExactly(String(name)) })?.target
      else { return nil }
      object = HDF5Object(contents, next)
    }
    return object
  }

  private var rawLinks: [(name: String, target: HDF5Contents.Target)] {
    if case .group(let links) = contents.nodes[index].kind { links } else { [] }
  }
}
