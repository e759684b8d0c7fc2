import CNNCodecs
import CNNInterchange
import CNNModelFile
import Testing

/// What becomes of the arrays of a network that is known.
@Suite struct WeightImportTests {
  /// A network small enough to write its weights down: conv 2@2x2 on 3x3, flatten, linear to 3.
  private let network = NetworkDescription(
    inputShape: [1, 3, 3],
    nodes: [
      .init(
        name: "conv1",
        operation: .conv2d(.init(inputChannels: 1, outputChannels: 2, kernelSize: .init(2, 2))),
        inputs: ["input"]),
      .init(name: "flatten", operation: .flatten, inputs: ["conv1"]),
      .init(name: "fc1", operation: .linear(.init(inputFeatures: 8, outputFeatures: 3)), inputs: ["flatten"]),
    ], output: "fc1")

  private func imported(_ change: (inout WeightImportOptions) -> Void, fc: [Int] = [8, 3]) throws
    -> [String: [Float]]
  {
    var options = WeightImportOptions(network: network)
    change(&options)
    let arrays = [
      NamedArray(name: "[0]", array: try TestArrays.counting([2, 1, 2, 2])),
      NamedArray(name: "[1]", array: try TestArrays.counting([2])),
      NamedArray(name: "[2]", array: try TestArrays.counting(fc)),
      NamedArray(name: "[3]", array: try TestArrays.counting([3])),
    ]
    let result = try WeightImport(ForeignWeights(ordered: arrays), options: options)
    return Dictionary(result.tensors.map { ($0.name, $0.floats()) }, uniquingKeysWith: { a, _ in a })
  }

  @Test func linearWeightsAreTransposedUnlessTheyAreOutIn() throws {
    let inOut = try imported { _ in }
    #expect(inOut["conv1.weight"] == [0, 1, 2, 3, 4, 5, 6, 7])
    var transposed: [Float] = []
    for output in 0..<3 {
      for input in 0..<8 { transposed.append(Float(input * 3 + output)) }
    }
    #expect(inOut["fc1.weight"] == transposed)
    let outIn = try imported({ $0.linearLayout = .outputsFirst }, fc: [3, 8])
    #expect(outIn["fc1.weight"] == (0..<24).map(Float.init))
  }

  /// A gigabyte of weights is not copied: what stands in order is written from where it is.
  @Test func weightsStayWhereTheyAre() throws {
    let weight = try TestArrays.counting([3, 8])
    let place = weight.storage.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    var options = WeightImportOptions(network: network)
    options.linearLayout = .outputsFirst
    let arrays = [
      NamedArray(name: "[0]", array: try TestArrays.counting([2, 1, 2, 2])),
      NamedArray(name: "[1]", array: try TestArrays.counting([2])),
      NamedArray(name: "[2]", array: weight),
      NamedArray(name: "[3]", array: try TestArrays.counting([3])),
    ]
    let result = try WeightImport(ForeignWeights(ordered: arrays), options: options)
    let tensor = try #require(result.tensors.first { $0.name == "fc1.weight" })
    var pieces: [UInt] = []
    tensor.elements.forEachPiece { pieces.append(UInt(bitPattern: $0.baseAddress)) }
    #expect(pieces == [place])
  }

  @Test func trueConvolutionsAreRotated() throws {
    #expect(try imported { $0.rotatedKernels = true }["conv1.weight"] == [3, 2, 1, 0, 7, 6, 5, 4])
  }

  @Test func everyInputChannelsKernelIsRotated() throws {
    let network = NetworkDescription(
      inputShape: [2, 2, 3],
      nodes: [
        .init(
          name: "conv",
          operation: .conv2d(
            .init(inputChannels: 2, outputChannels: 1, kernelSize: .init(2, 3), hasBias: false)),
          inputs: ["input"]), .init(name: "flatten", operation: .flatten, inputs: ["conv"]),
      ], output: "flatten")
    let arrays = [NamedArray(name: "[0]", array: try TestArrays.counting([1, 2, 2, 3]))]
    let result = try WeightImport(
      ForeignWeights(ordered: arrays), options: WeightImportOptions(network: network, rotatedKernels: true))
    #expect(result.tensors[0].floats() == [5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 7, 6])
  }

