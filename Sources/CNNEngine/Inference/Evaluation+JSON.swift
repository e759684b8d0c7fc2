import CNNCodecs

extension Evaluation {
  /// The evaluation as an object: `accuracy`, `correct`, `total`, `loss`, `interval`.
  public var json: JSONValue {
    .object([
      .init("accuracy", .number(accuracy)), .init("correct", .number(Double(correct))),
      .init("total", .number(Double(total))), .init("loss", .number(loss)),
      .init("interval", .array([.number(interval.lowerBound), .number(interval.upperBound)])),
    ])
  }
}

extension DetailedEvaluation {
  /// The evaluation as an object: what `Evaluation.json` has, then `calibration_error`, `labels`, `confusion` (a row
  /// of counts for each true class), `classes` (for each `label`, `count`, `correct`, `precision`, `recall`, `f1`)
  /// and `unknown`, the number of pictures of other classes. What is no number is null.
  ///
  /// - Parameter labels: the names of the classes.
  public func json(labels: [String]) -> JSONValue {
    var members: [JSONValue.Member] = []
    if case .object(let summary) = summary.json { members = summary }
    members += [
      .init("calibration_error", .finite(calibration.expectedError)),
      .init("labels", .array(labels.map { .string($0) })),
      .init(
        "confusion",
        .array(
          labels.indices.map { truth in
            .array(labels.indices.map { .number(Double(confusion[truth, $0])) })
          })),
      .init("classes", .array(labels.indices.map { classJSON($0, name: labels[$0]) })),
      .init("unknown", .number(Double(confusion.unknownCount))),
    ]
    return .object(members)
  }

  private func classJSON(_ label: Int, name: String) -> JSONValue {
    .object([
      .init("label", .string(name)), .init("count", .number(Double(confusion.count(of: label)))),
      .init("correct", .number(Double(confusion[label, label]))),
      .init("precision", .finite(confusion.precision(of: label))),
      .init("recall", .finite(confusion.recall(of: label))),
      .init("f1", .finite(confusion.f1(of: label))),
    ])
  }
}
