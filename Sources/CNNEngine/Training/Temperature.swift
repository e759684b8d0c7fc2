import CNNModelFile

/// The softmax temperature that makes a network's probabilities honest.
///
/// Networks that are trained long are surer than they are right. Dividing all logits by one number, which changes no
/// answer, mends most of that: Guo, Pleiss, Sun and Weinberger, *On Calibration of Modern Neural Networks* (2017).
public enum Temperature {
  /// What a temperature may be; nobody's network needs more.
  public static let range = 0.05...20.0

  /// The temperature with the least cross-entropy.
  ///
  /// The cross-entropy is convex in the temperature's reciprocal, whose best value is found by halving.
  ///
  /// - Parameters:
  ///   - logits: [N, classes], all finite, of examples that the network has not learnt from.
  ///   - labels: the N true classes.
  /// - Returns: a value in `range`; 1 where no example is wrong, since such examples say nothing about doubt, and where
  ///   there are none.
  public static func fitted(logits: [Float], classes: Int, labels: [Int]) -> Double {
    let rows = labels.indices.map { logits[$0 * classes..<($0 + 1) * classes] }
    guard zip(rows, labels).contains(where: { Softmax.mostProbable($0) != $1 }) else { return 1 }
    // With the reciprocal r, the slope of an example's loss is the mean logit under softmax(r * logits), less its own.
    func slope(_ reciprocal: Double) -> Double {
      zip(rows, labels).reduce(0) { sum, example in
        let (row, label) = example
        let probabilities = Softmax.probabilities(row, temperature: 1 / reciprocal)
        let mean = zip(probabilities, row).reduce(0) { $0 + $1.0 * Double($1.1) }
        return sum + mean - Double(row[row.startIndex + label])
      }
    }
    var (low, high) = (1 / range.upperBound, 1 / range.lowerBound)
    for _ in 0..<40 {
      let middle = (low * high).squareRoot()
      if slope(middle) < 0 { low = middle } else { high = middle }
    }
    return 1 / (low * high).squareRoot()
  }

  /// The parameters of a network whose logits are all divided by `temperature`: those of its last linear layer are.
  ///
  /// - Returns: nil where the logits are not a linear layer's, dropout behind it aside.
  public static func dividing(
    _ tensors: [Tensor], of network: NetworkDescription, by temperature: Double
  ) -> [Tensor]? {
    var name = network.output
    while let node = network.nodes.first(where: { $0.name == name }) {
      switch node.operation {
      case .dropout, .flatten: name = node.inputs[0]
      case .linear:
        return tensors.map { tensor in
          guard tensor.name == "\(name).weight" || tensor.name == "\(name).bias" else { return tensor }
          return Tensor(
            name: tensor.name, shape: tensor.shape,
            values: tensor.floats().map { Float(Double($0) / temperature) })
        }
      default: return nil
      }
    }
    return nil
  }
}
