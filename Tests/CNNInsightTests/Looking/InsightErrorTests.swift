import CNNEngine
import CNNModelFile
import Testing

@testable import CNNInsight

@Suite struct InsightErrorTests {
  private let picture = [Float](repeating: 0.5, count: 120)

  @Test func wrongNamesAreAnsweredWithTheRightOnes() throws {
    let network = try smallNetwork(labels: ["ka", "ki", "ku"])
    let layers = ["conv1", "relu1", "pool1", "conv2", "tanh2", "flatten", "fc"]
    let wrong = InsightError.noSuchLayer("conv3", layers: layers)
    #expect(
      wrong.description
        == "there is no layer 'conv3'; the layers are conv1, relu1, pool1, conv2, tanh2, flatten, fc")
    #expect(throws: wrong) { try FeatureMaps.maps(in: network, for: picture, layers: ["conv3"]) }
    #expect(throws: wrong) { try Saliency(network).gradCAM(of: picture, layer: "conv3") }
    #expect(throws: wrong) {
      try TopActivating.find(
        in: network, layer: "conv3", examples: FloatInputs(picture, inputCount: 120))
    }
    #expect(throws: wrong) { try ActivationMaximization.run(in: network, layer: "conv3") }
    #expect(
      throws: InsightError.noMaps("fc", layers: ["conv1", "relu1", "pool1", "conv2", "tanh2"])
    ) { try Saliency(network).gradCAM(of: picture, layer: "fc") }
    #expect(throws: InsightError.noSuchClass("3", classes: ["ka", "ki", "ku"])) {
      try Saliency(network).gradient(of: picture, classIndex: 3)
    }
    #expect(throws: InsightError.noSuchClass("ke", classes: ["ka", "ki", "ku"])) {
      try network.classIndex(of: "ke")
    }
    #expect(try network.classIndex(of: "ku") == 2)
    #expect(throws: InsightError.noSuchUnit(5, layer: "conv2", count: 5)) {
      try ActivationMaximization.run(in: network, layer: "conv2", units: 2..<6)
    }
  }

  @Test func unitsAreLookedForInTheirLayer() throws {
    let network = try smallNetwork()
    #expect(try network.units(nil, ofLayer: "conv2") == 0..<5)
    #expect(try network.units(4..<5, ofLayer: "conv2") == 4..<5)
    for (units, missing) in [(0..<6, 5), (0..<Int.max, .max - 1), (7..<9, 7), (-1..<2, -1)] {
      #expect(throws: InsightError.noSuchUnit(missing, layer: "conv2", count: 5)) {
        try network.units(units, ofLayer: "conv2")
      }
    }
    #expect(throws: InsightError.self) { try network.units(nil, ofLayer: "conv3") }
  }

  @Test func longListsAreCut() {
    let names = (1...103).map { "layer\($0)" }
    #expect(
      InsightError.noSuchLayer("x", layers: names).description.hasSuffix(
        "layer98, layer99, layer100 and 3 more"))
  }

  @Test func aNetworkWithoutMapsHasNoGradCAM() throws {
    let network = try smallPerceptron()
    let saliency = try Saliency(network)
    // Its input is a picture, but no layer of it gives maps.
    #expect(throws: InsightError.noMapsAtAll) {
      try saliency.gradCAM(of: [Float](repeating: 1, count: 16))
    }
    #expect(throws: InsightError.noMapsAtAll) {
      try saliency.gradCAM(of: [Float](repeating: 1, count: 16), layer: "fc1")
    }
    #expect(try network.featureLayer().name == "relu1")
    #expect(try network.unitLayer().name == "fc1")
    #expect(try saliency.gradient(of: [Float](repeating: 1, count: 16)).values.count == 16)
  }

  @Test func defaultsAreTheLayersThatPeopleMean() throws {
    let network = try smallNetwork()
    #expect(try network.featureLayer().name == "relu1")
    #expect(try network.unitLayer().name == "conv1")
    #expect(try network.gradCAMLayer().name == "tanh2")
    #expect(network.labels == ["0", "1", "2"])
  }

  @Test func inputsOfAnotherSizeAndNaNAreRefused() throws {
    let network = try smallNetwork()
    let saliency = try Saliency(network)
    for method in Saliency.Method.allCases {
      #expect(throws: InsightError.inputSize(expected: [1, 12, 10], found: 119)) {
        try saliency.map(method, of: Array(picture.dropLast()))
      }
      #expect(throws: InsightError.inputNotFinite) {
        try saliency.map(method, of: Array(picture.dropLast()) + [.infinity])
      }
    }
  }

  @Test func brokenWeightsAreRefusedByLayer() throws {
    #expect(throws: InsightError.weightsNotFinite(layer: "conv2")) {
      try smallNetwork { name, values in if name == "conv2.bias" { values[1] = .nan } }
    }
    #expect(throws: InsightError.noNetwork) {
      try LearntNetwork(
        ModelFile(
          manifest: Manifest(kind: .dataset, provenance: Provenance(tool: "t", version: "0")), tensors: []))
    }
    #expect(throws: InsightError.engine(.missingParameter(name: "fc.weight", layer: "fc"))) {
      try LearntNetwork(
        NetworkDescription(
          inputShape: [2],
          nodes: [
            .init(
              name: "fc", operation: .linear(.init(inputFeatures: 2, outputFeatures: 2)), inputs: ["input"])
          ], output: "fc"), tensors: [])
    }
  }

  /// Weights so large that what they give, or its slope, is beyond `Float`.
  @Test func numbersThatOverflowAreRefusedByLayer() throws {
    let network = try smallNetwork { name, values in
      if name == "conv2.weight" || name == "conv1.weight" { values = values.map { $0 * 1e30 } }
    }
    #expect(throws: InsightError.valuesNotFinite(layer: "conv2", example: nil)) {
      try FeatureMaps.maps(in: network, for: picture, layers: ["conv2"])
    }
    #expect(throws: InsightError.valuesNotFinite(layer: "conv2", example: nil)) {
      try ActivationMaximization.run(in: network, layer: "conv2", options: .init(steps: 2))
    }
    let flat = try chain(
      [1, 2, 2],
      [
        ("conv1", .conv2d(.init(inputChannels: 1, outputChannels: 1, kernelSize: .init(1, 1)))),
        ("flatten", .flatten), ("fc", .linear(.init(inputFeatures: 4, outputFeatures: 2))),
      ]
    ) { _, values in values = values.map { $0 * 1e25 } }
    // At 0 all values are finite, but not the slope.
    #expect(throws: InsightError.gradientsNotFinite(layer: "input")) {
      try Saliency(try flatWithoutBias(flat)).gradient(of: [0, 0, 0, 0])
    }
  }

  private func flatWithoutBias(_ network: LearntNetwork) throws -> LearntNetwork {
    let tensors = network.tensors.map {
      $0.name.hasSuffix("bias")
        ? Tensor(name: $0.name, shape: $0.shape, values: $0.floats().map { _ in 0 }) : $0
    }
    return try LearntNetwork(network.description, tensors: tensors)
  }
}
