import CNNCodecs
import CNNModelFile

extension KerasChain {
  /// Layers that change nothing at inference and that have no counterpart here.
  private static let trainingOnly: Set<String> = [
    "ActivityRegularization", "AlphaDropout", "GaussianDropout", "GaussianNoise", "RandomBrightness",
    "RandomContrast", "RandomCrop", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom",
    "SpatialDropout2D",
  ]
  private static let convolutions: Set<String> = ["Conv2D", "DepthwiseConv2D", "SeparableConv2D"]

  /// Turns one layer into operations, or into a part of the one that follows.
  ///
  /// - Throws: `KerasImportError` that names the layer; `JSONContentError` for settings of other types; `HDF5Error` for
  ///   arrays that cannot be read.
  mutating func read(_ layer: KerasLayer) throws {
    if let softmax {
      throw layer.error(
        "stands behind the softmax of \(softmax.name), which is read only as the end of a network")
    }
    try layer.checkClass()
    try Self.checkPrecision(layer)
    if let (padding, _) = padding, !Self.convolutions.contains(layer.className),
      !Self.trainingOnly.contains(layer.className)
    {
      throw padding.error(
        "pads on its own, which is read only directly before a convolution; give the padding to the layer behind it"
      )
    }
    switch layer.className {
    case "Conv2D": try readConvolution(layer)
    case "DepthwiseConv2D": try readDepthwiseConvolution(layer)
    case "SeparableConv2D": try readSeparableConvolution(layer)
    case "ZeroPadding2D": try readZeroPadding(layer)
    case "MaxPooling2D", "MaxPool2D": try readMaxPooling(layer)
    case "AveragePooling2D", "AvgPool2D": try readAveragePooling(layer)
    case "GlobalMaxPooling2D", "GlobalMaxPool2D": try readGlobalPooling(layer, isMaximum: true)
    case "GlobalAveragePooling2D", "GlobalAvgPool2D": try readGlobalPooling(layer, isMaximum: false)
    case "Flatten": try readFlatten(layer)
    case "Reshape": try readReshape(layer)
    case "Dense": try readDense(layer)
    case "BatchNormalization", "BatchNormalizationV1", "BatchNormalizationV2":
      try readBatchNormalization(layer)
    case "Activation": try readActivation(of: layer)
    case "ReLU": try readReLU(layer)
    case "LeakyReLU": try readLeakyReLU(layer)
    case "Softmax":
      try layer.require("axis", .number(-1), else: "its axis should be -1, which is that of the classes")
      try readSoftmax(layer)
    case "Dropout": try readDropout(layer)
    case "Rescaling": try readRescaling(layer)
    case "Normalization": try readNormalization(layer)
    case let name where Self.trainingOnly.contains(name):
      if layer.isTraining {
        noteTraining(layer)
      } else {
        notes.append("layer \(layer.name) (\(name)) is left out: it changes nothing at inference")
      }
    case let name: throw layer.error(Self.advice(for: name))
    }
  }

  /// Makes sure that nothing is left to be padded.
  func checkEnd() throws {
    if let (layer, _) = padding { throw layer.error("pads on its own, and nothing follows it") }
  }

  /// Weights that were quantised would be read as if they were numbers.
  private static func checkPrecision(_ layer: KerasLayer) throws {
    var isQuantized = try layer.setting("quantization_config") != nil
    if case .object? = try layer.setting("dtype")?.value {
      let policy = try layer.config.member("dtype").member("class_name").string()
      isQuantized = isQuantized || policy.hasPrefix("Quantized")
    }
    if isQuantized { throw layer.error("it was quantised; save the model before it is quantised") }
  }

  private mutating func readDropout(_ layer: KerasLayer) throws {
    let rate = try layer.number("rate", default: 0.5)
    try append("dropout", .dropout(Operation.Dropout(rate: rate)), layer)
    if layer.isTraining { noteTraining(layer) }
  }

  /// Says that a layer whose result is random in Keras, even at inference, does nothing here.
  private mutating func noteTraining(_ layer: KerasLayer) {
    notes.append(
      "layer \(layer.name) (\(layer.className)) is called with training=True, and changes nothing at inference here"
    )
  }

