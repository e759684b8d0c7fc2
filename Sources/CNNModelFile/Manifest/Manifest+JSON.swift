import CNNCodecs

extension Manifest {
  /// The features beyond version 1 that this reader knows, as `requires` names them.
  public static let knownFeatures: Set<String> = []

  /// Whether `feature` is one that this reader knows.
  static func knows(feature: String) -> Bool {
    knownFeatures.contains { $0.isExactly(feature) }
  }

  /// The manifest as it stands in a file, with the checksum of each tensor.
  func json(checksums: [(name: String, crc32: UInt32)]) -> JSONValue {
    var members: [JSONValue.Member] = []
    if let divisor { members.append(.init("divisor", .number(divisor))) }
    if let network {
      members.append(.init("graph", network.graphJSON))
      members.append(.init("input", network.inputJSON))
    }
    members.append(.init("kind", .string(kind.rawValue)))
    members.append(.init("labels", .array(labels.map { .string($0) })))
    if let preprocessing { members.append(.init("preprocess", preprocessing.json)) }
    members.append(.init("provenance", provenance.json))
    members.append(.init("requires", .array(requires.map { .string($0) })))
    let tensors = checksums.map { JSONValue.Member($0.name, .string($0.crc32.eightHexadecimalDigits)) }
    members.append(.init("tensors", .object(tensors)))
    if let training { members.append(.init("training", training)) }
    return .object(members)
  }

  /// A manifest and the checksums of its tensors from the value of `cnn.manifest`.
  ///
  /// Features are looked at first: what needs an unknown one need not make sense otherwise.
  init(json: JSONNode, checksums: inout [(name: String, crc32: UInt32)]) throws(ManifestError) {
    do {
      let requires = try json.member("requires").strings()
      if let unknown = requires.first(where: { !Self.knows(feature: $0) }) {
        throw ManifestError.unknownFeature(unknown)
      }
      var network: NetworkDescription?
      if let graph = try json.optionalMember("graph") {
        network = try NetworkDescription(graph: graph, input: json.member("input"))
      }
      checksums = []
      for (name, node) in try json.member("tensors").members() {
        guard name.utf8.count <= Limits.nameBytes else {
          throw node.error("has a name of more than \(Limits.nameBytes) bytes")
        }
        checksums.append((name, try node.checksum()))
      }
      self.init(
        kind: try json.member("kind").choice(), requires: requires, network: network,
        labels: try json.optionalMember("labels")?.strings() ?? [],
        preprocessing: try json.optionalMember("preprocess").map(Preprocessing.init(json:)),
        divisor: try json.optionalMember("divisor")?.number(),
        provenance: try Provenance(json: json.member("provenance")),
        training: try json.optionalMember("training")?.value)
    } catch let error as JSONContentError {
      throw .content(error)
    } catch let error as ManifestError {
      throw error
    } catch {
      throw .content(JSONContentError(path: "", problem: "cannot be read: \(error)"))
    }
  }
}

extension Preprocessing {
  /// The value of a manifest's `preprocess`.
  public var json: JSONValue {
    .object([
      .init("deviation", .number(deviation)), .init("divisor", .number(divisor)),
      .init("mean", .number(mean)), .init("normalization", .string(normalization.rawValue)),
      .init("polarity", .string(polarity.rawValue)),
    ])
  }

  init(json: JSONNode) throws(JSONContentError) {
    self.init(
      divisor: try json.member("divisor").number(), mean: try json.member("mean").number(),
      deviation: try json.member("deviation").number(), polarity: try json.member("polarity").choice(),
      normalization: try json.member("normalization").choice())
  }
}

extension Provenance {
  /// The value of a manifest's `provenance`.
  public var json: JSONValue {
    let sources = sources.map { source in
      JSONValue.object([
        .init("crc32", .string(source.crc32.eightHexadecimalDigits)), .init("name", .string(source.name)),
        .init("size", .integer(source.size)),
      ])
    }
    return .object([
      .init("options", .object(options.map { JSONValue.Member($0.name, $0.value) })),
      .init("sources", .array(sources)), .init("tool", .string(tool)), .init("version", .string(version)),
    ])
  }

  init(json: JSONNode) throws(JSONContentError) {
    var sources: [Source] = []
    for source in try json.member("sources").elements() {
      sources.append(
        Source(
          name: try source.member("name").string(),
          size: try source.member("size").integer(in: 0...1 << 53),
          crc32: try source.member("crc32").checksum()))
    }
    self.init(
      tool: try json.member("tool").string(), version: try json.member("version").string(),
      options: try json.member("options").members().map { (name: $0.name, value: $0.node.value) },
      sources: sources)
  }
}

extension JSONNode {
  fileprivate func checksum() throws(JSONContentError) -> UInt32 {
    let digits = try string()
    guard let value = UInt32(checksumDigits: digits.utf8) else {
      throw error("should be eight lower-case hexadecimal digits, and is \(digits.quotedForMessage)")
    }
    return value
  }
}
