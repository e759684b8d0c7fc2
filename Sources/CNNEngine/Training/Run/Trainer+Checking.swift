import CNNModelFile

extension Trainer {
  /// Whether data and options go with a network.
  ///
  /// - Parameter outputs: the shape of the network's output.
  static func check(
    _ training: Examples, _ validation: Examples?, network: NetworkDescription, outputs: [Int],
    _ options: TrainingOptions
  ) throws(TrainingError) {
    let classes = outputs.reduce(1, *)
    for (name, examples) in [("training", training), ("validation", validation)] {
      guard let examples else { continue }
      guard examples.count > 0 else { throw .noExamples(name) }
      guard examples.inputShape == network.inputShape else {
        throw .inputShape(name, expected: network.inputShape, found: examples.inputShape)
      }
      if let index = examples.labels.firstIndex(where: { !(0..<classes).contains($0) }) {
        throw .label(name, index: index, label: examples.labels[index], classes: classes)
      }
    }
    guard options.batchSize > 0 else { throw .batchSize(options.batchSize) }
    if options.schedule.needsValidation || options.patience != nil, validation == nil {
      throw .needsValidation
    }
    let hasTrained = network.nodes.contains { node in
      !options.frozen.contains(node.name) && node.operation.parameters.contains { $0.isTrained }
    }
    guard hasTrained else { throw .nothingToTrain }
  }
}
