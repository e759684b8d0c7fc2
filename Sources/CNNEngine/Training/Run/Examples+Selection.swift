import CNNCodecs
import CNNModelFile

extension Examples {
  /// A split of a native data set, or nil if there is none with labels.
  ///
  /// - Parameters:
  ///   - split: `train`, `valid` or `test`.
  ///   - preprocessing: what makes bytes the network's input; inputs that are preprocessed already stay as they are.
  public init?(_ dataset: ModelFile, split: String, preprocessing: Preprocessing) {
    guard let images = dataset.tensor(named: "\(split).images"),
      let labels = dataset.tensor(named: "\(split).labels")?.integers(), images.shape.count >= 3
    else { return nil }
    let picture = Array(images.shape.dropFirst())
    let shape = picture.count == 2 ? [1] + picture : picture
    let classes = labels.map { Int($0) }
    if images.elementType == .uint8 {
      self.init(pixels: images.bytes, inputShape: shape, labels: classes, preprocessing: preprocessing)
    } else {
      self.init(inputs: images.floats(), inputShape: shape, labels: classes)
    }
  }

  /// The first `count` examples, or all if there are fewer.
  public func first(_ count: Int) -> Examples {
    count >= self.count ? self : selecting(Array(0..<max(count, 0)))
  }

  /// The examples of some classes, which are numbered anew in the order given.
  public func keepingClasses(_ classes: [Int]) -> Examples {
    let places = Dictionary(classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let kept = selecting(labels.indices.filter { places[labels[$0]] != nil })
    return kept.relabelled { places[$0] ?? 0 }
  }

  /// The first `count` examples of each class, in their order.
  public func first(_ count: Int, ofEachOf classes: Int) -> Examples {
    var left = [Int](repeating: count, count: classes)
    return selecting(
      labels.indices.filter { index in
        let label = labels[index]
        guard left.indices.contains(label), left[label] > 0 else { return false }
        left[label] -= 1
        return true
      })
  }

  /// Two parts: all but `fraction` of the examples, and the rest, chosen by the seed; both in their order.
  public func split(fraction: Double, seed: UInt64) -> (kept: Examples, held: Examples) {
    var order = Array(0..<count)
    var random = RandomStream(seed: seed, purpose: .selection)
    random.shuffle(&order)
    let held = Int((Double(count) * fraction).rounded())
    return (selecting(order[held...].sorted()), selecting(order[..<held].sorted()))
  }

  /// The classes below `classes` that no example has.
  public func missingClasses(below classes: Int) -> [Int] {
    let present = Set(labels)
    return (0..<classes).filter { !present.contains($0) }
  }
}
