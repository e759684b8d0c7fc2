import CNNCodecs

extension NetworkDescription {
  /// The value of a manifest's `graph`.
  public var graphJSON: JSONValue {
    let nodes = nodes.map { node in
      JSONValue.object([
        .init("attributes", node.operation.attributes),
        .init("inputs", .array(node.inputs.map { .string($0) })), .init("name", .string(node.name)),
        .init("op", .string(node.operation.name)),
      ])
    }
    return .object([.init("nodes", .array(nodes)), .init("output", .string(output))])
  }

  /// The value of a manifest's `input`.
  public var inputJSON: JSONValue {
    .object([.init("dtype", .string("F32")), .init("shape", .array(inputShape.map { .integer($0) }))])
  }

  /// A network from a manifest's `graph` and `input`; `NetworkDescription.inferShapes()` says whether it makes sense.
  ///
  /// - Throws: `ManifestError` with the path of what is missing or of another type, or with the node whose operation
  ///   is unknown.
  public init(graph: JSONNode, input: JSONNode) throws(ManifestError) {
    do {
      let type = try input.member("dtype")
      guard try type.string().isExactly("F32") else {
        throw ManifestError.content(type.error("should be F32, the only type of inputs"))
      }
      let shape = try input.member("shape").integers()
      var nodes: [Node] = []
      for node in try graph.member("nodes").elements() {
        let name = try node.member("name").string()
        let operationName = try node.member("op").string()
        let operation = try Operation(name: operationName, attributes: node.member("attributes"))
        guard let operation else {
          throw ManifestError.unknownOperation(node: name, operation: operationName)
        }
        nodes.append(
          Node(name: name, operation: operation, inputs: try node.member("inputs").strings()))
      }
      self.init(inputShape: shape, nodes: nodes, output: try graph.member("output").string())
    } catch let error as JSONContentError {
      throw .content(error)
    } catch let error as ManifestError {
      throw error
    } catch {
      throw .content(JSONContentError(path: "", problem: "cannot be read: \(error)"))
    }
  }

  /// A network from a JSON object with `graph` and `input`, as in a manifest (of which such a file may be a copy: other
  /// members are read over). White space and any order of members are allowed.
  ///
  /// - Throws: `JSONError`, `ManifestError`, or `GraphError` for a network that makes no sense.
  public init(parsingArchitecture bytes: [UInt8]) throws {
    let root = JSONNode(try JSONReader.read(bytes))
    do {
      try self.init(graph: root.member("graph"), input: root.member("input"))
    } catch let error as JSONContentError {
      throw ManifestError.content(error)
    }
    _ = try inferShapes()
  }
}
