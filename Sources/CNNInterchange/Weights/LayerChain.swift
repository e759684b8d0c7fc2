/// The orders in which layers of one kind can follow one another: each takes as many channels or values as the one
/// before it gives.
struct LayerChain {
  /// The weights' shapes as native files have them: the first extent is what a layer gives, the second what it takes.
  let shapes: [[Int]]

  /// The most layers whose orders are looked for, and the most steps that this may take.
  private static let greatestCount = 64
  private static let greatestStepCount = 20_000

  /// Whether the layers follow one another as they stand.
  var isChained: Bool {
    zip(shapes, shapes.dropFirst()).allSatisfy { $0[0] == $1[1] }
  }

  /// Up to two orders, as places in `shapes`, which differ in more than places of equal layers; nil where looking for
  /// them takes too long.
  var orders: [[Int]]? {
    guard shapes.count <= Self.greatestCount else { return nil }
    var search = Search(shapes: shapes, stepsLeft: Self.greatestStepCount)
    search.go()
    return search.stepsLeft > 0 ? search.found : nil
  }

  /// A depth-first search; no deeper than `greatestCount`.
  private struct Search {
    let shapes: [[Int]]
    var stepsLeft: Int
    var path: [Int] = []
    var isUsed: [Bool]
    var found: [[Int]] = []

    init(shapes: [[Int]], stepsLeft: Int) {
      self.shapes = shapes
      self.stepsLeft = stepsLeft
      isUsed = Array(repeating: false, count: shapes.count)
    }

    mutating func go() {
      guard path.count < shapes.count else {
        found.append(path)
        return
      }
      var tried: Set<[Int]> = []
      for next in shapes.indices where !isUsed[next] {
        stepsLeft -= 1
        guard stepsLeft > 0, found.count < 2 else { return }
        if let last = path.last, shapes[last][0] != shapes[next][1] { continue }
        guard tried.insert(shapes[next]).inserted else { continue }
        isUsed[next] = true
        path.append(next)
        go()
        path.removeLast()
        isUsed[next] = false
      }
    }
  }
}

extension ForeignWeights {
  /// What is said of a file whose order of layers means nothing.
  static let disorderNote = "shapes say that the layers don't stand in the order of the file"

  /// Whether the layers of this kind can follow one another as they stand.
  func isChained(_ kind: ForeignLayer.Kind, layout: ForeignLayout) -> Bool {
    LayerChain(shapes: layers.filter { $0.kind == kind }.map { $0.shape(in: layout) }).isChained
  }

  /// The layers of a kind in the order in which they can follow one another, and what is to be said of it.
  ///
  /// That is the order of the file, or of the numbers in the names, if shapes allow it, else the only one that they
  /// allow. Where shapes allow several and nothing but names tells them apart, the names have to be counted.
  ///
  /// - Throws: `InterchangeError.ambiguousOrder` if they are not.
  func chained(_ layers: [ForeignLayer], layout: ForeignLayout) throws(InterchangeError)
    -> (layers: [ForeignLayer], notes: [String])
  {
    guard order != .native, layers.count > 1 else { return (layers, []) }
    let chain = LayerChain(shapes: layers.map { $0.shape(in: layout) })
    if chain.isChained {
      guard order == .names, chain.orders?.count != 1 else { return (layers, []) }
      return (layers, [try orderFromNames(layers)])
    }
    guard let orders = chain.orders, orders.count == 1 else { return (layers, []) }
    let ordered = orders[0].map { layers[$0] }
    let names = ordered.map(\.name).joined(separator: ", ")
    return (ordered, ["the shapes let layers follow one another in one order alone: \(names)"])
  }

  /// The note that these layers are in the order of their names.
  ///
  /// - Throws: `InterchangeError.ambiguousOrder` if the names are not the same but for numbers.
  func orderFromNames(_ layers: [ForeignLayer]) throws(InterchangeError) -> String {
    let names = layers.map(\.name)
    guard Set(layers.map(\.stem)).count == 1 else { throw .ambiguousOrder(layers: names) }
    return "only their names say in which order these layers stand: \(names.joined(separator: ", "))"
  }
}
