import CKernels
import CNNModelFile

/// A convolution in training, with the ReLU and the pooling that follow it.
///
/// Forward, the convolution's own output is held for one image only where a pooling follows: backward needs just the
/// pooled values and where each of them stood.
final class ConvolutionTraining: PerImageLayer, @unchecked Sendable {
  // Images of different ranges touch different parts of every buffer; groups have sums of their own.
  private let geometry: ConvolutionGeometry
  private let dataGradient: ConvolutionDataGradient
  private let hasReLU: Bool
  private let pooling: PoolingIndices?
  private let weight: ParameterStore.Entry
  private let bias: ParameterStore.Entry?
  private let packedWeight: PackedKernels
  private let weightSums: GroupSums
  private let biasSums: GroupSums
  private let convolvedCount: Int
  let inputCount: Int
  let outputCount: Int
  var isTrained: Bool { weight.isTrained }

  /// - Parameters:
  ///   - input: [C, H, W].
  ///   - convolved: [O, H', W'], before the pooling.
  init(
    _ operation: Operation.Convolution, input: [Int], convolved: [Int], weight: ParameterStore.Entry,
    bias: ParameterStore.Entry?, hasReLU: Bool, pooling: PoolingIndices?
  ) {
    geometry = ConvolutionGeometry(operation, input: input, output: convolved)
    dataGradient = ConvolutionDataGradient(operation, input: input, output: convolved)
    self.hasReLU = hasReLU
    self.pooling = pooling
    self.weight = weight
    self.bias = bias
    packedWeight = PackedKernels(
      groups: operation.groups, outputs: operation.outputChannels,
      depth: weight.count / operation.outputChannels)
    weightSums = GroupSums(count: weight.count)
    biasSums = GroupSums(count: operation.outputChannels)
    inputCount = input.reduce(1, *)
    convolvedCount = convolved.reduce(1, *)
    outputCount = pooling?.outputCount ?? convolvedCount
  }

  private var operation: Operation.Convolution { geometry.operation }
  private var planeCount: Int { geometry.outputHeight * geometry.outputWidth }
  /// Floats of one image's gradient as the weight kernel reads it.
  private var slottedCount: Int { operation.outputChannels * geometry.slotLanes.count * Int(CNN_LANES) }

  func prepare(kernels: KernelSet) {
    packedWeight.pack(weight.weights.pointer, bias: bias?.weights.pointer)
    dataGradient.prepare(weight.weights.pointer)
  }

  // MARK: Working memory, one part behind the other

  func scratchCount(chunk: Int) -> Int {
    convolvedCount + FloatBuffer.slack + chunk * (slottedCount + geometry.stagedCount) + FloatBuffer.slack
      + dataGradient.scratchCount
  }

  func forward(
    _ images: Range<Int>, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    context: StepContext, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let convolvedScratch = scratch + geometry.stagedCount
    for image in images {
      var source = input + image * inputCount
      if geometry.isStaged {
        geometry.stage(source, into: scratch)
        source = UnsafePointer(scratch)
      }
      let target = output + image * outputCount
      let convolved = pooling == nil ? target : convolvedScratch
      geometry.withShape(activation: hasReLU && pooling == nil ? .relu : .identity) { shape in
        for group in 0..<operation.groups {
          kernels.table.pointee.convolution(
            shape, source + group * Int(shape.pointee.input_channels) * geometry.planePitch,
            packedWeight.weight(of: group), packedWeight.bias(of: group),
            convolved + group * Int(shape.pointee.output_channels) * planeCount)
        }
      }
      if let pooling {
        pooling.forward(image, input: convolved, output: target, kernels: kernels)
        if hasReLU { kernels.table.pointee.relu(outputCount, target, target) }
      }
    }
  }

  func beginGroup(_ group: Int) {
    weightSums.clear(group)
    biasSums.clear(group)
  }

  func backward(
    _ images: Range<Int>, group: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, context: StepContext,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let table = kernels.table.pointee
    let convolvedScratch = scratch
    let slotted = scratch + convolvedCount + FloatBuffer.slack
    let staged = slotted + images.count * slottedCount
    let dataScratch = staged + images.count * geometry.stagedCount + FloatBuffer.slack
    for (place, image) in images.enumerated() {
      let gradient = doutput + image * outputCount
      if hasReLU { table.drelu(outputCount, output + image * outputCount, gradient, gradient) }
      var convolved = gradient
      if let pooling {
        convolvedScratch.update(repeating: 0, count: convolvedCount)
        pooling.backward(image, doutput: gradient, dinput: convolvedScratch, kernels: kernels)
        convolved = convolvedScratch
      }
      if let dinput {
        dataGradient.compute(
          convolved, dinput: dinput + image * inputCount, scratch: dataScratch, kernels: kernels)
      }
      guard isTrained else { continue }
      let biasSum = biasSums.pointer(group)
      for channel in 0..<operation.outputChannels {
        biasSum[channel] += table.sum(planeCount, convolved + channel * planeCount)
      }
      slot(convolved, into: slotted + place * slottedCount)
      if geometry.isStaged {
        geometry.stage(input + image * inputCount, into: staged + place * geometry.stagedCount)
      }
    }
    guard isTrained, !images.isEmpty else { return }
    let source = geometry.isStaged ? UnsafePointer(staged) : input + images.lowerBound * inputCount
    let sourceStride = geometry.isStaged ? geometry.stagedCount : inputCount
    geometry.withShape(activation: .identity) { shape in
      let inputs = Int(shape.pointee.input_channels)
      let outputs = Int(shape.pointee.output_channels)
      for part in 0..<operation.groups {
        table.convolution_dweight(
          shape, Int32(images.count), source + part * inputs * geometry.planePitch, sourceStride,
          slotted + part * slottedCount / operation.groups, slottedCount,
          weightSums.pointer(group) + part * outputs * inputs * geometry.tapOffsets.count)
      }
    }
  }

  func finishBackward(kernels: KernelSet) {
    guard isTrained else { return }
    weightSums.total(into: weight.gradient, kernels: kernels)
    if let bias { biasSums.total(into: bias.gradient, kernels: kernels) }
  }

  /// Puts [O, H', W'] into slots: [O][slots][lanes], zeros in the lanes that a slot does not have.
  private func slot(_ gradient: UnsafePointer<Float>, into slotted: UnsafeMutablePointer<Float>) {
    let lanes = Int(CNN_LANES)
    var to = slotted
    for channel in 0..<operation.outputChannels {
      let plane = gradient + channel * planeCount
      for slot in geometry.slotLanes.indices {
        let from = plane + Int(geometry.slotOutputs[slot])
        let count = Int(geometry.slotLanes[slot])
        to.update(from: from, count: count)
        (to + count).update(repeating: 0, count: lanes - count)
        to += lanes
      }
    }
  }
}
