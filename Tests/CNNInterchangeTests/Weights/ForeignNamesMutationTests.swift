import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNInterchange

/// Whatever the names, there are weights of the right shapes, each array used once, or an error that says why not.
@Suite struct ForeignNamesMutationTests {
  private static let alphabets = [
    [".weight", ".bias", ".running_mean", ".running_var", ".num_batches_tracked"],
    ["/W", "/b", "/gamma", "/beta", "/avg_mean", "/avg_var", "/N"],
    ["/kernel", "/bias", "/scale", "/mean", "/var", "/gamma:0", ".moving_mean"],
  ]
  private static let prefixes = [
    "conv1", "conv2", "fc1", "fc2", "bn1", "0", "3", "10", "features.0", "features.3", "params/Conv_0",
    "batch_stats/BatchNorm_0", "dense", "dense_1", "module.fc1", "updater/model:main/l1", "", ".", "//", "é",
  ]
  private static let extents = [1, 2, 3, 4, 5, 17, 72, 784]

  /// A network that is right, under names of one kind.
  private func sound(_ noise: inout SeededNoise) throws -> [NamedArray] {
    let shapes: [[Int]] = [[2, 1, 17, 17], [2], [4, 72], [4], [3, 4], [3]]
    let names =
      [
        ["0.weight", "0.bias", "3.weight", "3.bias", "10.weight", "10.bias"],
        ["a/W", "a/b", "l1/W", "l1/b", "l2/W", "l2/b"],
        ["conv1.weight", "conv1.bias", "fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"],
        ["W1", "b1", "W2", "b2", "W3", "b3"],
      ].randomElement(using: &noise) ?? []
    return try zip(names, shapes).map { NamedArray(name: $0, array: try TestArrays.counting($1)) }
  }

  private func damaged(_ arrays: [NamedArray], _ noise: inout SeededNoise) throws -> [NamedArray] {
    var arrays = arrays
    for _ in 0..<Int.random(in: 0...3, using: &noise) {
      let index = Int.random(in: 0..<arrays.count, using: &noise)
      let suffixes = Self.alphabets.randomElement(using: &noise) ?? []
      let name =
        (Self.prefixes.randomElement(using: &noise) ?? "") + (suffixes.randomElement(using: &noise) ?? "")
      switch Int.random(in: 0..<6, using: &noise) {
      case 0: arrays.shuffle(using: &noise)
      case 1: arrays[index] = NamedArray(name: name, array: arrays[index].array)
      case 2:
        let rank = Int.random(in: 0...5, using: &noise)
        let shape = (0..<rank).map { _ in Self.extents.randomElement(using: &noise) ?? 1 }
        guard shape.reduce(1, *) < 100_000 else { continue }
        arrays[index] = NamedArray(name: arrays[index].name, array: try TestArrays.counting(shape))
      case 3: arrays.append(NamedArray(name: name, array: arrays[index].array))
      case 4:
        let other = Int.random(in: 0..<arrays.count, using: &noise)
        let (one, two) = (arrays[index], arrays[other])
        arrays[index] = NamedArray(name: two.name, array: one.array)
        if other != index { arrays[other] = NamedArray(name: one.name, array: two.array) }
      default: if arrays.count > 1 { arrays.remove(at: index) }
      }
    }
    return arrays
  }

  @Test func weightsOfTheRightShapesOrAnError() throws {
    var noise = SeededNoise(seed: 2026)
    let networks = [
      WeightImportOptions(), try WeightImportOptions(architecture: Architecture(name: "simple-convnet")),
      try WeightImportOptions(architecture: Architecture(name: "mlp:4:bn")),
    ]
    var (successes, failures) = (0, 0)
    for round in 0..<1500 {
      let arrays = try damaged(sound(&noise), &noise)
      let options = networks[round % networks.count]
      do throws(InterchangeError) {
        let weights = try ForeignWeights(named: arrays, keepsOrder: Bool.random(using: &noise))
        let result = try WeightImport(weights, options: options)
        successes += 1
        var expected: [String: [Int]] = [:]
        for (name, parameter) in result.network.parameters { expected[name] = parameter.shape }
        #expect(Set(result.tensors.map(\.name)) == Set(expected.keys), "round \(round)")
        #expect(result.tensors.allSatisfy { $0.shape == expected[$0.name] }, "round \(round)")
        #expect(result.tensors.count == expected.count, "round \(round)")
        // No array is dropped without a word, and none is used twice.
        #expect(Set(result.fates.map(\.name)).count == result.fates.count)
        let left = weights.notes.contains { $0.hasPrefix("left out") }
        #expect(left || result.fates.count == arrays.count, "round \(round): \(arrays.map(\.name))")
      } catch {
        failures += 1
        #expect(!error.description.isEmpty)
      }
    }
    #expect(successes > 100 && failures > 100)
  }
}
