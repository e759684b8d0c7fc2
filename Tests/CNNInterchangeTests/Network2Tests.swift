import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNInterchange

/// The weights that network2.py saves.
@Suite struct Network2Tests {
  private static func numbers(_ count: Int) -> String {
    (0..<count).map { "\($0 % 9 - 4).25" }.joined(separator: ", ")
  }

  private static func rows(_ rows: Int, _ columns: Int) -> String {
    "[" + (0..<rows).map { _ in "[\(numbers(columns))]" }.joined(separator: ", ") + "]"
  }

  private static let file =
    #"{"sizes": [784, 3, 2], "weights": [\#(rows(3, 784)), \#(rows(2, 3))], "biases": [[[0.5], [-1.5], [2]], [[1e-3], [0]]], "cost": "CrossEntropyCost"}"#

  @Test func becomesANetworkWithSigmoids() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("net.json", Self.file)
    let conversion = try Conversion(
      [LoadedInput(path: path)], options: .init(), tool: "test", version: "0")
    guard case .weights(let weights) = conversion.report else {
      Issue.record("no weights")
      return
    }
    #expect(weights.architecture == "mlp:3:sigmoid")
    #expect(weights.isRecognized)
    #expect(conversion.file.tensor(named: "fc1.weight")?.shape == [3, 784])
    #expect(conversion.file.tensor(named: "fc1.weight")?.floats().prefix(3) == [-4.25, -3.25, -2.25])
    #expect(conversion.file.tensor(named: "fc1.bias")?.floats() == [0.5, -1.5, 2])
    #expect(conversion.file.tensor(named: "fc2.bias")?.floats() == [0.001, 0])
    // Its data, mnist.pkl.gz, are bytes / 256.
    #expect(conversion.file.manifest.preprocessing?.divisor == 256)
    let network = try Network2(parsing: Array(Self.file.utf8))
    #expect(network.cost == "CrossEntropyCost")
  }

  @Test(arguments: [
    (
      #"{"sizes": [2, 1], "weights": [[[1, 2]]]}"#,
      "this is a JSON file without the members sizes, weights and biases of network2, which holds neither weights nor labelled pictures"
    ),
    (#"{"sizes": [2], "weights": [], "biases": []}"#, "sizes should have two widths or more"),
    (#"{"sizes": [2, 0], "weights": [[]], "biases": [[]]}"#, "sizes[1] should be from 1 to 65536, and is 0"),
    (#"{"sizes": [2, 1], "weights": [], "biases": [[[1]]]}"#, "weights should have 1 elements, and has 0"),
    (
      #"{"sizes": [2, 1], "weights": [[[1]]], "biases": [[[1]]]}"#,
      "weights[0][0] should have 2 elements, and has 1"
    ),
    (
      #"{"sizes": [2, 1], "weights": [[[1, "2"]]], "biases": [[[1]]]}"#,
      "weights[0][0][1] should be a number, and is a string"
    ),
    (
      #"{"sizes": [2, 1], "weights": [[[1, 2]]], "biases": [[1]]}"#,
      "biases[0][0] should be an array, and is a number"
    ),
    (
      #"{"sizes": [2, 1], "weights": [[[1, 2]]], "biases": [[[1]]], "cost": 3}"#,
      "cost should be a string, and is a number"
    ),
    (
      #"{"sizes": [65536, 65536], "weights": [[[1]]], "biases": [[[1]]]}"#,
      "weights[0] should have 65536 elements, and has 1"
    ),
    (#"{"sizes": [[[[[[[[[[1]]]]]]]]]]}"#, "byte 17: the JSON is nested more than 8 deep"),
    (#"{"sizes": [2, 1]"#, "byte 16: the JSON ends early; ',' or '}' should follow"),
  ]) func isRefused(_ text: String, _ reason: String) {
    let error = #expect(throws: (any Error).self) { try Network2(parsing: Array(text.utf8)) }
    #expect(error.map { "\($0)" } == reason)
  }
}
