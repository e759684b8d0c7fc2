/// Places the values of some steps in one block of memory, so that values which are never needed at the same time
/// share their place.
struct BufferLayout {
  /// For each value, where it begins; 0 for values that the steps don't touch.
  private(set) var offsets: [Int]
  /// How many numbers the block has.
  private(set) var count: Int

  /// - Parameters:
  ///   - sizes: how many numbers each value takes.
  ///   - input: the value that is there at first.
  ///   - result: the value that is to be there in the end.
  init(_ steps: ArraySlice<PlanBuilder.Step>, sizes: [Int], input: Int, result: Int) {
    var lastUse = [Int](repeating: -1, count: sizes.count)
    for (index, step) in steps.enumerated() { lastUse[step.input] = index }
    lastUse[result] = steps.count

    // Every value gets its slack, and begins at a multiple of 64 bytes.
    let sizes = sizes.map { ($0 + FloatBuffer.slack + 15) / 16 * 16 }
    offsets = [Int](repeating: 0, count: sizes.count)
    var live: [Int] = [input]
    count = sizes[input]
    for (index, step) in steps.enumerated() {
      if step.isElementwise, lastUse[step.input] == index {
        offsets[step.output] = offsets[step.input]
        live.removeAll { $0 == step.input }
        live.append(step.output)
        continue
      }
      live.removeAll { lastUse[$0] < index }
      // First fit: before, between or behind what is live.
      let occupied = live.map { (start: offsets[$0], end: offsets[$0] + sizes[$0]) }
        .sorted { $0.start < $1.start }
      var place = 0
      for block in occupied {
        if place + sizes[step.output] <= block.start { break }
        place = max(place, block.end)
      }
      offsets[step.output] = place
      count = max(count, place + sizes[step.output])
      live.append(step.output)
    }
  }

  /// Moves all values back by `distance` numbers.
  func moved(by distance: Int) -> BufferLayout {
    var moved = self
    moved.offsets = offsets.map { $0 + distance }
    return moved
  }
}
