extension ONNXModel {
  /// Whether a file that begins with `prefix`, of which a few bytes are needed, looks like ONNX: a message whose first
  /// field is a small `ir_version`, with another field of a model behind it.
  public static func isONNX(_ prefix: some Sequence<UInt8>) -> Bool {
    let start = Array(prefix.prefix(4))
    // The keys of producer_name, producer_version, domain, model_version, doc_string, graph, opset_import and, in two
    // bytes, metadata_props.
    let keys: Set<UInt8> = [0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42, 0x72]
    return start.count == 4 && start[0] == 0x08 && (1..<0x80).contains(start[1]) && keys.contains(start[2])
  }

  /// The model in the ONNX file `bytes`. The inverse is `encoded()`.
  ///
  /// What is not read is passed over: documentation, shapes of values inside, functions of the model's own, training.
  ///
  /// - Throws: `ONNXError`.
  public init(parsing bytes: [UInt8], limits: ProtobufLimits = .default) throws(ONNXError) {
    do {
      try self.init(ProtobufReader(bytes, limits: limits))
    } catch let error as ProtobufError {
      throw .protobuf(error)
    } catch let error as ONNXError {
      throw error
    } catch {
      throw .missing("its end (\(error))", offset: 0)
    }
  }

  private init(_ message: ProtobufReader) throws {
    var reader = message
    var graph: ONNXGraph?
    irVersion = 0
    operatorSets = []
    producerName = ""
    producerVersion = ""
    metadata = []
    while let field = try reader.nextField() {
      switch field.number {
      case 1: irVersion = try field.int64("ir_version")
      case 2: producerName = try field.name("producer_name")
      case 3: producerVersion = try field.name("producer_version")
      case 7:
        guard graph == nil else { throw ONNXError.repeated("the graph", offset: field.offset) }
        graph = try ONNXGraph(reader.message(in: field, "the graph"))
      case 8: operatorSets.append(try OperatorSet(reader.message(in: field, "an opset_import")))
      case 14: metadata.append(try Property(reader.message(in: field, "an entry of metadata_props")))
      default: break
      }
    }
    guard let graph else { throw ONNXError.missing("a graph", offset: message.position) }
    self.graph = graph
  }
}

extension ONNXModel.OperatorSet {
  fileprivate init(_ message: ProtobufReader) throws {
    var reader = message
    self.init(version: 0)
    while let field = try reader.nextField() {
      switch field.number {
      case 1: domain = try field.name("an operator set's domain")
      case 2: version = try field.int64("an operator set's version")
      default: break
      }
    }
  }
}

extension ONNXModel.Property {
  fileprivate init(_ message: ProtobufReader) throws {
    var reader = message
    self.init(key: "", value: "")
    while let field = try reader.nextField() {
      switch field.number {
      case 1: key = try field.name("a key of metadata_props")
      case 2: value = try field.text("a value of metadata_props")
      default: break
      }
    }
  }
}

extension ONNXGraph {
  fileprivate init(_ message: ProtobufReader) throws {
    var reader = message
    self.init(name: "", nodes: [], initializers: [], inputs: [], outputs: [])
    while let field = try reader.nextField() {
      switch field.number {
      case 1: nodes.append(try ONNXNode(reader.message(in: field, "a node")))
      case 2: name = try field.name("the graph's name")
      case 5: initializers.append(try ONNXTensor(parsing: reader.message(in: field, "an initializer")))
      case 11: inputs.append(try ONNXValueInfo(reader.message(in: field, "an input")))
      case 12: outputs.append(try ONNXValueInfo(reader.message(in: field, "an output")))
      case 15:
        throw ONNXError.unsupported(
          "the ONNX file has sparse initializers, which are not read; save the weights densely",
          offset: field.offset)
      default: break
      }
    }
  }
}

extension ONNXValueInfo {
  fileprivate init(_ message: ProtobufReader) throws {
    var reader = message
    self.init(name: "", elementType: nil, shape: nil)
    while let field = try reader.nextField() {
      switch field.number {
      case 1: name = try field.name("the name of an input or output")
      case 2:
        var type = try reader.message(in: field, "the type of an input or output")
        while let field = try type.nextField() {
          if field.number == 1 { try readTensorType(type.message(in: field, "a tensor_type")) }
        }
      default: break
      }
    }
  }

  private mutating func readTensorType(_ message: ProtobufReader) throws {
    var reader = message
    elementType = 0
    while let field = try reader.nextField() {
      switch field.number {
      case 1: elementType = try field.int32("an elem_type")
      case 2:
        var extents: [Extent] = []
        var shape = try reader.message(in: field, "a shape")
        while let field = try shape.nextField() {
          if field.number == 1 { extents.append(try Self.extent(shape.message(in: field, "a dim"))) }
        }
        self.shape = extents
      default: break
      }
    }
  }

  private static func extent(_ message: ProtobufReader) throws -> Extent {
    var reader = message
    var extent = Extent.free("")
    while let field = try reader.nextField() {
      switch field.number {
      case 1: extent = .fixed(try field.int64("a dim_value"))
      case 2: extent = .free(try field.name("a dim_param"))
      default: break
      }
    }
    return extent
  }
}

extension ProtobufField {
  /// A text that is a name.
  func name(_ what: @autoclosure () -> String) throws(ProtobufError) -> String {
    try text(what(), maximumByteCount: ONNXModel.maximumNameByteCount)
  }
}