  @Test func channelsLastFlatteningIsUndoneAcrossPoolingAndNormalisation() throws {
    // conv to [2, 4, 2], pooled to [2, 2, 1], flattened, normalised, and a linear layer of one output.
    let network = NetworkDescription(
      inputShape: [1, 4, 2],
      nodes: [
        .init(
          name: "conv",
          operation: .conv2d(
            .init(inputChannels: 1, outputChannels: 2, kernelSize: .init(1, 1), hasBias: false)),
          inputs: ["input"]),
        .init(name: "pool", operation: .maxPool2d(.init(kernelSize: .init(2, 2))), inputs: ["conv"]),
        .init(name: "flatten", operation: .flatten, inputs: ["pool"]),
        .init(name: "again", operation: .flatten, inputs: ["flatten"]),
        .init(name: "bn", operation: .batchNorm(.init(features: 4)), inputs: ["again"]),
        .init(name: "relu", operation: .relu, inputs: ["bn"]),
        .init(
          name: "fc", operation: .linear(.init(inputFeatures: 4, outputFeatures: 2, hasBias: false)),
          inputs: ["relu"]),
      ], output: "fc")
    let arrays = try network.parameters.filter { $0.parameter.elementType == .float32 }.map {
      NamedArray(name: $0.name, array: try TestArrays.counting($0.parameter.shape))
    }
    let result = try WeightImport(
      ForeignWeights(named: arrays),
      options: WeightImportOptions(network: network, flattenOrder: .channelsLast))
    let tensors = Dictionary(result.tensors.map { ($0.name, $0.floats()) }, uniquingKeysWith: { a, _ in a })
    // Place 2 * pixel + channel becomes 2 * channel + pixel.
    #expect(tensors["bn.running_mean"] == [0, 2, 1, 3])
    #expect(tensors["bn.weight"] == [0, 2, 1, 3])
    #expect(tensors["fc.weight"] == [0, 2, 1, 3, 4, 6, 5, 7])
    #expect(tensors["conv.weight"] == [0, 1])
  }

  @Test func channelsLastFlatteningIsUndone() throws {
    let result = try imported(
      {
        $0.linearLayout = .outputsFirst
        $0.flattenOrder = .channelsLast
      }, fc: [3, 8])
    // Column (h, w, c) = 2 * pixel + channel becomes column 4 * channel + pixel.
    #expect(result["fc1.weight"]?.prefix(8) == [0, 2, 4, 6, 1, 3, 5, 7])
  }

  @Test func fortranOrderIsHeeded() throws {
    let arrays = [
      NamedArray(
        name: "W1", array: try TestArrays.float32((0..<6).map(Float.init), [3, 2], order: .columnMajor)),
      NamedArray(name: "b1", array: try TestArrays.counting([2])),
    ]
    let network = NetworkDescription(
      inputShape: [3],
      nodes: [
        .init(name: "fc", operation: .linear(.init(inputFeatures: 3, outputFeatures: 2)), inputs: ["input"])
      ],
      output: "fc")
    let result = try WeightImport(
      ForeignWeights(named: arrays), options: WeightImportOptions(network: network))
    // Columns first and then transposed: the bytes' own order.
    #expect(result.tensors[0].floats() == [0, 1, 2, 3, 4, 5])
    #expect(result.fates[0].changes == ["Fortran order", "transposed"])
  }

