/// All objects of a pickle in flat storage, where they refer to each other by index.
///
/// Nothing in it is nested, so nothing recurses: not reading, not walking, not releasing.
struct PickleArena: Sendable {
  /// The pickle's bytes; texts and array data are ranges of it.
  let input: [UInt8]
  /// Bytes that had to be made: unescaped strings, decoded Latin-1, permuted arrays.
  var derived: [UInt8] = []
  var nodes: [PickleNode] = []
  /// The members of all containers; each has a run of them. Dicts alternate keys and values.
  var children: [Pickle.ID] = []
  var arrays: [PickleArrayRecord] = []
  var torch = TorchRecords()

  init(input: [UInt8]) {
    self.input = input
  }

  subscript(id: Pickle.ID) -> PickleNode {
    get { nodes[Int(id.index)] }
    set { nodes[Int(id.index)] = newValue }
  }

  mutating func add(_ node: PickleNode) -> Pickle.ID {
    nodes.append(node)
    return Pickle.ID(index: UInt32(nodes.count - 1))
  }

  // MARK: Bytes

  /// The bytes of a text, bytes, bytearray, or an integer that is not inline.
  func bytes(of node: PickleNode) -> ArraySlice<UInt8> {
    let range = node.first..<node.first + node.second
    return node.detail == PickleNode.Place.derived ? derived[range] : input[range]
  }

  // MARK: Containers

  /// The number of children of a container.
  func childCount(of node: PickleNode) -> Int { node.second & 0xFFFF_FFFF }

  /// The children of a container; of a dict, keys and values in turn.
  func children(of node: PickleNode) -> ArraySlice<Pickle.ID> {
    children[node.first..<node.first + childCount(of: node)]
  }

  func children(of id: Pickle.ID) -> ArraySlice<Pickle.ID> { children(of: self[id]) }

  /// Appends to a list, dict or set: in place where there is room or the run is the last one, else the run
  /// moves to the end with twice the room, so that appending one by one costs linear time.
  mutating func append(_ items: some Collection<Pickle.ID>, to id: Pickle.ID) {
    var node = self[id]
    let count = childCount(of: node)
    let needed = count + items.count
    var capacity = node.second >> 32
    if needed > capacity {
      if count == 0 || node.first + capacity != children.count {
        let start = children.count
        children.reserveCapacity(roomFor: needed)
        // One by one: a slice of `children` would make the array shared and so copied as a whole.
        for index in node.first..<node.first + count { children.append(children[index]) }
        node.first = start
        // A first run gets no spare room: most containers are filled at once.
        capacity = count == 0 ? needed : max(needed, 2 * count)
      } else {
        capacity = needed
      }
      let filler = Pickle.ID(index: 0)
      for _ in children.count..<node.first + capacity { children.append(filler) }
    }
    var position = node.first + count
    for item in items {
      children[position] = item
      position += 1
    }
    node.second = needed | capacity << 32
    self[id] = node
  }
}

extension Array {
  /// Room for `count` more elements that still grows geometrically.
  mutating func reserveCapacity(roomFor count: Int) {
    let needed = self.count + count
    if needed > capacity { reserveCapacity(Swift.max(needed, 2 * capacity)) }
  }
}
