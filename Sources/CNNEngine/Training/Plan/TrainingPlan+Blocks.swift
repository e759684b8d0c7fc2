/// How the layers that treat images on their own run: a thread takes a block through all of them.
///
/// Where the last blocks are fewer than threads, all threads work on one of them at a time and share out each layer:
/// 100 images are seven blocks, and with two threads the last would keep one of them waiting.
extension TrainingPlan {
  /// How many multiply-adds of a layer on a block are worth a thread: some microseconds.
  private static var smallestShare: Int { 1 << 19 }

  /// How many of `count` equal things threads take one by one; the rest are shared.
  private func alone(_ count: Int) -> Int { count - count % pool.threadCount }

  /// Computes what `range` of layers, all per-image, gives for a batch.
  ///
  /// - Parameter source: what the first of them reads, where it is the network's first.
  func forward(
    _ range: Range<Int>, count: Int, source: (some BatchSource)?, context: StepContext
  ) {
    let layers = range.compactMap { self.layers[$0] as? any PerImageLayer }
    let blocks = ImageBlock.count(for: count)
    pool.run(alone(blocks)) { index, worker in
      let block = BatchBlock(index, batch: count)
      if let source { write(source, block, worker: worker) }
      for (layer, index) in zip(layers, range) {
        layer.forward(
          block, input: place(block, layer.inputCount, in: activations[index]),
          output: place(block, layer.outputCount, in: activations[index + 1]), context: context,
          scratch: scratch[worker].pointer, kernels: kernels)
      }
    }
    for index in alone(blocks)..<blocks {
      let block = BatchBlock(index, batch: count)
      if let source { writeTogether(source, block) }
      for (layer, index) in zip(layers, range) {
        let input = place(block, layer.inputCount, in: activations[index])
        let output = place(block, layer.outputCount, in: activations[index + 1])
        if let layer = layer as? any SharedLayer, isShared(layer) {
          runParts(of: layer) { part, scratch in
            layer.forward(
              block, part: part, input: input, output: output, scratch: scratch, kernels: kernels)
          }
        } else {
          layer.forward(
            block, input: input, output: output, context: context, scratch: scratch[0].pointer,
            kernels: kernels)
        }
      }
    }
  }

  /// Computes the gradients of `range` of layers, all per-image: of their parameters, and of what they read.
  func backward(
    _ range: Range<Int>, doutput: FloatBuffer, dinput: FloatBuffer, count: Int, context: StepContext
  ) {
    let indices = range.clamped(to: firstTrained..<layers.count)
    let layers = indices.compactMap { self.layers[$0] as? any PerImageLayer }
    let blocks = ImageBlock.count(for: count)

    /// The gradients behind and before a layer; those within the range are held for one block only.
    func gradients(_ layer: any PerImageLayer, _ index: Int, _ block: BatchBlock, worker: Int)
      -> (behind: UnsafeMutablePointer<Float>, before: UnsafeMutablePointer<Float>?)
    {
      let inner = innerGradients[worker]
      let behind =
        index + 1 == range.upperBound
        ? place(block, layer.outputCount, in: doutput) : (index % 2 == 0 ? inner.1 : inner.0).pointer
      let before =
        index == range.lowerBound
        ? place(block, layer.inputCount, in: dinput) : (index % 2 == 0 ? inner.0 : inner.1).pointer
      return (behind, index > firstTrained ? before : nil)
    }

    func run(_ layer: any PerImageLayer, _ index: Int, _ block: BatchBlock, group: Int, worker: Int) {
      let (behind, before) = gradients(layer, index, block, worker: worker)
      layer.backward(
        block, group: group, input: place(block, layer.inputCount, in: activations[index]),
        output: place(block, layer.outputCount, in: activations[index + 1]), doutput: behind,
        dinput: before, context: context, scratch: scratch[worker].pointer, kernels: kernels)
    }

    func runTogether(_ layer: any SharedLayer, _ index: Int, _ block: BatchBlock, group: Int) {
      let (behind, before) = gradients(layer, index, block, worker: 0)
      let input = place(block, layer.inputCount, in: activations[index])
      let output = place(block, layer.outputCount, in: activations[index + 1])
      runParts(of: layer) { part, scratch in
        layer.beginBackward(
          block, part: part, group: group, output: output, doutput: behind, scratch: scratch,
          kernels: kernels)
      }
      runParts(of: layer) { part, scratch in
        layer.endBackward(
          part: part, group: group, input: input, doutput: behind, dinput: before, scratch: scratch,
          kernels: kernels)
      }
    }

    // With fewer blocks than groups some groups have none, so that whole groups can stand for blocks here.
    let groups = (0..<gradientGroupCount).filter { !gradientGroup($0, of: blocks).isEmpty }
    pool.run(gradientGroupCount) { group, _ in
      for layer in layers { layer.beginGroup(group) }
    }
    pool.run(alone(groups.count)) { number, worker in
      let group = groups[number]
      for index in gradientGroup(group, of: blocks) {
        let block = BatchBlock(index, batch: count)
        for (layer, index) in zip(layers, indices).reversed() {
          run(layer, index, block, group: group, worker: worker)
        }
      }
    }
    for group in groups[alone(groups.count)...] {
      for index in gradientGroup(group, of: blocks) {
        let block = BatchBlock(index, batch: count)
        for (layer, index) in zip(layers, indices).reversed() {
          if let layer = layer as? any SharedLayer, isShared(layer) {
            runTogether(layer, index, block, group: group)
          } else {
            run(layer, index, block, group: group, worker: 0)
          }
        }
      }
    }
    for layer in layers { layer.finishBackward(pool: pool, kernels: kernels) }
  }

