/// The arrays of a pickle and where they are in it.
public struct PickleArrayListing: Sendable {
  /// An array and the way to it.
  public struct Item: Sendable {
    /// Names and positions from the root down: `W1`, `[0][1]`, `params.W1`; empty where the root itself is the
    /// array. Long names are cut and control characters escaped; of more than 16 steps the last 16 stand
    /// behind `…`.
    public let path: String
    /// The array's object.
    public let id: Pickle.ID
    /// The array.
    public let array: NumericArray
  }

  /// The arrays in the order of the file's containers; one that is reached in several ways comes once.
  public let items: [Item]
  /// False if there are more arrays than were asked for.
  public let isComplete: Bool
}

extension Pickle {
  /// All arrays in the pickle's values, found without recursion, each container entered once.
  ///
  /// Several pickles in one stream count as a list of them: the first one's paths begin with `[0]`.
  ///
  /// - Complexity: linear in the number of references, and in the number of arrays, at most `limit` of them.
  public func arrayListing(limit: Int = 65_536) -> PickleArrayListing {
    var walk = PickleArrayWalk(pickle: self, limit: limit)
    return walk.run()
  }
}

/// A depth-first walk with a stack of its own.
private struct PickleArrayWalk {
  /// A container that is being gone through.
  private struct Level {
    let items: ArraySlice<Pickle.ID>
    let isDictionary: Bool
    /// The position in `items` of the member that comes next.
    var next: Int
  }

  private let pickle: Pickle
  private let limit: Int
  private var isVisited: [Bool]
  private var levels: [Level] = []
  private var items: [PickleArrayListing.Item] = []

  init(pickle: Pickle, limit: Int) {
    self.pickle = pickle
    self.limit = limit
    isVisited = [Bool](repeating: false, count: pickle.objectCount)
  }

  mutating func run() -> PickleArrayListing {
    if pickle.roots.count == 1 {
      guard visit(pickle.roots[0]) else { return PickleArrayListing(items: [], isComplete: false) }
    } else {
      levels.append(Level(items: pickle.roots[...], isDictionary: false, next: pickle.roots.startIndex))
    }
    while let level = levels.last {
      let member = level.next + (level.isDictionary ? 1 : 0)
      guard member < level.items.endIndex else {
        levels.removeLast()
        continue
      }
      // The level's path component is that of the member before `next`.
      levels[levels.count - 1].next = member + 1
      guard visit(level.items[member]) else { return PickleArrayListing(items: items, isComplete: false) }
    }
    return PickleArrayListing(items: items, isComplete: true)
  }

  /// Enters a container or lists an array; false when the limit is reached.
  private mutating func visit(_ id: Pickle.ID) -> Bool {
    guard !isVisited[Int(id.index)] else { return true }
    isVisited[Int(id.index)] = true
    switch pickle.kind(of: id) {
    case .list, .tuple, .set, .frozenSet, .dictionary:
      let items = pickle.arena.children(of: id)
      levels.append(
        Level(items: items, isDictionary: pickle.kind(of: id) == .dictionary, next: items.startIndex))
    case .array:
      guard items.count < limit else { return false }
      if let array = pickle.array(of: id) {
        items.append(PickleArrayListing.Item(path: path(), id: id, array: array))
      }
    default: break
    }
    return true
  }

  private func path() -> String {
    let maximumSteps = 16
    var path = levels.count > maximumSteps ? "…" : ""
    for level in levels.suffix(maximumSteps) {
      if level.isDictionary {
        let key = level.items[level.next - 2]
        if pickle.text(prefixOf: key) == nil {
          path += "[\(pickle.arena.keyDescription(of: key))]"
        } else {
          path += (path.isEmpty ? "" : ".") + pickle.arena.keyDescription(of: key)
        }
      } else {
        path += "[\(level.next - 1 - level.items.startIndex)]"
      }
    }
    return path
  }
}

extension Pickle {
  /// The beginning of a text or of bytes, or nil for other objects.
  fileprivate func text(prefixOf id: ID) -> String? { arena.text(of: id, prefix: 1) }
}
