import CNNCodecs
import CNNFiles
import CNNModelFile
import Testing

@testable import CNNInterchange

/// In which order layers stand when their names are not the network's: never by a silent guess.
@Suite struct LayerOrderTests {
  /// Linear weights (out, in) without biases, recognised: the notes but those of biases, and the layers in order.
  private func linear(
    _ layers: [(String, [Int])], keepsOrder: Bool, _ options: WeightImportOptions = .init()
  ) throws -> (notes: [String], order: [String]) {
    let arrays = try layers.map { NamedArray(name: "\($0).weight", array: try TestArrays.counting($1)) }
    let result = try WeightImport(ForeignWeights(named: arrays, keepsOrder: keepsOrder), options: options)
    return (
      result.notes.filter { !$0.hasSuffix("is zero") }, result.fates.map { String($0.name.dropLast(7)) }
    )
  }

  @Test func shapesAloneMayTellTheOrder() throws {
    let layers = [("b", [2, 3]), ("a", [3, 5]), ("c", [5, 784])]
    let disorder = "shapes say that the layers don't stand in the order of the file"
    for keepsOrder in [true, false] {
      let (notes, order) = try linear(layers, keepsOrder: keepsOrder)
      #expect(order == ["c", "a", "b"])
      #expect(
        notes == (keepsOrder ? [disorder] : [])
          + ["the shapes let layers follow one another in one order alone: c, a, b"])
    }
    // The same for a network that is given.
    let (notes, order) = try linear(
      layers, keepsOrder: true, .init(architecture: Architecture(name: "mlp:5,3")))
    #expect(order == ["c", "a", "b"])
    #expect(notes == [disorder, "shapes fit the network's layers in one order alone: c, a, b"])
  }

  @Test func aFileOutOfOrderSaysNothingOfEqualLayers() throws {
    // The last layer first: the two in the middle don't stand in order either.
    let names = ["out", "second", "middle", "in"]
    let shapes = [[2, 5], [5, 5], [5, 5], [5, 784]]
    #expect(throws: InterchangeError.ambiguousOrder(layers: ["middle", "second"])) {
      try linear(Array(zip(names, shapes)), keepsOrder: true)
    }
    let (notes, order) = try linear(Array(zip(["l9", "l8", "l7", "l6"], shapes)), keepsOrder: true)
    #expect(order == ["l6", "l7", "l8", "l9"])
    #expect(
      notes == [
        "shapes say that the layers don't stand in the order of the file",
        "only their names say in which order these layers stand: l7, l8",
      ])
  }

  @Test func anOrderOfShapesLeavesEqualLayersToNumbers() throws {
    let (notes, order) = try linear(
      [("l0", [5, 784]), ("l1", [5, 5]), ("l10", [5, 5]), ("l2", [5, 5]), ("l3", [2, 5])], keepsOrder: false)
    #expect(order == ["l0", "l1", "l2", "l10", "l3"])
    #expect(
      notes == [
        "the shapes let layers follow one another in one order alone: l0, l1, l2, l10, l3",
        "only their names say in which order these layers stand: l1, l2, l10",
      ])
  }

  @Test func layersThatCanBeExchangedFollowTheirNumbers() throws {
    let layers = [("l1", [5, 784]), ("l10", [5, 5]), ("l11", [2, 5]), ("l9", [5, 5])]
    let (notes, order) = try linear(layers, keepsOrder: false)
    #expect(order == ["l1", "l9", "l10", "l11"])
    #expect(notes == ["only their names say in which order these layers stand: l9, l10"])
    let letters = try linear(
      [("in", [5, 784]), ("mid_a", [5, 5]), ("mid_b", [5, 5]), ("out", [2, 5])], keepsOrder: false)
    #expect(letters.order == ["in", "mid_a", "mid_b", "out"])
    #expect(letters.notes == ["only their names say in which order these layers stand: mid_a, mid_b"])
    // The order of a file says the same without a note.
    let file = try linear(
      [("in", [5, 784]), ("second", [5, 5]), ("middle", [5, 5]), ("out", [2, 5])], keepsOrder: true)
    #expect(file.order == ["in", "second", "middle", "out"] && file.notes.isEmpty)
  }

  @Test func namesThatDontCountAreRefused() throws {
    #expect(throws: InterchangeError.ambiguousOrder(layers: ["middle", "second"])) {
      try linear(
        [("in", [5, 784]), ("middle", [5, 5]), ("out", [2, 5]), ("second", [5, 5])], keepsOrder: false)
    }
    // Numbers that run against the order of the file.
    #expect(throws: InterchangeError.ambiguousOrder(layers: ["l3", "l2"])) {
      try linear([("l1", [5, 784]), ("l3", [5, 5]), ("l2", [5, 5]), ("l4", [2, 5])], keepsOrder: true)
    }
    #expect(
      "\(InterchangeError.ambiguousOrder(layers: ["l3", "l2"]))"
        == "which of the layers l3, l2 comes first cannot be told: shapes allow any order, and their names don't "
        + "number them as they stand; call them fc1, fc2, ..., or export the network with torch.onnx.export")
  }

  @Test func loopsThatCanBeWalkedInTwoWaysAreSaidOrRefused() throws {
    // 784 to 5, to 4 and back, to 3 and back, to 2: either loop may come first.
    let shapes = [[5, 784], [4, 5], [5, 4], [3, 5], [5, 3], [2, 5]]
    let numbered = shapes.enumerated().map { ("l\($0)", $1) }
    let (notes, order) = try linear(numbered, keepsOrder: false)
    #expect(order == (0...5).map { "l\($0)" })
    #expect(notes == ["only their names say in which order these layers stand: l0, l1, l2, l3, l4, l5"])
    let named = zip(["a", "bb", "cc", "dd", "ee", "ff"], shapes).map { ($0, $1) }
    #expect(throws: InterchangeError.ambiguousOrder(layers: ["a", "bb", "cc", "dd", "ee", "ff"])) {
      try linear(named, keepsOrder: false)
    }
  }

  @Test func dictionariesThatJAXSortedHaveNoOrder() throws {
    let arrays = try [
      ("Dense_0", [784, 5]), ("Dense_1", [5, 5]), ("Dense_10", [5, 5]), ("Dense_2", [5, 2]),
    ]
    .map { NamedArray(name: "\($0)/kernel", array: try TestArrays.counting($1)) }
    #expect(throws: Never.self) { try ForeignWeights(named: arrays) }
    let weights = try ForeignWeights(named: arrays)
    #expect(weights.order == .names)
    #expect(weights.layers.map(\.name) == ["Dense_0", "Dense_1", "Dense_2", "Dense_10"])
  }

  /// What `numpy.savez("net.npz", **safetensors.numpy.load_file("net.safetensors"))` makes: the file keeps an order,
  /// and it is that of the bytes of the names.
  @Test func dictionariesThatCameOutOfSafetensorsHaveNoOrder() throws {
    func arrays(_ layers: [(String, [Int])], biasFirst: Bool) throws -> [NamedArray] {
      try layers.flatMap { name, shape in
        let pair = [
          NamedArray(name: "\(name).weight", array: try TestArrays.counting(shape)),
          NamedArray(name: "\(name).bias", array: try TestArrays.counting([shape[0]])),
        ]
        return biasFirst ? pair.reversed() : pair
      }
    }
    let numbered = [("l1", [5, 784]), ("l10", [5, 5]), ("l11", [2, 5]), ("l9", [5, 5])]
    let result = try WeightImport(
      ForeignWeights(named: arrays(numbered, biasFirst: true)), options: WeightImportOptions())
    #expect(
      result.fates.map(\.name).filter { $0.hasSuffix("weight") }
        == ["l1.weight", "l9.weight", "l10.weight", "l11.weight"])
    #expect(result.notes.contains("only their names say in which order these layers stand: l9, l10"))
    let named = [("in", [5, 784]), ("middle", [5, 5]), ("out", [2, 5]), ("second", [5, 5])]
    #expect(throws: InterchangeError.ambiguousOrder(layers: ["middle", "second"])) {
      try WeightImport(
        ForeignWeights(named: arrays(named, biasFirst: true)), options: WeightImportOptions())
    }
    // PyTorch has the weight first: layers that happen to be sorted are in the order of the file.
    let made = [("in", [5, 784]), ("middle", [5, 5]), ("next", [5, 5]), ("out", [2, 5])]
    #expect(try ForeignWeights(named: arrays(made, biasFirst: false)).order == .file)
    #expect(try ForeignWeights(named: arrays(made, biasFirst: true)).order == .names)
  }

  @Test func searchingHasAnEnd() {
    // Twelve layers between two widths, and one that fits nowhere: every path is a dead end.
    var shapes = (0..<12).map { $0 % 2 == 0 ? [7 + $0, 5] : [5, 6 + $0] }
    shapes.append([1, 2])
    #expect(LayerChain(shapes: shapes).orders?.count ?? 0 != 1)
    #expect(LayerChain(shapes: Array(repeating: [3, 3], count: 65)).orders == nil)
    #expect(LayerChain(shapes: Array(repeating: [3, 3], count: 64)).orders?.count == 1)
  }

  @Test func numbersAreCounted() {
    let names = ["conv2d", "conv2d_1", "conv2d_10", "conv2d_2", "conv2d_0000000000000000000003"]
    #expect(
      NaturalOrder.order(of: names).map { names[$0] } == [
        "conv2d", "conv2d_1", "conv2d_2", "conv2d_0000000000000000000003", "conv2d_10",
      ])
    func stem(_ name: String) -> String { String(decoding: ForeignLayer.stem(of: name), as: UTF8.self) }
    #expect(stem("dense") == stem("dense_12"))
    #expect(stem("features.0") == stem("features.13"))
    #expect(stem("conv_a") == stem("conv_b"))
    #expect(stem("conv_a") != stem("fc_a"))
    #expect(stem("hidden") != stem("output"))
  }
}
