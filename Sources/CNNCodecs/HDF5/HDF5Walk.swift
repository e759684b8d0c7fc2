/// Reads all objects that can be reached from the root group.
struct HDF5Walk {
  private let input: HDF5Input
  private var account: HDF5Account
  private var heaps = HDF5GlobalHeaps()
  private var nodes: [HDF5Contents.Node] = []
  /// The objects to read, the first ones of which have been; and their places in the file.
  private var queue: [(address: UInt64, namedAt: Int)] = []
  private var indices: [UInt64: Int] = [:]

  /// Reads the objects of the file that begins with `superblock`.
  static func contents(_ superblock: HDF5Superblock) throws(HDF5Error) -> HDF5Contents {
    var walk = HDF5Walk(superblock.input)
    try walk.account.take(superblock.range, "the superblock")
    _ = try walk.index(of: superblock.rootAddress, namedAt: superblock.rootAddressOffset)
    while walk.nodes.count < walk.queue.count {
      let next = walk.queue[walk.nodes.count]
      walk.nodes.append(try walk.node(at: next.address, namedAt: next.namedAt))
    }
    guard case .group = walk.nodes[0].kind else {
      throw HDF5Error(
        .malformed(what: "the root group", problem: "the object there is no group"),
        offset: walk.nodes[0].offset)
    }
    return HDF5Contents(input: superblock.input, nodes: walk.nodes)
  }

  private init(_ input: HDF5Input) {
    self.input = input
    account = HDF5Account(input)
  }

  /// The number of the object at `address`, which is read later if it is a new one.
  private mutating func index(of address: UInt64, namedAt: Int) throws(HDF5Error) -> Int {
    if let index = indices[address] { return index }
    guard queue.count < HDF5File.maximumObjectCount else {
      throw HDF5Error(
        .limitExceeded(what: "objects", maximum: HDF5File.maximumObjectCount), offset: namedAt)
    }
    indices[address] = queue.count
    queue.append((address, namedAt))
    return queue.count - 1
  }

  private mutating func node(at address: UInt64, namedAt: Int) throws(HDF5Error) -> HDF5Contents.Node {
    let header = try HDF5ObjectHeader(input, at: address, namedAt: namedAt, &account)
    let attributes = try attributes(of: header)
    let kind: HDF5Contents.Kind
    if let links = try links(of: header) {
      kind = .group(try named(links))
    } else if try header.message(.layout, "the data's layout") != nil {
      kind = .dataset(try HDF5DatasetDescription(input, header, &account))
    } else {
      kind = .other
    }
    return HDF5Contents.Node(offset: header.offset, kind: kind, attributes: attributes)
  }

  private mutating func attributes(of header: HDF5ObjectHeader) throws(HDF5Error) -> [HDF5Attribute] {
    var attributes: [HDF5Attribute] = []
    var names = Set<ArraySlice<UInt8>>()
    func add(_ range: Range<Int>) throws(HDF5Error) {
      var cursor = HDF5Cursor(input, range, "an attribute")
      let attribute = try HDF5Attribute(input, parsing: &cursor, &heaps, &account)
      guard names.insert(ArraySlice(attribute.name.utf8)).inserted else {
        throw HDF5Error(.duplicateName(attribute.name), offset: attribute.offset)
      }
      attributes.append(attribute)
    }
    for message in header.messages where message.kind == .attribute {
      guard !message.isShared else {
        throw HDF5Error(
          .unsupported("an attribute that objects share"), offset: message.range.lowerBound)
      }
      try add(message.range)
    }
    if let info = try header.message(.attributeInfo, "attributes") {
      for range in try HDF5DenseStorage.attributes(input, info, &account) { try add(range) }
    }
    return attributes
  }

  /// The links of a group; nil if the object is none.
  private mutating func links(of header: HDF5ObjectHeader) throws(HDF5Error) -> [HDF5RawLink]? {
    if let message = try header.message(.symbolTable, "its symbol table") {
      var cursor = message.cursor(input, "a symbol table message")
      return try HDF5SymbolTable.links(input, parsing: &cursor, &account)
    }
    var links: [HDF5RawLink]?
    if let info = try header.message(.linkInfo, "links") {
      links = []
      for range in try HDF5DenseStorage.links(input, info, &account) {
        var cursor = HDF5Cursor(input, range, "a link")
        let link = try HDF5RawLink(input, parsing: &cursor, &account)
        links?.append(link)
      }
    }
    for message in header.messages where message.kind == .link {
      var cursor = message.cursor(input, "a link")
      let link = try HDF5RawLink(input, parsing: &cursor, &account)
      if links == nil { links = [] }
      links?.append(link)
    }
    return links
  }

  /// Reads the links' names and gives numbers to the objects they lead to.
  private mutating func named(_ links: [HDF5RawLink]) throws(HDF5Error) -> [(
    name: String, target: HDF5Contents.Target
  )] {
    var result: [(name: String, target: HDF5Contents.Target)] = []
    result.reserveCapacity(links.count)
    var names = Set<ArraySlice<UInt8>>()
    for link in links {
      let start = link.name.lowerBound
      try account.chargeName(link.name)
      let bytes = input.bytes[link.name]
      let name = String(decoding: bytes, as: UTF8.self)
      guard !bytes.isEmpty, !bytes.contains(UInt8(ascii: "/")), !bytes.contains(0) else {
        throw HDF5Error(
          .malformed(what: "a link's name", problem: "\(name.quotedForMessage) is none"), offset: start)
      }
      guard names.insert(bytes).inserted else { throw HDF5Error(.duplicateName(name), offset: start) }
      switch link.target {
      case .hard(let address, let namedAt):
        result.append((name, .object(try index(of: address, namedAt: namedAt))))
      case .soft(let path): result.append((name, .soft(path)))
      case .foreign: result.append((name, .foreign))
      }
    }
    return result
  }
}
