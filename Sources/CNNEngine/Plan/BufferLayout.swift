/// Places the values of a plan in one block of memory, so that values which are never needed at the same time
/// share their place.
struct BufferLayout {
  /// For each value, where it begins.
  let offsets: [Int]
  /// How many numbers the block has.
  let count: Int

  /// - Parameter images: how many images every value is to hold.
  init(_ steps: [PlanBuilder.Step], valueCounts: [Int], result: Int, images: Int) {
    var lastUse = [Int](repeating: -1, count: valueCounts.count)
    for (index, step) in steps.enumerated() { lastUse[step.input] = index }
    lastUse[result] = steps.count

    // Every value gets its slack, and begins at a multiple of 64 bytes.
    let sizes = valueCounts.map { ($0 * images + FloatBuffer.slack + 15) / 16 * 16 }
    var offsets = [Int](repeating: 0, count: valueCounts.count)
    var live: [Int] = [0]
    var end = sizes[0]
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
      end = max(end, place + sizes[step.output])
      live.append(step.output)
    }
    self.offsets = offsets
    count = end
  }
}
