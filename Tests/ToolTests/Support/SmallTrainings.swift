import CNNTestSupport
import Testing

/// Tests around a training that takes a moment: three epochs of four steps.
protocol SmallTrainings {
  /// Where the training's files are.
  var folder: TemporaryFolder { get }
}

extension SmallTrainings {
  static var options: [String] {
    [
      Samples.dataset, "--architecture", "mlp:8", "--batch-size", "32", "--validation", "0.2", "--epochs",
      "3",
      "-q",
    ]
  }

  /// Trains with these options and more; it has to succeed.
  @discardableResult
  func train(_ arguments: String...) throws -> ToolRunner.Result {
    let result = try run("cnn-train", Self.options + arguments, in: folder)
    #expect(result.status == 0, "\(result.error)")
    return result
  }

  /// A file in the folder.
  func text(_ name: String) throws -> String {
    String(decoding: try folder.read(name), as: UTF8.self)
  }
}
