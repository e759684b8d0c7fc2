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
    _ images: Range<Int>, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    context: StepContext, scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    let first = images.lowerBound * inputCount
    let count = images.count * inputCount
    let table = kernels.table.pointee
    switch function {
    case .relu: table.relu(count, input + first, output + first)
    case .sigmoid: table.sigmoid(count, input + first, output + first)
    case .tanh: table.tanh(count, input + first, output + first)
    }
  }

  func backward(
    _ images: Range<Int>, group: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, context: StepContext,
    scratch: UnsafeMutablePointer<Float>, kernels: KernelSet
  ) {
    guard let dinput else { return }
    let first = images.lowerBound * inputCount
    let count = images.count * inputCount
    let table = kernels.table.pointee
    switch function {
    case .relu: table.drelu(count, output + first, doutput + first, dinput + first)
    case .sigmoid: table.dsigmoid(count, output + first, doutput + first, dinput + first)
    case .tanh: table.dtanh(count, output + first, doutput + first, dinput + first)
    }
  }
}
