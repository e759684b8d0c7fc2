import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNInterchange

/// Whatever the file, there is a network that makes sense or an error that says why not.
@Suite struct KerasMutationTests {
  /// True if there was a network.
  private func exercise(_ file: KerasFile) throws -> Bool {
    let result: ImportedNetwork
    do { result = try ImportedNetwork(file) } catch {
      #expect(!error.reason.isEmpty)
      return false
    }
    let shapes = try result.network.inferShapes()
    #expect(shapes[result.network.output]?.count == 1)
    #expect(Set(result.tensors.map(\.name)) == Set(result.network.parameters.map(\.name)))
    #expect(result.tensors.count == result.network.parameters.count)
    return true
  }

  @Test func bytesOfWeightsChanged() throws {
    var noise = SeededNoise(seed: 31)
    let files = try ["norm", "nested", "keras2", "bfloat16"].map { try TestKeras.bytes("\($0).h5") }
    var (models, networks) = (0, 0)
    for round in 0..<480 {
      var bytes = files[round % files.count]
      for _ in 0...round % 5 {
        let place = Int.random(in: bytes.indices, using: &noise)
        bytes[place] =
          round % 2 == 0 ? UInt8.random(in: 0...8, using: &noise) : bytes[place] ^ 1 << (noise.next() % 8)
      }
      guard let file = try? HDF5File(parsing: bytes), let model = try? KerasFile(file) else {
        continue
      }
      models += 1
      if try exercise(model) { networks += 1 }
      if let weights = try? KerasWeights.weights(in: file) {
        _ = try? WeightImport(weights, options: WeightImportOptions())
      }
    }
    #expect(models > 120 && networks > 50)
  }

  /// Values of configurations are exchanged for others: numbers, texts, lists, members, whole layers.
  @Test func configurationsShuffled() throws {
    var noise = SeededNoise(seed: 32)
    let files = try ["norm", "strides", "nested", "average", "rescaled", "channels_first", "lenet"].map {
      try KerasFile(ZipArchive(parsing: TestKeras.bytes("\($0).keras")))
    }
    var pool: [JSONValue] = [
      .null, .bool(true), .bool(false), .number(-1), .number(0), .number(1), .number(2), .number(0.5),
      .number(2_147_483_647), .number(9e15), .string("same"), .string("valid"), .string("channels_first"),
      .array([]), .array([.number(3), .number(0)]), .object([]), .string("Dense"), .string("Flatten"),
    ]
    for file in files { collect(file.config, &pool) }
    var networks = 0
    for round in 0..<1000 {
      let file = files[round % files.count]
      var config = file.config
      for _ in 0...round % 3 { config = mutated(config, pool, &noise) }
      if try exercise(KerasFile(config: config, weights: file.weights, form: file.form)) { networks += 1 }
    }
    #expect(networks > 100)
  }

  private func collect(_ value: JSONValue, _ pool: inout [JSONValue]) {
    switch value {
    case .array(let elements):
      pool.append(value)
      for element in elements { collect(element, &pool) }
    case .object(let members):
      pool.append(value)
      for member in members { collect(member.value, &pool) }
    default: pool.append(value)
    }
  }

  /// One value, on a random way down, replaced, removed or doubled.
  private func mutated(_ value: JSONValue, _ pool: [JSONValue], _ noise: inout SeededNoise) -> JSONValue {
    switch value {
    case .array(var elements) where !elements.isEmpty:
      let index = Int.random(in: elements.indices, using: &noise)
      switch noise.next() % 12 {
      case 0: elements.remove(at: index)
      case 1: elements.insert(elements[index], at: index)
      case 2: elements.swapAt(index, Int.random(in: elements.indices, using: &noise))
      default: elements[index] = mutated(elements[index], pool, &noise)
      }
      return .array(elements)
    case .object(var members) where !members.isEmpty:
      let index = Int.random(in: members.indices, using: &noise)
      if noise.next() % 16 == 0 {
        members.remove(at: index)
      } else {
        members[index].value = mutated(members[index].value, pool, &noise)
      }
      return .object(members)
    default: return pool[Int.random(in: pool.indices, using: &noise)]
    }
  }
}
