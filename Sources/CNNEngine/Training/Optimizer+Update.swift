import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where an optimiser's memory for one parameter is: an array of the parameter's size for each of
/// `Optimizer.slots`, in their order, all zeros at first.
public struct OptimizerSlots: @unchecked Sendable {
  // Only addresses; that threads get ranges of their own is the caller's part.

  /// The array for the first slot; nil if there is none.
  public let first: UnsafeMutablePointer<Float>?
  /// The array for the second slot; nil if there is none.
  public let second: UnsafeMutablePointer<Float>?

  /// Names the arrays for as many slots as the optimiser has.
  public init(_ first: UnsafeMutablePointer<Float>? = nil, _ second: UnsafeMutablePointer<Float>? = nil) {
    self.first = first
    self.second = second
  }
}

extension Optimizer {
  /// Takes one step on some elements of a parameter.
  ///
  /// Every element is computed on its own, so the bits do not depend on how a parameter is cut into ranges. All
  /// arithmetic on elements is float32, as PyTorch's is; what is the same for all elements is computed in `Double` first.
  ///
  /// - Parameters:
  ///   - weights: the parameter, changed in `range`.
  ///   - gradient: as long as the parameter; the mean over the batch. No other argument's memory.
  ///   - slots: arrays for as many slots as `slots` names, changed in `range`.
  ///   - range: the elements to look at.
  ///   - learningRate: the step's learning rate.
  ///   - weightDecay: the factor of the L2 penalty: decay * w is added to the gradient, or, for AdamW only,
  ///     rate * decay * w is taken off the weight. 0 for what must not decay, which usually means all but the
  ///     weights of linear layers and convolutions.
  ///   - step: how many steps have been taken on this parameter, this one included: from 1. Only Adam and AdamW ask.
  /// - Precondition: there is an array for each slot, and `step` is at least 1.
  public func update(
    _ weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>, slots: OptimizerSlots,
    range: Range<Int>, learningRate: Double, weightDecay: Double, step: Int
  ) {
    let rate = Float(learningRate)
    let decay = Float(weightDecay)
    switch self {
    case .sgd:
      for index in range {
        weights[index] -= rate * (gradient[index] + decay * weights[index])
      }
    case .momentum(let momentum):
      let momentum = Float(momentum)
      let buffer = Self.array(slots.first)
      for index in range {
        let moved = momentum * buffer[index] + (gradient[index] + decay * weights[index])
        buffer[index] = moved
        weights[index] -= rate * moved
      }
    case .nesterov(let momentum):
      let momentum = Float(momentum)
      let buffer = Self.array(slots.first)
      for index in range {
        let slope = gradient[index] + decay * weights[index]
        let moved = momentum * buffer[index] + slope
        buffer[index] = moved
        weights[index] -= rate * (slope + momentum * moved)
      }
    case .adagrad(let epsilon):
      let epsilon = Float(epsilon)
      let sum = Self.array(slots.first)
      for index in range {
        let slope = gradient[index] + decay * weights[index]
        let squares = sum[index] + slope * slope
        sum[index] = squares
        weights[index] -= rate * slope / (cnn_square_root(squares) + epsilon)
      }
    case .rmsprop(let alpha, let epsilon):
      let (kept, new, epsilon) = (Float(alpha), Float(1 - alpha), Float(epsilon))
      let average = Self.array(slots.first)
      for index in range {
        let slope = gradient[index] + decay * weights[index]
        let squares = kept * average[index] + new * slope * slope
        average[index] = squares
        weights[index] -= rate * slope / (cnn_square_root(squares) + epsilon)
      }
    case .adadelta(let rho, let epsilon):
      let (kept, new, epsilon) = (Float(rho), Float(1 - rho), Float(epsilon))
      let average = Self.array(slots.first)
      let deltas = Self.array(slots.second)
      for index in range {
        let slope = gradient[index] + decay * weights[index]
        let squares = kept * average[index] + new * slope * slope
        average[index] = squares
        let delta = cnn_square_root(deltas[index] + epsilon) / cnn_square_root(squares + epsilon) * slope
        deltas[index] = kept * deltas[index] + new * delta * delta
        weights[index] -= rate * delta
      }
    case .adam(let beta1, let beta2, let epsilon):
      Self.adam(
        weights, gradient, slots, range, beta1: beta1, beta2: beta2, epsilon: Float(epsilon),
        learningRate: learningRate, coupledDecay: decay, kept: 1, step: step)
    case .adamw(let beta1, let beta2, let epsilon):
      Self.adam(
        weights, gradient, slots, range, beta1: beta1, beta2: beta2, epsilon: Float(epsilon),
        learningRate: learningRate, coupledDecay: 0, kept: Float(1 - learningRate * weightDecay), step: step)
    }
  }

  /// Adam, and with `kept` below 1 AdamW, which first shrinks the weights to that part.
  private static func adam(
    _ weights: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>, _ slots: OptimizerSlots,
    _ range: Range<Int>, beta1: Double, beta2: Double, epsilon: Float, learningRate: Double,
    coupledDecay: Float, kept: Float, step: Int
  ) {
    precondition(step >= 1, "steps are counted from 1")
    let mean = array(slots.first)
    let squares = array(slots.second)
    let rate = Float(learningRate / (1 - pow(beta1, Double(step))))
    let rootScale = Float(1 / (1 - pow(beta2, Double(step))).squareRoot())
    let (keptMean, newMean) = (Float(beta1), Float(1 - beta1))
    let (keptSquares, newSquares) = (Float(beta2), Float(1 - beta2))
    for index in range {
      let slope = gradient[index] + coupledDecay * weights[index]
      let first = keptMean * mean[index] + newMean * slope
      let second = keptSquares * squares[index] + newSquares * slope * slope
      mean[index] = first
      squares[index] = second
      weights[index] = weights[index] * kept - rate * first / (cnn_square_root(second) * rootScale + epsilon)
    }
  }

  private static func array(_ slot: UnsafeMutablePointer<Float>?) -> UnsafeMutablePointer<Float> {
    guard let slot else { preconditionFailure("an optimiser's slot has no array") }
    return slot
  }
}
