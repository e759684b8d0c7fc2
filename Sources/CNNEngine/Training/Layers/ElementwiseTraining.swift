import CKernels

/// An activation in training. Its backward pass needs only its output.
final class ElementwiseTraining: PerImageLayer {
  /// Which function.
  enum Function {
    case relu
    case sigmoid
    case tanh
  }

  private let function: Function
  let inputCount: Int
  var outputCount: Int { inputCount }

  init(_ function: Function, count: Int) {
    self.function = function
    inputCount = count
  }

  func forward(
    _ block: BatchBlock, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    context: StepContext, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let count = inputCount * ImageBlock.size
    let table = kernels.table.pointee
    switch function {
    case .relu: table.relu(count, input, output)
    case .sigmoid: table.sigmoid(count, input, output)
    case .tanh: table.tanh(count, input, output)
    }
  }

  func backward(
    _ block: BatchBlock, group: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, context: StepContext,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    guard let dinput else { return }
    let count = inputCount * ImageBlock.size
    let table = kernels.table.pointee
    switch function {
    case .relu: table.drelu(count, output, doutput, dinput)
    case .sigmoid: table.dsigmoid(count, output, doutput, dinput)
    case .tanh: table.dtanh(count, output, doutput, dinput)
    }
  }
}