  private mutating func readReLU(_ layer: KerasLayer) throws {
    let problem =
      "only ReLU itself is among the layers here, without a greatest value, a slope or a threshold"
    if try layer.setting("max_value") != nil { throw layer.error(problem) }
    for name in ["negative_slope", "alpha", "threshold"] where try layer.number(name, default: 0) != 0 {
      throw layer.error(problem)
    }
    try append("relu", .relu, layer)
  }

  private mutating func readLeakyReLU(_ layer: KerasLayer) throws {
    let slope = try layer.number("negative_slope", default: layer.number("alpha", default: 0.3))
    guard slope == 0 else { throw layer.error(Self.activationAdvice) }
    try append("relu", .relu, layer)
  }

  // MARK: Activations

  private static let activationAdvice =
    "this activation is not among the layers here; relu, sigmoid and tanh are"

  /// Reads the setting `activation`, which most layers have.
  mutating func readActivation(of layer: KerasLayer) throws {
    guard let node = try layer.setting("activation") else { return }
    let name: String
    if case .object = node.value {
      // Keras 3 writes functions that are not its own, and layers, as objects.
      let className = try node.member("class_name").string()
      let function = try node.optionalMember("config")?.value.stringValue
      name = className == "function" ? function ?? className : className
      if let foreign = try KerasLayer.foreignClass(of: node) {
        throw layer.error(
          "its activation \(name.quotedForMessage) is not Keras's (\(foreign.quotedForMessage)); code of the user's own is "
            + "never run here")
      }
    } else {
      name = try node.string()
    }
    switch name {
    case "linear": return
    case "relu": try append("relu", .relu, layer)
    case "sigmoid": try append("sigmoid", .sigmoid, layer)
    case "tanh": try append("tanh", .tanh, layer)
    case "softmax", "log_softmax": try readSoftmax(layer)
    default: throw layer.error("\(name.quotedForMessage): \(Self.activationAdvice)")
    }
  }

  mutating func readSoftmax(_ layer: KerasLayer) throws {
    guard form == .row else {
      throw layer.error("its softmax should turn one row of values for each picture into probabilities")
    }
    softmax = layer
    notes.append("the softmax of layer \(layer.name) is left out: the network's output is its logits")
  }

  /// A sigmoid at the end made probabilities of the logits, each on its own.
  ///
  /// - Parameter layer: the last one.
  mutating func leaveOutSigmoid(_ layer: KerasLayer) throws {
    guard softmax == nil, form == .row, case .sigmoid = layers.last?.operation else { return }
    guard shape[0] > 1 else {
      throw layer.error(
        "gives a single probability; a network here has an output for each class, so train it with two outputs and a "
          + "softmax")
    }
    removeLast()
    notes.append(
      "the sigmoid of layer \(layer.name) is left out: the network's output is its logits, and of these the tools make "
        + "probabilities that add up to 1, by softmax")
  }

  // MARK: What to do

  private static func advice(for className: String) -> String {
    switch className {
    case "Lambda": return "runs code of its own, which is never done here"
    case "Conv1D", "Conv3D", "Conv2DTranspose", "SeparableConv1D", "DepthwiseConv1D", "LocallyConnected2D":
      return
        "this convolution is not among the layers here; Conv2D, DepthwiseConv2D and SeparableConv2D are read"
    case "Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot":
      return "joins values; only chains of layers are read, without residual or parallel branches"
    case "ELU", "PReLU", "ThresholdedReLU", "LeakyRelu": return activationAdvice
    case "LayerNormalization", "GroupNormalization", "UnitNormalization", "RMSNormalization",
      "SpectralNormalization":
      return "this normalisation is not among the layers here; BatchNormalization is"
    case "SimpleRNN", "LSTM", "GRU", "Bidirectional", "RNN", "TimeDistributed", "ConvLSTM2D":
      return "recurrent layers are not among the layers here"
    case "MultiHeadAttention", "Attention", "AdditiveAttention", "Embedding":
      return "attention is not among the layers here"
    case "Permute": return "moves the axes of what a layer gives, which no layer here does"
    case "Resizing", "CenterCrop", "Cropping2D", "UpSampling2D":
      return "changes a picture's size; do that before the network, and save the model without it"
    default:
      return
        "this layer is not read; read are Conv2D, DepthwiseConv2D, SeparableConv2D, ZeroPadding2D, pooling, Flatten, "
        + "Reshape, Dense, BatchNormalization, Activation, ReLU, Softmax, Dropout, Rescaling and Normalization"
    }
  }
}
