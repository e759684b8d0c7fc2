import CKernels
import CNNModelFile

/// A fully connected layer with its bias and, fused, the activation that follows it.
struct LinearLayer: ForwardLayer {
  private let operation: Operation.Linear
  private let activation: FusedActivation
  /// [O, I], for blocks of images.
  private let weight: [Float]
  /// [ceil(O / 16)][I][16], for one image; zeros where O is no multiple of 16.
  private let panels: FloatBuffer
  /// [ceil(O / 16) * 16].
  private let bias: FloatBuffer
  /// The picture that one image is as `ChannelGroups` before it is flattened; nil if it is flat already.
  private let picture: [Int]?

  /// - Parameters:
  ///   - picture: the shape before flattening, where one image comes as a picture.
  ///   - weight: [O, I].
  ///   - bias: [O], or empty.
  init(
    _ operation: Operation.Linear, picture: [Int]?, weight: [Float], bias: [Float],
    activation: FusedActivation
  ) {
    self.operation = operation
    self.activation = activation
    self.picture = picture
    let size = ChannelGroups.size
    let inputs = operation.inputFeatures
    let groups = ChannelGroups.count(for: operation.outputFeatures)
    self.weight = weight
    panels = FloatBuffer(uninitializedCount: groups * inputs * size)
    self.bias = FloatBuffer(count: groups * size)
    self.bias.pointer.update(from: bias, count: bias.count)
    weight.withUnsafeBufferPointer { rows in
      for output in 0..<groups * size {
        let to = panels.pointer + output / size * inputs * size + output % size
        if output < operation.outputFeatures {
          for k in 0..<inputs { to[k * size] = rows[output * inputs + k] }
        } else {
          for k in 0..<inputs { to[k * size] = 0 }
        }
      }
    }
  }

  /// The flattened picture.
  var scratchCount: Int { picture == nil ? 0 : operation.inputFeatures }

  var sharedWork: Int { operation.inputFeatures * operation.outputFeatures }

  func begin(input: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet) {
    if let picture { ChannelGroups.scatter(picture, from: input, to: scratch, kernels: kernels) }
  }

  func forward(
    part: WorkPart, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    // Sixteen outputs at a time.
    let size = ChannelGroups.size
    let groups = part.share(of: ChannelGroups.count(for: operation.outputFeatures))
    kernels.table.pointee.single_linear(
      Int32(operation.inputFeatures), Int32(groups.count * size),
      picture == nil ? input : UnsafePointer(scratch),
      panels.pointer + groups.lowerBound * operation.inputFeatures * size,
      bias.pointer + groups.lowerBound * size, activation == .relu ? CNN_RELU : CNN_IDENTITY,
      output + groups.lowerBound * size)
  }

  func forward(
    blocks: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    weight.withUnsafeBufferPointer { rows in
      guard let rows = rows.baseAddress else { return }
      BlockProduct(
        weight: rows, bias: bias.pointer, input: input, inputs: operation.inputFeatures,
        outputs: operation.outputFeatures, blocks: blocks, activation: activation, result: output
      ).run(rows: 0..<operation.outputFeatures, columns: 0..<blocks, kernels: kernels)
    }
  }
}
