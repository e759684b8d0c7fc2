import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNInterchange

/// What becomes of configurations and arrays. Whether the numbers are right is tested where networks run.
@Suite struct KerasImportTests {
  private func imported(_ name: String) throws -> ImportedNetwork {
    let input = try LoadedInput(path: TestKeras.folder + name + ".gz")
    guard case .network(let network) = try ForeignContent(input, reading: DataReading()) else {
      throw InterchangeError.notUsable(name)
    }
    return network
  }

  @Test func layersAreCalledAsElsewhereAndArraysAsInKeras() throws {
    for form in ["keras", "h5"] {
      let result = try imported("norm." + form)
      #expect(
        result.network.nodes.map(\.name) == [
          "conv1", "bn1", "relu1", "pool1", "flatten", "bn2", "dropout1", "fc1", "bn3", "tanh1", "fc2",
        ])
      // Ones and zeros that Keras leaves out came from no array.
      #expect(
        result.fates.map { "\($0.name) \($0.tensor)" } == [
          "conv2d/kernel conv1.weight", "batch_normalization/beta bn1.bias",
          "batch_normalization/moving_mean bn1.running_mean",
          "batch_normalization/moving_variance bn1.running_var",
          "batch_normalization_1/gamma bn2.weight", "batch_normalization_1/beta bn2.bias",
          "batch_normalization_1/moving_mean bn2.running_mean",
          "batch_normalization_1/moving_variance bn2.running_var",
          "dense/kernel fc1.weight", "batch_normalization_2/gamma bn3.weight",
          "batch_normalization_2/moving_mean bn3.running_mean",
          "batch_normalization_2/moving_variance bn3.running_var", "dense_1/kernel fc2.weight",
          "dense_1/bias fc2.bias",
        ])
      #expect(result.fates[0].changes == ["kernels from (h, w, i, o)"])
      #expect(result.fates[4].changes == ["from (h, w, c) to (c, h, w)"])
      #expect(result.fates[8].changes == ["transposed", "columns from (h, w, c) to (c, h, w)"])
      #expect(
        result.notes == [
          "layer batch_normalization (BatchNormalization) has no gamma: ones stand in its place",
          "layer batch_normalization_2 (BatchNormalization) has no beta: zeros stand in its place",
        ])
      guard case .batchNorm(let first) = result.network.nodes[1].operation,
        case .batchNorm(let second) = result.network.nodes[5].operation
      else {
        Issue.record("no batch normalisation")
        return
      }
      #expect(first == .init(features: 3, epsilon: 0.001, momentum: 0.1))
      #expect(second == .init(features: 27, epsilon: 0.01, momentum: 0.01))
    }
  }

  @Test func paddingIsThatOfTensorFlow() throws {
    let nodes = try imported("strides.keras").network.nodes
    guard case .conv2d(let strided) = nodes[0].operation, case .conv2d(let dilated) = nodes[2].operation,
      case .conv2d(let channelwise) = nodes[3].operation, case .maxPool2d(let pool) = nodes[5].operation
    else {
      Issue.record("\(nodes)")
      return
    }
    #expect(strided.padding == .init(top: 1, left: 0, bottom: 1, right: 0))
    #expect(dilated.padding == .init(all: 2) && dilated.groups == 2)
    #expect(
      channelwise.groups == 6 && channelwise.outputChannels == 12 && channelwise.padding == .init(all: 1))
    #expect(pool.padding == .init(top: 0, left: 1, bottom: 1, right: 1))
  }

  @Test func preprocessingWithinTheModel() throws {
    let rescaled = try #require(try imported("rescaled.h5").preprocessing)
    #expect(rescaled.divisor == 127.5)
    #expect((rescaled.mean - 1.25).magnitude < 1e-12 && (rescaled.deviation - 0.4).magnitude < 1e-12)
    #expect(try imported("plane.keras").preprocessing == Preprocessing(divisor: 255))

    let adapted = try imported("adapted.keras")
    let preprocessing = try #require(adapted.preprocessing)
    #expect(preprocessing.divisor == 1 && preprocessing.mean == 127.5)
    #expect(adapted.network.inputShape == [1, 6, 6])
    #expect(
      adapted.notes == [
        "layer normalization (Normalization) is read as one of pixels from 0 to 255, which its mean suggests; --divisor, "
          + "--mean and --deviation say otherwise",
        "the model's input is read as pictures of [6, 6, 1], which layer reshape makes of it",
      ])
  }

  @Test func whatIsLeftOutOrWrittenOtherwiseIsSaid() throws {
    let average = try imported("average.h5")
    #expect(
      average.tensors.first { $0.name == "conv2.weight" }?.floats() == [Float](repeating: 1 / 6, count: 18))
    #expect(
      average.notes == [
        "layer average_pooling2d (AveragePooling2D) becomes a convolution of each channel on its own with weights of 1/6, "
          + "which training would change",
        "layer global_average_pooling2d (GlobalAveragePooling2D) becomes a convolution of each channel on its own with "
          + "weights of 1/8, which training would change",
        "the softmax of layer dense is left out: the network's output is its logits",
      ])
    #expect(
      try imported("greatest.keras").notes.first
        == "the sigmoid of layer dense is left out: the network's output is its logits, and of these the tools make "
        + "probabilities that add up to 1, by softmax")
    #expect(
      try imported("mlp.keras").notes.first
        == "the model's input, rows of 49 values, is read as pictures of 7x7")
    #expect(try imported("mlp.keras").network.inputShape == [1, 7, 7])
    #expect(
      try imported("nested.keras").notes.first
        == "layer spatial_dropout2d (SpatialDropout2D) is left out: it changes nothing at inference")
  }

  @Test func narrowTypesAreWidened() throws {
    for (name, type) in [("float16", ElementType.float16), ("bfloat16", .bfloat16)] {
      for form in ["keras", "h5"] {
        let fates = try imported("\(name).\(form)").fates
        #expect(fates[0].elementType == type && fates[0].changes.contains("\(name) to float32"))
      }
    }
  }

  @Test func weightsAloneAreTakenByKindAndNumber() throws {
    func weights(_ name: String) throws -> ForeignWeights {
      let input = try LoadedInput(path: TestKeras.folder + name + ".weights.h5.gz")
      guard case .weights(let weights) = try ForeignContent(input, reading: DataReading()) else {
        throw InterchangeError.notUsable(name)
      }
      return weights
    }
    let deep = try WeightImport(weights("deep"), options: WeightImportOptions())
    #expect(deep.architecture == "deep-convnet" && deep.isRecognized)
    #expect(deep.fates[2].name == "layers/conv2d_1/vars/0" && deep.fates[2].tensor == "conv2.weight")
    #expect(
      deep.notes == [
        "only their names say in which order these layers stand: conv2d_1, conv2d_2, conv2d_3, conv2d_4, conv2d_5"
      ])

    // The constants of batch normalisation are Keras's, since presets have PyTorch's.
    var options = WeightImportOptions()
    options.network = try imported("float16.keras").network
    #expect(try WeightImport(weights("float16"), options: options).network == options.network)
    #expect(throws: InterchangeError.self) {
      try WeightImport(weights("float16"), options: WeightImportOptions())
    }
  }

  @Test func layersThatCouldBeExchangedAreRefused() throws {
    func array(_ layer: String, _ number: Int, _ shape: [Int]) throws -> NamedArray {
      let bytes = [UInt8](repeating: 0, count: shape.reduce(4, *))
      return NamedArray(
        name: "layers/\(layer)/vars/\(number)",
        array: try #require(
          NumericArray(elementType: .float32, shape: shape, storage: bytes, range: 0..<bytes.count)))
    }
    func layers(_ first: String, _ second: String) throws -> [(path: String, arrays: [NamedArray])] {
      try [first, second].map { ("layers/\($0)", [try array($0, 0, [784, 784]), try array($0, 1, [784])]) }
    }
    func weights(_ first: String, _ second: String) throws -> ForeignWeights {
      try KerasWeights.weights(of: layers(first, second), keepsOrder: false)
    }
    var options = WeightImportOptions()
    options.architecture = try Architecture(name: "mlp:784")
    #expect(throws: Never.self) { try WeightImport(weights("dense", "dense_1"), options: options) }
    #expect(
      throws: InterchangeError.ambiguousOrder(layers: ["head", "last"])
    ) { try WeightImport(weights("head", "last"), options: options) }

    options.architecture = try Architecture(name: "mlp:784:bn")
    let normalization = try (0..<4).map { try array("batch_normalization", $0, [784]) }
    let all = try KerasWeights.weights(
      of: [("layers/batch_normalization", normalization)] + layers("dense", "dense_1"), keepsOrder: false)
    let result = try WeightImport(all, options: options)
    #expect(result.fates.map(\.tensor).prefix(4) == ["fc1.weight", "fc1.bias", "bn1.weight", "bn1.bias"])
    #expect(
      result.network.nodes[2].operation == .batchNorm(.init(features: 784, epsilon: 0.001, momentum: 0.01)))
  }

  @Test func picturesInAnHDF5FileAreADataSet() throws {
    let input = try LoadedInput(path: TestKeras.folder + "digits.h5.gz")
    guard case .splits(let splits, _) = try ForeignContent(input, reading: DataReading()) else {
      Issue.record("no data set")
      return
    }
    #expect(splits.map(\.split) == [.train, .test])
    #expect(
      splits.map(\.images.shape) == [[3, 4, 5], [2, 4, 5]] && splits[0].labels?.integers() == [0, 1, 2])
  }

  @Test func classNamesBecomeNamesInFiles() {
    for (name, expected) in [
      ("Conv2D", "conv2d"), ("BatchNormalization", "batch_normalization"), ("ReLU", "re_lu"),
      ("GlobalAveragePooling2D", "global_average_pooling2d"), ("SeparableConv2D", "separable_conv2d"),
      ("PReLU", "p_re_lu"), ("Dense", "dense"), ("ZeroPadding2D", "zero_padding2d"),
    ] {
      #expect(KerasModelReader.snakeCase(name) == expected)
    }
  }
}
