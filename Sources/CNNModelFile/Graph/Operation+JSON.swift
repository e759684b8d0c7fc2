import CNNCodecs

extension Operation {
  /// The name in files, PyTorch's where it has one: `conv2d`.
  public var name: String {
    switch self {
    case .conv2d: "conv2d"
    case .linear: "linear"
    case .maxPool2d: "max_pool2d"
    case .relu: "relu"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .batchNorm: "batch_norm"
    case .dropout: "dropout"
    case .flatten: "flatten"
    }
  }

  /// The attributes as they stand in a file, all of them.
  public var attributes: JSONValue {
    switch self {
    case .conv2d(let layer):
      .object([
        .init("bias", .bool(layer.hasBias)), .init("dilation", layer.dilation.json),
        .init("groups", .integer(layer.groups)), .init("in_channels", .integer(layer.inputChannels)),
        .init("kernel_size", layer.kernelSize.json), .init("out_channels", .integer(layer.outputChannels)),
        .init("padding", layer.padding.json), .init("stride", layer.stride.json),
      ])
    case .linear(let layer):
      .object([
        .init("bias", .bool(layer.hasBias)), .init("in_features", .integer(layer.inputFeatures)),
        .init("out_features", .integer(layer.outputFeatures)),
      ])
    case .maxPool2d(let pooling):
      .object([
        .init("ceil_mode", .bool(pooling.ceilMode)), .init("kernel_size", pooling.kernelSize.json),
        .init("padding", pooling.padding.json), .init("stride", pooling.stride.json),
      ])
    case .batchNorm(let layer):
      .object([
        .init("eps", .number(layer.epsilon)), .init("momentum", .number(layer.momentum)),
        .init("num_features", .integer(layer.features)),
      ])
    case .dropout(let dropout):
      .object([.init("p", .number(dropout.rate)), .init("scaling", .string(dropout.scaling.rawValue))])
    case .relu, .sigmoid, .tanh, .flatten: .object([])
    }
  }

  /// The operation called `name` with `attributes`; nil if there is no operation of that name.
  ///
  /// - Throws: `JSONContentError` for an attribute that is missing or of another type. Whether the values make sense
  ///   is for `NetworkDescription.inferShapes()` to say.
  public init?(name: String, attributes: JSONNode) throws(JSONContentError) {
    // No name is longer; see `isExactly` for why that matters to a switch.
    guard name.utf8.count <= Limits.nameBytes else { return nil }
    switch name {
    case "conv2d":
      self = .conv2d(
        Convolution(
          inputChannels: try attributes.member("in_channels").integer(),
          outputChannels: try attributes.member("out_channels").integer(),
          kernelSize: try Size(json: attributes.member("kernel_size")),
          stride: try Size(json: attributes.member("stride")),
          padding: try Padding(json: attributes.member("padding")),
          dilation: try Size(json: attributes.member("dilation")),
          groups: try attributes.member("groups").integer(),
          hasBias: try attributes.member("bias").bool()))
    case "linear":
      self = .linear(
        Linear(
          inputFeatures: try attributes.member("in_features").integer(),
          outputFeatures: try attributes.member("out_features").integer(),
          hasBias: try attributes.member("bias").bool()))
    case "max_pool2d":
      self = .maxPool2d(
        Pooling(
          kernelSize: try Size(json: attributes.member("kernel_size")),
          stride: try Size(json: attributes.member("stride")),
          padding: try Padding(json: attributes.member("padding")),
          ceilMode: try attributes.member("ceil_mode").bool()))
    case "batch_norm":
      self = .batchNorm(
        BatchNorm(
          features: try attributes.member("num_features").integer(),
          epsilon: try attributes.member("eps").number(),
          momentum: try attributes.member("momentum").number()))
    case "dropout":
      self = .dropout(
        Dropout(
          rate: try attributes.member("p").number(),
          scaling: try attributes.member("scaling").choice()))
    case "relu": self = .relu
    case "sigmoid": self = .sigmoid
    case "tanh": self = .tanh
    case "flatten": self = .flatten
    default: return nil
    }
  }
}

extension Operation.Size {
  /// [height, width].
  fileprivate var json: JSONValue { .array([.integer(height), .integer(width)]) }

  fileprivate init(json: JSONNode) throws(JSONContentError) {
    let values = try json.integers(count: 2)
    self.init(values[0], values[1])
  }
}

extension Operation.Padding {
  /// [top, left, bottom, right].
  fileprivate var json: JSONValue {
    .array([.integer(top), .integer(left), .integer(bottom), .integer(right)])
  }

  fileprivate init(json: JSONNode) throws(JSONContentError) {
    let values = try json.integers(count: 4)
    self.init(top: values[0], left: values[1], bottom: values[2], right: values[3])
  }
}

extension JSONNode {
  /// One of the names of an enumeration.
  func choice<Choice: RawRepresentable<String> & CaseIterable>() throws(JSONContentError) -> Choice {
    let name = try string()
    guard let choice = Choice.allCases.first(where: { $0.rawValue.isExactly(name) }) else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw error("should be one of \(names), and is \(name.quotedForMessage)")
    }
    return choice
  }
}
