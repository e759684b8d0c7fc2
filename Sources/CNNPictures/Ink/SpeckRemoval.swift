import CNNCodecs

/// Tells the parts of one digit from specks: dust, noise, the edge of something else.
///
/// A digit may be broken, so a part is kept for its size or for being near, and dropped only for being small and far,
/// tiny, or much weaker than the rest.
enum SpeckRemoval {
  /// Parts that are this share of the largest are kept wherever they are.
  static let ownRight = 0.3
  /// Parts that are this share of the largest are kept if they are near.
  static let nearby = 0.02
  /// Parts within the box of the others are kept from this share on.
  static let inside = 0.006
  /// What is near: this share of the larger side of the box of the parts.
  static let reach = 0.15
  /// What is far: this share of the larger side. Between the two, parts must be the larger the farther they are.
  static let farReach = 0.6
  /// Parts whose strongest pixel has less than this share of the ink of the largest part's are weak.
  static let weakness = 0.35

  /// For each component whether it belongs to the digit.
  static func kept(_ components: [InkComponent]) -> [Bool] {
    var isKept = [Bool](repeating: false, count: components.count)
    guard let main = components.indices.max(by: { components[$0].mass < components[$1].mass }) else {
      return isKept
    }
    isKept[main] = true
    let largest = Double(components[main].mass)
    let weak = Int(weakness * Double(components[main].peak))
    var box = components[main].box
    // Only what has some size can be a stepping stone; so few fit that the rounds are short.
    var candidates = components.indices.filter {
      $0 != main && Double(components[$0].mass) >= nearby * largest && components[$0].peak >= weak
    }
    var grows = true
    while grows {
      grows = false
      var rest: [Int] = []
      for index in candidates {
        if belongs(components[index], to: box, largest: largest) {
          isKept[index] = true
          box = box.union(components[index].box)
          grows = true
        } else {
          rest.append(index)
        }
      }
      candidates = rest
    }
    for index in components.indices where !isKept[index] && components[index].peak >= weak {
      isKept[index] =
        Double(components[index].mass) >= inside * largest && components[index].box.gap(to: box) == 0
    }
    return isKept
  }

  private static func belongs(_ part: InkComponent, to box: PixelRectangle, largest: Double) -> Bool {
    let share = Double(part.mass) / largest
    if share >= ownRight { return true }
    let distance = Double(part.box.gap(to: box)) / Double(max(box.width, box.height))
    if distance <= reach { return true }
    guard distance <= farReach else { return false }
    return share >= nearby + (ownRight - nearby) * (distance - reach) / (farReach - reach)
  }
}
