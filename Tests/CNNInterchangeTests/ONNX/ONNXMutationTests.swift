import CNNCodecs
import CNNInterchange
import CNNModelFile
import CNNTestSupport
import Testing

/// Whatever the model, there is a network that makes sense or an error that says why not.
@Suite struct ONNXMutationTests {
  private static let folder = RepositoryPaths.root + "/Tests/CNNCodecsTests/Fixtures/onnx/"
  private static let names = [
    "torchscript-chain", "torchscript-plain", "torchscript-sequential", "dynamo-chain", "dynamo-plain",
    "dynamo-sequential", "hand-gemm", "hand-same-upper", "hand-same-lower", "hand-valid",
  ]

  /// Imports, and exports what came of it; true if there was a network.
  private func exercise(_ model: ONNXModel) throws -> Bool {
    let result: ImportedNetwork
    do { result = try ImportedNetwork(model) } catch {
      #expect(!error.reason.isEmpty && error.offset == nil)
      return false
    }
    let shapes = try result.network.inferShapes()
    #expect(shapes[result.network.output]?.count == 1)
    #expect(
      Set(result.tensors.map(\.name)) == Set(result.network.parameters.map(\.name))
        && result.tensors.count == result.network.parameters.count)
    let file = ModelFile(
      manifest: Manifest(
        kind: .model, network: result.network, labels: [], preprocessing: Preprocessing(),
        provenance: Provenance(tool: "test", version: "0")), tensors: result.tensors)
    #expect(throws: Never.self) { try ONNXExport.bytes(of: file) }
    return true
  }

  @Test func bytesOfRealFilesChanged() throws {
    var noise = SeededNoise(seed: 21)
    let files = try Self.names.map { try TemporaryFolder.read(Self.folder + "\($0).onnx") }
    var (models, networks) = (0, 0)
    for round in 0..<3000 {
      var bytes = files[round % files.count]
      for _ in 0...round % 3 {
        let place = Int.random(in: bytes.indices, using: &noise)
        bytes[place] =
          round % 2 == 0 ? UInt8.random(in: 0...8, using: &noise) : bytes[place] ^ 1 << (noise.next() % 8)
      }
      guard let model = try? ONNXModel(parsing: bytes) else { continue }
      models += 1
      if try exercise(model) { networks += 1 }
    }
    #expect(models > 500 && networks > 100)
  }

  /// Nodes are wired anew, exchanged, and given the attributes and weights of others.
  @Test func graphsShuffled() throws {
    var noise = SeededNoise(seed: 22)
    let models = try Self.names.map {
      try ONNXModel(parsing: TemporaryFolder.read(Self.folder + "\($0).onnx"))
    }
    let nodes = models.flatMap(\.graph.nodes)
    var networks = 0
    for round in 0..<3000 {
      var model = models[round % models.count]
      for _ in 0...round % 3 {
        let place = Int.random(in: model.graph.nodes.indices, using: &noise)
        let names = model.graph.nodes.flatMap { $0.inputs + $0.outputs }
        let donor = nodes[Int.random(in: nodes.indices, using: &noise)]
        switch noise.next() % 5 {
        case 0: model.graph.nodes[place].operatorType = donor.operatorType
        case 1: model.graph.nodes[place].attributes = donor.attributes
        case 2: model.graph.nodes.remove(at: place)
        case 3: model.graph.nodes.swapAt(place, Int.random(in: model.graph.nodes.indices, using: &noise))
        default:
          let inputs = model.graph.nodes[place].inputs
          if !inputs.isEmpty {
            model.graph.nodes[place].inputs[Int.random(in: inputs.indices, using: &noise)] =
              names[Int.random(in: names.indices, using: &noise)]
          }
        }
        if model.graph.nodes.isEmpty { break }
      }
      if try exercise(model) { networks += 1 }
    }
    #expect(networks > 100)
  }
}
