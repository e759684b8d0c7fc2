/// Finds the tensors of a pickle: depth first, with a stack of its own, each container entered once.
struct TorchWalk {
  struct Item {
    let name: String
    let id: Pickle.ID
  }

  /// A container that is being gone through.
  private struct Level {
    let items: ArraySlice<Pickle.ID>
    let isDictionary: Bool
    /// The step that leads to it from the container above.
    let step: String
    /// The index of its group once it has one.
    var group: Int?
    /// The position in `items` of the member that comes next.
    var next: Int
  }

  private let content: TorchContent
  private var isVisited: [Bool]
  private var levels: [Level] = []
  private var tensorCount = 0

  /// The tensors of each container that has some, and the way to it.
  private(set) var groups: [[Item]] = []
  private(set) var paths: [String] = []
  private(set) var values: [TorchFile.Value] = []

  init(_ content: TorchContent) {
    self.content = content
    isVisited = [Bool](repeating: false, count: content.arena.nodes.count)
  }

  mutating func run() throws(TorchError) {
    let arena = content.arena
    switch arena[content.root].kind {
    case .tensor, .array:
      groups = [[Item(name: "", id: content.root)]]
      paths = [""]
    default: enter(content.root, step: "")
    }
    while let level = levels.last {
      let member = level.next + (level.isDictionary ? 1 : 0)
      guard member < level.items.endIndex else {
        levels.removeLast()
        continue
      }
      levels[levels.count - 1].next = member + 1
      try visit(level.items[member], in: level)
    }
  }

  private mutating func visit(_ id: Pickle.ID, in level: Level) throws(TorchError) {
    let arena = content.arena
    switch arena[id].kind {
    case .tensor, .array: try add(id, in: level)
    case .list, .tuple, .dictionary: enter(id, step: step(in: level))
    case .none, .boolean, .integer, .real, .text: note(id, in: level)
    default: break
    }
  }

  private mutating func enter(_ id: Pickle.ID, step: String) {
    let kind = content.arena[id].kind
    guard [.list, .tuple, .dictionary].contains(kind), !isVisited[Int(id.index)] else { return }
    isVisited[Int(id.index)] = true
    let items = content.arena.children(of: id)
    levels.append(
      Level(items: items, isDictionary: kind == .dictionary, step: step, group: nil, next: items.startIndex))
  }

  /// How the member that `level` is at is called.
  private func step(in level: Level) -> String {
    guard level.isDictionary else { return "[\(level.next - level.items.startIndex)]" }
    let key = level.items[level.next]
    let description = content.arena.keyDescription(of: key)
    return content.arena.text(of: key, prefix: 1) == nil ? "[\(description)]" : description
  }

  // MARK: Tensors

  private mutating func add(_ id: Pickle.ID, in level: Level) throws(TorchError) {
    guard tensorCount < TorchFile.greatestTensorCount else {
      throw .tooManyTensors(limit: TorchFile.greatestTensorCount)
    }
    tensorCount += 1
    let item = Item(name: try name(in: level), id: id)
    if let group = level.group {
      groups[group].append(item)
    } else {
      levels[levels.count - 1].group = groups.count
      groups.append([item])
      paths.append(path())
    }
  }

  private func name(in level: Level) throws(TorchError) -> String {
    let arena = content.arena
    guard level.isDictionary else { return step(in: level) }
    let key = level.items[level.next]
    let node = arena[key]
    guard node.kind == .text || node.kind == .bytes else { return step(in: level) }
    guard node.second <= TorchFile.greatestNameLength else {
      throw .nameTooLong(
        limit: TorchFile.greatestNameLength, offset: content.isDecompressed ? nil : node.offset)
    }
    return arena.text(of: key) ?? ""
  }

  /// The way to the container that is being gone through; of more than 16 steps the last 16 behind `…`.
  private func path() -> String {
    let maximumSteps = 16
    var path = levels.count > maximumSteps ? "…" : ""
    for level in levels.dropFirst().suffix(maximumSteps) {
      if !path.isEmpty, level.step.utf8.first != UInt8(ascii: "[") { path += "." }
      path += level.step
    }
    return path
  }

  // MARK: Plain values

  /// Lists a value of the root or of a dict in it.
  private mutating func note(_ id: Pickle.ID, in level: Level) {
    guard level.isDictionary, levels.count <= 2, values.count < TorchFile.greatestValueCount else { return }
    let path = path()
    let step = step(in: level)
    let isIndex = step.utf8.first == UInt8(ascii: "[")
    values.append(
      TorchFile.Value(
        path: path.isEmpty || isIndex ? path + step : path + "." + step,
        text: content.arena.keyDescription(of: id)))
  }
}
