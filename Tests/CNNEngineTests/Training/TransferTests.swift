import CNNModelFile
import Testing

@testable import CNNEngine

@Suite struct TransferTests {
  private func network(hidden: Int = 3, classes: Int = 4) -> NetworkDescription {
    NetworkDescription(
      inputShape: [1, 4, 4],
      nodes: [
        .init(
          name: "conv1",
          operation: .conv2d(.init(inputChannels: 1, outputChannels: 2, kernelSize: .init(3, 3))),
          inputs: ["input"]),
        .init(name: "conv10", operation: .relu, inputs: ["conv1"]),
        .init(name: "flatten", operation: .flatten, inputs: ["conv10"]),
        .init(
          name: "fc1", operation: .linear(.init(inputFeatures: 8, outputFeatures: hidden)),
          inputs: ["flatten"]),
        .init(
          name: "fc2", operation: .linear(.init(inputFeatures: hidden, outputFeatures: classes)),
          inputs: ["fc1"]
        ),
      ], output: "fc2")
  }

  /// A base of the given widths, its parameters drawn with seed 1.
  private func base(hidden: Int = 3, classes: Int = 4) -> ModelFile {
    let network = network(hidden: hidden, classes: classes)
    return ModelFile(
      manifest: Manifest(
        kind: .model, network: network, labels: (0..<classes).map(String.init),
        preprocessing: Preprocessing(),
        provenance: Provenance(tool: "t", version: "0")),
      tensors: Initializer.he.parameters(of: network, seed: 1))
  }

  private func transfer(
    from base: ModelFile, into network: NetworkDescription? = nil, classes: Int = 4, newHead: Bool = false,
    frozen: Set<String> = [], allowsMismatch: Bool = false
  ) throws -> Transfer {
    try Transfer(
      base: base, into: network, classes: classes, newHead: newHead, frozen: frozen, initializer: .he,
      seed: 2,
      allowsMismatch: allowsMismatch)
  }

  private let names = ["conv1.weight", "conv1.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]

  @Test func everythingIsLoadedThatFits() throws {
    let base = base()
    let transfer = try transfer(from: base, frozen: ["conv1", "flatten"])
    #expect(transfer.network == base.manifest.network)
    #expect(transfer.rows.map(\.name) == names)
    #expect(transfer.rows.map(\.origin) == [.frozen, .frozen, .loaded, .loaded, .loaded, .loaded])
    #expect(transfer.rows.allSatisfy { $0.shape == $0.baseShape })
    for tensor in transfer.tensors { #expect(tensor.bytes == base.tensor(named: tensor.name)?.bytes) }
  }

  @Test func aNewHeadIsAsWideAsTheData() throws {
    let base = base()
    let transfer = try transfer(from: base, classes: 6, newHead: true, frozen: ["conv1"])
    #expect(transfer.network == network(classes: 6))
    #expect(transfer.rows.map(\.origin) == [.frozen, .frozen, .loaded, .loaded, .new, .new])
    #expect(transfer.rows[4].shape == [6, 3])
    #expect(transfer.rows[4].baseShape == [4, 3])
    let fresh = Initializer.he.parameters(of: network(classes: 6), seed: 2)
    #expect(transfer.tensors[4] == fresh.first { $0.name == "fc2.weight" })
    // New also where the old one would fit.
    let same = try self.transfer(from: base, newHead: true)
    #expect(same.rows[4].origin == .new)
    #expect(same.tensors[4].bytes != base.tensor(named: "fc2.weight")?.bytes)
  }

  @Test func anotherNumberOfClassesNeedsANewHead() throws {
    #expect(throws: Transfer.Failure.classes(base: 4, data: 6)) { try transfer(from: base(), classes: 6) }
  }

  @Test func anotherShapeIsRefusedUnlessAllowed() throws {
    let wide = network(hidden: 5)
    #expect(throws: Transfer.Failure.shape(name: "fc1.weight", base: [3, 8], network: [5, 8])) {
      try transfer(from: base(), into: wide)
    }
    let allowed = try transfer(from: base(), into: wide, allowsMismatch: true)
    #expect(allowed.rows.map(\.origin) == [.loaded, .loaded, .new, .new, .new, .loaded])
    #expect(allowed.tensors.map(\.shape) == [[2, 1, 3, 3], [2], [5, 8], [5], [4, 5], [4]])
  }

  @Test func aNetworkWithoutAHead() {
    let description = NetworkDescription(
      inputShape: [1, 2, 2], nodes: [.init(name: "flatten", operation: .flatten, inputs: ["input"])],
      output: "flatten")
    #expect(throws: Transfer.Failure.noHead) {
      try transfer(from: base(), into: description, newHead: true)
    }
  }

  @Test(arguments: [
    ("conv*", ["conv1", "conv10"]), ("conv?", ["conv1"]), ("conv1", ["conv1"]), ("conv??", ["conv10"]),
    ("fc?", ["fc1", "fc2"]), ("*1", ["conv1", "fc1"]), ("*c*1*", ["conv1", "conv10", "fc1"]),
    ("?lat*en", ["flatten"]), ("*", ["conv1", "conv10", "flatten", "fc1", "fc2"]), ("**2", ["fc2"]),
    ("f*t*n", ["flatten"]), ("*??", ["conv1", "conv10", "flatten", "fc1", "fc2"]),
  ]) func patterns(_ pattern: String, _ layers: [String]) throws {
    #expect(try Transfer.layers(of: network(), matching: [pattern]) == Set(layers))
  }

  @Test func patternsAreTakenTogether() throws {
    #expect(try Transfer.layers(of: network(), matching: ["fc1", "c*0"]) == ["fc1", "conv10"])
    #expect(try Transfer.layers(of: network(), matching: []) == [])
  }

  @Test(arguments: ["norm*", "conv", "CONV1", "", "????????", "*3", "conv1?0", "f*t*nn"])
  func aPatternThatMatchesNothing(_ pattern: String) {
    let all = ["conv1", "conv10", "flatten", "fc1", "fc2"]
    #expect(throws: Transfer.Failure.pattern(pattern, layers: all)) {
      try Transfer.layers(of: network(), matching: ["fc1", pattern])
    }
  }

  /// Trying every place for every star would take 100^20 steps.
  @Test(.timeLimit(.minutes(1))) func manyStarsTakeLittleTime() {
    let long = NetworkDescription(
      inputShape: [1, 2, 2],
      nodes: [.init(name: String(repeating: "a", count: 100), operation: .flatten, inputs: ["input"])],
      output: String(repeating: "a", count: 100))
    #expect(throws: Transfer.Failure.self) {
      try Transfer.layers(of: long, matching: [String(repeating: "*a", count: 20) + "b"])
    }
  }

  @Test func untilALayer() throws {
    #expect(try Transfer.layers(of: network(), until: "flatten") == ["conv1", "conv10", "flatten"])
    #expect(throws: Transfer.Failure.self) { try Transfer.layers(of: network(), until: "flat*") }
  }
}
