import CNNCodecs
import CNNFiles
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNEngine
@testable import CNNInterchange

/// Networks that Keras saved give the same logits here, in whichever form they were saved.
/// `Tests/python/make_keras_goldens.py` made files and numbers.
@Suite struct KerasNetworkTests {
  private static let folder = RepositoryPaths.root + "/Tests/CNNInterchangeTests/Fixtures/keras/"

  /// A network of `networks.json`.
  struct Golden: CustomTestStringConvertible {
    let name: String
    let forms: [String]
    let shape: [Int]
    let divides: Bool
    let logits: [Double]
    var testDescription: String { name }

    init(_ node: JSONNode) throws {
      name = try node.member("name").string()
      forms = try node.member("forms").strings()
      shape = try node.member("shape").integers()
      divides = try node.member("divides").bool()
      logits = try node.member("logits").elements().flatMap { try $0.elements().map { try $0.number() } }
    }

    /// The pictures as the file's preprocessing makes them inputs.
    func inputs(_ preprocessing: Preprocessing?) -> [Float] {
      let preprocessing = preprocessing ?? Preprocessing()
      let count = shape.reduce(1, *)
      return (0..<2 * count).map { index in
        let noise = UInt32(truncatingIfNeeded: index &* 2_654_435_761) >> (index < count ? 24 : 25)
        let pixel = index / 7 % 3 == 0 ? 0 : Double(noise)
        return Float((pixel / preprocessing.divisor - preprocessing.mean) / preprocessing.deviation)
      }
    }
  }

  private static func goldens() throws -> [Golden] {
    let root = JSONNode(try JSONReader.read(TemporaryFolder.read(folder + "networks.json")))
    return try root.member("networks").elements().map { try Golden($0) }
  }

  private func check(
    _ network: NetworkDescription, _ tensors: [Tensor], _ preprocessing: Preprocessing?, _ golden: Golden,
    _ form: String
  ) throws {
    #expect(network.inputShape == golden.shape, "\(golden.name).\(form)")
    let runnable = try Network(network, tensors: tensors)
    for (kernels, found) in try outputs(runnable, golden.inputs(preprocessing)) {
      let difference = relativeDifference(found, golden.logits)
      #expect(difference < 1e-5, "\(golden.name).\(form), \(kernels)")
    }
  }

  @Test func logitsOfModelsAgree() throws {
    let goldens = try Self.goldens()
    #expect(goldens.count == 18)
    for golden in goldens {
      for form in golden.forms where form != "weights.h5" {
        let input = try LoadedInput(path: Self.folder + "\(golden.name).\(form).gz")
        guard case .network(let imported) = try ForeignContent(input, reading: DataReading()) else {
          Issue.record("\(golden.name).\(form) has no graph")
          continue
        }
        #expect((imported.preprocessing == nil) == golden.divides)
        try check(imported.network, imported.tensors, imported.preprocessing, golden, form)
      }
    }
  }

  @Test func logitsOfWeightsAgree() throws {
    let goldens = try Self.goldens().filter { $0.forms.contains("weights.h5") }
    #expect(goldens.count == 8)
    for golden in goldens {
      let input = try LoadedInput(path: Self.folder + "\(golden.name).weights.h5.gz")
      guard case .weights(let weights) = try ForeignContent(input, reading: DataReading()) else {
        Issue.record("\(golden.name).weights.h5 is not known")
        continue
      }
      var options = WeightImportOptions()
      if !["simple", "lenet", "double", "deep"].contains(golden.name) {
        // What shapes cannot tell is said by the graph of the whole model.
        let model = try LoadedInput(path: Self.folder + "\(golden.name).keras.gz")
        guard case .network(let imported) = try ForeignContent(model, reading: DataReading()) else {
          continue
        }
        options.network = imported.network
      }
      let result = try WeightImport(weights, options: options)
      #expect(result.isRecognized == (options.network == nil))
      try check(result.network, result.tensors, result.preprocessing, golden, "weights.h5")
    }
  }
}
