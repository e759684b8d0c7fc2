import CNNCodecs
import CNNEngine

extension DetailedEvaluation {
  /// The most classes whose matrix is printed as text.
  private static var printedClassLimit: Int { 40 }

  /// The evaluation as text: accuracy, loss, interval and calibration error, a line each; the confusion matrix; a line
  /// for each class.
  ///
  /// - Parameter labels: the names of the classes.
  public func text(labels: [String]) -> String {
    summary.text + "calibration error \(NumberFormat.fixed(calibration.expectedError, 4))\n"
      + (confusion.classCount <= Self.printedClassLimit ? "\n" + matrixText(labels: labels) : "") + "\n"
      + classesText(labels: labels)
  }

  /// A row for each true class, a column for each predicted one; a dot is a zero.
  private func matrixText(labels: [String]) -> String {
    var table = TextTable([("true \\ read", .left)] + labels.map { ($0.onOneLine, .right) })
    for (truth, label) in labels.enumerated() {
      table.add(
        [label]
          + labels.indices.map {
            let count = confusion[truth, $0]
            return count == 0 ? "." : "\(count)"
          })
    }
    return table.text
  }

  private func classesText(labels: [String]) -> String {
    var table = TextTable([
      ("class", .left), ("pictures", .right), ("right", .right), ("precision", .right), ("recall", .right),
      ("F1", .right),
    ])
    for (label, name) in labels.enumerated() {
      let shares = [confusion.precision(of: label), confusion.recall(of: label), confusion.f1(of: label)]
      table.add(
        [name, "\(confusion.count(of: label))", "\(confusion[label, label])"]
          + shares.map { $0.isNaN ? "-" : NumberFormat.fixed($0, 4) })
    }
    let unknown = confusion.unknownCount
    return table.text + (unknown > 0 ? "pictures of classes that the model does not have: \(unknown)\n" : "")
  }

  /// The evaluation as an object: what `Evaluation.json` has, then `calibration_error`, `labels`, `confusion` (a row
  /// of counts for each true class), `classes` (for each `label`, `count`, `correct`, `precision`, `recall`, `f1`)
  /// and `unknown`, the number of pictures of other classes. What is no number is null.
  ///
  /// - Parameter labels: the names of the classes.
  public func json(labels: [String]) -> JSONValue {
    var members: [JSONValue.Member] = []
    if case .object(let summary) = summary.json { members = summary }
    members += [
      .init("calibration_error", Self.number(calibration.expectedError)),
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
      .init("precision", Self.number(confusion.precision(of: label))),
      .init("recall", Self.number(confusion.recall(of: label))),
      .init("f1", Self.number(confusion.f1(of: label))),
    ])
  }

  private static func number(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }
}
