import CKernels
import CNNModelFile

/// A fully connected layer with its bias and, fused, the activation that follows it.
struct LinearLayer: ForwardLayer {
  private let operation: Operation.Linear
  private let activation: FusedActivation
  /// [O, I], for blocks of images.
  private let rows: FloatBuffer
  /// [ceil(O / 16)][I][16], for one image; zeros where O is no multiple of 16.
  private let weight: FloatBuffer
  /// [ceil(O / 16) * 16].
  private let bias: FloatBuffer

  /// - Parameters:
  ///   - weight: [O, I].
  ///   - bias: [O], or empty.
  init(_ operation: Operation.Linear, weight: [Float], bias: [Float], activation: FusedActivation) {
    self.operation = operation
    self.activation = activation
    let panel = Int(CNN_LINEAR_PANEL)
    let inputs = operation.inputFeatures
    let panels = (operation.outputFeatures + panel - 1) / panel
    self.weight = FloatBuffer(count: panels * inputs * panel)
    self.bias = FloatBuffer(count: panels * panel)
    rows = FloatBuffer(count: weight.count)
    rows.pointer.update(from: weight, count: weight.count)
    let packed = self.weight.pointer
    weight.withUnsafeBufferPointer { weight in
      for output in 0..<operation.outputFeatures {
        let (block, lane) = output.quotientAndRemainder(dividingBy: panel)
        var to = block * inputs * panel + lane
        for k in 0..<inputs {
          packed[to] = weight[output * inputs + k]
          to += panel
        }
      }
    }
    for (output, value) in bias.enumerated() { self.bias.pointer[output] = value }
  }

  func forward(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    kernels: KernelSet
  ) {
    kernels.table.pointee.linear(
      1, Int32(operation.inputFeatures), Int32(operation.outputFeatures),
      Int32(operation.outputFeatures), input,
      weight.pointer, bias.pointer, activation == .relu ? CNN_RELU : CNN_IDENTITY, output)
  }

  func forward(
    blocks: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let product = BlockProduct(
      weight: rows.pointer, bias: bias.pointer, input: input, inputs: operation.inputFeatures,
      outputs: operation.outputFeatures, blocks: blocks, activation: activation, result: output)
    product.run(rows: 0..<operation.outputFeatures, columns: 0..<blocks, kernels: kernels)
  }
}