  @Test func wrongShapesAreNamedOnBothSides() throws {
    #expect(
      throws: InterchangeError.shapeMismatch(
        array: "[2]", found: [3, 8], layer: "fc1.weight", expected: [8, 3], hint: "try --linear-layout out-in"
      )
    ) { try imported({ $0.linearLayout = .inputsFirst }, fc: [3, 8]) }
    #expect(
      throws: InterchangeError.shapeMismatch(
        array: "[2]", found: [8, 4], layer: "fc1.weight", expected: [8, 3], hint: nil)
    ) { try imported({ _ in }, fc: [8, 4]) }
  }

  @Test func twoArraysOfOneNameAreRefused() throws {
    let array = NamedArray(name: "fc1.weight", array: try TestArrays.counting([2]))
    #expect(throws: InterchangeError.notUsable(#"a file with two arrays called "fc1.weight""#)) {
      try ForeignWeights(named: [array, array])
    }
    #expect(throws: InterchangeError.notUsable("a file without arrays")) { try ForeignWeights(named: []) }
  }

  @Test func labelsMustBeAsManyAsOutputs() throws {
    #expect(throws: InterchangeError.labelCount(expected: 3, found: 2)) {
      try imported { $0.labels = ["a", "b"] }
    }
  }

  @Test func roundingIsReportedAndOverflowRefused() throws {
    func importing(_ value: Double) throws -> WeightImport {
      let network = NetworkDescription(
        inputShape: [1],
        nodes: [
          .init(
            name: "fc", operation: .linear(.init(inputFeatures: 1, outputFeatures: 1, hasBias: false)),
            inputs: ["input"])
        ], output: "fc")
      return try WeightImport(
        ForeignWeights(ordered: [NamedArray(name: "w", array: TestArrays.float64([value], [1, 1]))]),
        options: WeightImportOptions(network: network))
    }
    #expect(try importing(0.5).largestRelativeError == 0)
    let error = try importing(0.1).largestRelativeError
    #expect(error > 0 && error < 0x1p-24)
    #expect(throws: InterchangeError.overflow(array: "w")) { try importing(1e300) }
  }

  @Test func pyTorchNamesAreTakenAsTheyAre() throws {
    let network = try Architecture(name: "mlp:4:bn").network(inputShape: [1, 2, 2], outputs: 2)
    var arrays = try network.nodes.flatMap { node in
      try node.operation.parameters.filter { $0.elementType == .float32 }.map {
        NamedArray(name: "\(node.name).\($0.suffix)", array: try TestArrays.counting($0.shape))
      }
    }
    arrays.append(NamedArray(name: "bn1.num_batches_tracked", array: try TestArrays.int64([7], [])))
    let result = try WeightImport(
      ForeignWeights(named: arrays), options: WeightImportOptions(network: network))
    #expect(result.tensors.first { $0.name == "fc1.weight" }?.floats() == (0..<16).map(Float.init))
    #expect(result.tensors.first { $0.name == "bn1.num_batches_tracked" }?.integers() == [7])
    #expect(result.fates.count == arrays.count, "every array has its line")

    let without = try WeightImport(
      ForeignWeights(named: arrays.dropLast()), options: WeightImportOptions(network: network))
    #expect(without.tensors.first { $0.name == "bn1.num_batches_tracked" }?.integers() == [0])
    let stray = NamedArray(name: "bn9.num_batches_tracked", array: try TestArrays.int64([7], []))
    #expect(throws: InterchangeError.unusedArray("bn9.num_batches_tracked", shape: [])) {
      try WeightImport(
        ForeignWeights(named: arrays + [stray]), options: WeightImportOptions(network: network))
    }

    let extra = NamedArray(name: "fc9.weight", array: try TestArrays.counting([1]))
    #expect(throws: InterchangeError.unusedArray("fc9.weight", shape: [1])) {
      try WeightImport(
        ForeignWeights(named: arrays + [extra]), options: WeightImportOptions(network: network))
    }
    #expect(throws: InterchangeError.missingArray("fc1.weight", layer: "fc1")) {
      try WeightImport(
        ForeignWeights(named: arrays.filter { $0.name != "fc1.weight" }),
        options: WeightImportOptions(network: network))
    }
  }
}
