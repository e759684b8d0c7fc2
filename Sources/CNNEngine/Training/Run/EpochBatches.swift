/// The batches of an epoch: examples in a random order that follows from the seed and the epoch, distorted as the
/// options say, and run through the frozen layers.
struct EpochBatches: @unchecked Sendable {
  // Workspaces belong to a worker each.
  let examples: Examples
  let order: [Int]
  let augmentation: Augmentation
  let seed: UInt64
  let epoch: Int
  let workspaces: [AugmentationWorkspace]
  /// The frozen layers, if there are any, with a workspace for each worker.
  let prefix: (plan: ForwardPlan, workspaces: [ForwardPlan.Workspace])?

  /// The order of an epoch's examples.
  static func order(count: Int, seed: UInt64, epoch: Int) -> [Int] {
    var order = Array(0..<count)
    var random = RandomStream(seed: seed, purpose: .order, step: epoch)
    random.shuffle(&order)
    return order
  }

  /// The batch that begins at `start` in the order.
  func batch(at start: Int) -> Batch {
    Batch(epoch: self, start: start)
  }

  /// A part of the epoch.
  struct Batch: BatchSource {
    let epoch: EpochBatches
    let start: Int

    func write(_ places: Range<Int>, worker: Int, to destination: UnsafeMutablePointer<Float>) {
      guard let (plan, workspaces) = epoch.prefix else {
        epoch.writeInputs(places, from: start, worker: worker, to: destination)
        return
      }
      let workspace = workspaces[worker]
      for first in stride(from: places.lowerBound, to: places.upperBound, by: plan.microBatchSize) {
        let images = first..<min(first + plan.microBatchSize, places.upperBound)
        epoch.writeInputs(images, from: start, worker: worker, to: plan.input(of: workspace))
        let outputs = plan.run(images: images.count, in: workspace)
        (destination + (first - places.lowerBound) * plan.outputCount).update(
          from: outputs, count: images.count * plan.outputCount)
      }
    }
  }

  private func writeInputs(
    _ places: Range<Int>, from start: Int, worker: Int, to destination: UnsafeMutablePointer<Float>
  ) {
    for (offset, place) in places.enumerated() {
      let index = order[start + place]
      let input = destination + offset * examples.inputCount
      examples.write(index, to: input)
      if augmentation != .none {
        var random = RandomStream(seed: seed, purpose: .augmentation, step: epoch, image: index)
        augmentation.apply(
          input: input, output: input, random: &random, workspace: workspaces[worker])
      }
    }
  }
}
