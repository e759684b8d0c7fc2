import CKernels

/// A function of each number on its own. Input and output may be the same buffer.
struct ElementwiseLayer: ForwardLayer {
  /// Which function.
  enum Function {
    case relu
    case sigmoid
    case tanh
    /// Multiplication: what dropout does at inference when it is scaled there.
    case scale(Float)
  }

  let function: Function
  /// How many numbers one image has.
  let count: Int
  /// How many it has as `ChannelGroups`.
  let groupedCount: Int

  func forward(
    part: WorkPart, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    apply(groupedCount, input: input, output: output, kernels: kernels)
  }

  func forward(
    blocks: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    apply(blocks * count * ImageBlock.size, input: input, output: output, kernels: kernels)
  }

  private func apply(
    _ total: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    switch function {
    case .relu: kernels.table.pointee.relu(total, input, output)
    case .sigmoid: kernels.table.pointee.sigmoid(total, input, output)
    case .tanh: kernels.table.pointee.tanh(total, input, output)
    case .scale(let factor): kernels.table.pointee.affine(total, input, factor, 0, output)
    }
  }
}
