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
}