  /// Into how many parts a layer's work on a block is cut.
  private func parts(of layer: any SharedLayer) -> Int {
    min(pool.threadCount, layer.sharedWork / Self.smallestShare)
  }

  private func isShared(_ layer: any SharedLayer) -> Bool { parts(of: layer) > 1 }

  private func runParts(of layer: any SharedLayer, _ body: (WorkPart, SharedScratch) -> Void) {
    let parts = parts(of: layer)
    pool.run(parts) { part, worker in
      body(
        WorkPart(index: part, count: parts),
        layer.scratch(shared: scratch[0].pointer, own: scratch[worker].pointer))
    }
  }

  /// Where a block's numbers are in a buffer of a value of `count` numbers.
  private func place(
    _ block: BatchBlock, _ count: Int, in buffer: FloatBuffer
  ) -> UnsafeMutablePointer<Float> {
    buffer.pointer + block.index * count * ImageBlock.size
  }

  /// Writes all inputs of a batch.
  func write(_ source: some BatchSource, count: Int) {
    pool.run(ImageBlock.count(for: count)) { index, worker in
      write(source, BatchBlock(index, batch: count), worker: worker)
    }
  }

  /// Writes a block's inputs and puts them side by side.
  private func write(_ source: some BatchSource, _ block: BatchBlock, worker: Int) {
    let images = staging[worker].pointer
    source.write(block.images, worker: worker, to: images)
    gather(block, from: images)
  }

  /// The same, with all threads.
  private func writeTogether(_ source: some BatchSource, _ block: BatchBlock) {
    let images = staging[0].pointer
    pool.run(pool.threadCount) { part, worker in
      let share = WorkPart(index: part, count: pool.threadCount).share(of: block.images.count)
      guard !share.isEmpty else { return }
      let first = block.images.lowerBound
      source.write(
        first + share.lowerBound..<first + share.upperBound, worker: worker,
        to: images + share.lowerBound * inputCount)
    }
    gather(block, from: images)
  }

  private func gather(_ block: BatchBlock, from images: UnsafePointer<Float>) {
    ImageBlock.gather(
      block.images.count, count: inputCount, from: images,
      to: activations[0].pointer + block.index * inputCount * ImageBlock.size, kernels: kernels)
  }
}
