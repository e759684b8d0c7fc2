import CNNCodecs
import CNNInterchange
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNEngine

/// Networks that PyTorch exported or that ONNX Runtime ran give the same logits here, and so they do when they are
/// exported and read again. `Tests/python/make_onnx_goldens.py` made files and numbers.
@Suite struct ONNXNetworkTests {
  private static let folder = RepositoryPaths.root + "/Tests/CNNCodecsTests/Fixtures/onnx/"

  @Test func logitsAgree() throws {
    let goldens = JSONNode(try JSONReader.read(TemporaryFolder.read(Self.folder + "networks.json")))
    let networks = try goldens.member("networks").elements()
    #expect(networks.count == 20)
    for golden in networks {
      let name = try golden.member("file").string()
      let input = try golden.member("input").elements().map { Float(try $0.number()) }
      let expected = try golden.member("logits").elements().map { try $0.number() }
      let imported = try ImportedNetwork(ONNXModel(parsing: TemporaryFolder.read(Self.folder + name)))
      try check(imported, input, expected, name)

      let classes = try imported.network.inferShapes()[imported.network.output]?.first ?? 0
      let file = ModelFile(
        manifest: Manifest(
          kind: .model, network: imported.network, labels: (0..<classes).map(String.init),
          preprocessing: Preprocessing(), provenance: Provenance(tool: "test", version: "0")),
        tensors: imported.tensors)
      try check(
        ImportedNetwork(ONNXModel(parsing: ONNXExport.bytes(of: file))), input, expected, name + ", again")
    }
  }

  private func check(_ imported: ImportedNetwork, _ input: [Float], _ expected: [Double], _ name: String)
    throws
  {
    let network = try Network(imported.network, tensors: imported.tensors)
    for (kernels, found) in try outputs(network, input) {
      #expect(relativeDifference(found, expected) < 1e-5, "\(name), \(kernels)")
    }
  }
}
