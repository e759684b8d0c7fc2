import CNNCodecs
import CNNFiles
import CNNInterchange
import CNNModelFile
import CNNTestSupport
import Testing

/// What becomes of the tensors of PyTorch's files, before they are mapped to layers.
@Suite struct TorchWeightsTests {
  private static let names = [
    "conv1.weight", "conv1.bias", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var",
    "bn1.num_batches_tracked", "fc1.weight", "fc1.bias",
  ]

  private func weights(_ name: String) throws -> TorchWeights {
    let path = RepositoryPaths.root + "/Tests/CNNCodecsTests/Fixtures/torch/" + name
    return try TorchWeights(try TorchFile(parsing: try InputFile(path: path).readAll()))
  }

  @Test func aStateDictionaryIsTakenAsItIs() throws {
    for name in ["state-dict-zip.pt", "state-dict-legacy.pt", "state-dict-deflated.pt"] {
      let result = try weights(name)
      #expect(result.weights.naming == .stateDictionary)
      #expect(result.weights.arrays.map(\.name) == Self.names)
      #expect(result.notes.isEmpty)
    }
  }

  @Test func aCheckpointGivesItsStateDictionaryAndSaysWhatElseItHas() throws {
    let result = try weights("checkpoint-zip.pt")
    #expect(result.weights.arrays.map(\.name) == Self.names)
    #expect(result.notes.count == 1)
    #expect(
      result.notes[0].hasPrefix(
        "left out: 18 tensors in optimizer, 2 tensors in the root, epoch (12), best (0.5), "))
    #expect(result.notes[0].hasSuffix(" more"))
  }

  @Test func prefixesOfWrappersAreTakenOff() throws {
    let result = try weights("wrapped-zip.pt")
    #expect(result.weights.arrays.map(\.name) == Self.names)
    #expect(
      result.notes == [
        "all names began with \"_orig_mod.module.\", which was taken off", "left out: epoch (3)",
      ])
  }

  /// `torch.save(list(net.parameters()))`: linear weights stand as in a `state_dict`.
  @Test func aListIsInTheOrderOfLayers() throws {
    let weights = try weights("parameter-list-zip.pt").weights
    #expect(weights.naming == .parameters && weights.arrays.map(\.name) == ["[0]", "[1]"])
    let pairs = try self.weights("parameter-pairs-zip.pt").weights
    #expect(pairs.naming == .parameters)
    #expect(pairs.arrays.map(\.name) == ["[0][0]", "[0][1]", "[1][0]", "[1][1]"])
    #expect(throws: InterchangeError.notUsable("a single tensor of shape [2, 2] without a name")) {
      try self.weights("tensor-zip.pt")
    }
  }

  @Test func tensorsWithoutLayersAreNoWeights() throws {
    #expect(throws: InterchangeError.self) { try weights("views-zip.pt") }
    #expect(
      throws: InterchangeError.notUsable(
        "a file of PyTorch with several groups of tensors and no state_dict among them (left, right)")
    ) {
      try weights("halves-zip.pt")
    }
  }
}
