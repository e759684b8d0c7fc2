import CNNCodecs
import CNNTestSupport
import Testing

/// Whatever the bytes, there is a model or an error within the input.
@Suite struct ONNXRandomTests {
  static let seed: UInt64 = 0x0EED_0002

  /// Reads, and looks at everything that was read; true if there was a model.
  @discardableResult static func exercise(_ bytes: [UInt8]) -> Bool {
    do {
      let model = try ONNXModel(parsing: bytes)
      for tensor in model.graph.initializers {
        #expect(tensor.array.range.count <= 8 * bytes.count)
        _ = tensor.array.doubles()
      }
      _ = model.encoded()
      return true
    } catch {
      let offset = error.offset ?? -1
      #expect(offset >= 0 && offset <= bytes.count)
      #expect(!error.reason.isEmpty)
      return false
    }
  }

  @Test func randomBytes() {
    var noise = SeededNoise(seed: Self.seed)
    for _ in 0..<3000 {
      let count = Int.random(in: 1...64, using: &noise)
      Self.exercise(noise.bytes(count))
      Self.exercise([0x08, 0x08, 0x3A, UInt8(count)] + noise.bytes(count))
    }
  }

  @Test func mutations() throws {
    var noise = SeededNoise(seed: Self.seed)
    let files = try (["tensors", "canonical"] + ONNXGoldenTests.networks).map {
      try ONNXGoldenTests.golden("\($0).onnx")
    }
    var whole = 0
    for round in 0..<3000 {
      let file = files[round % files.count]
      var bytes = file
      for _ in 0...round % 3 {
        let place = Int.random(in: bytes.indices, using: &noise)
        switch Int.random(in: 0..<4, using: &noise) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &noise)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &noise)
        case 2: bytes.remove(at: place)
        default:
          let length = min(Int.random(in: 1...16, using: &noise), file.count)
          let from = Int.random(in: 0...file.count - length, using: &noise)
          bytes.insert(contentsOf: file[from..<from + length], at: place)
        }
      }
      if round % 5 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &noise)) }
      if Self.exercise(bytes) { whole += 1 }
    }
    #expect(whole > 100)
  }

  @Test func everyTruncation() throws {
    let bytes = try ONNXGoldenTests.golden("canonical.onnx")
    for count in bytes.indices {
      // A message that ends between two fields of the model is one still.
      Self.exercise(Array(bytes[..<count]))
    }
  }

  /// Tens of thousands of nodes, attributes and tensors of almost no bytes.
  @Test func manySmallMessages() throws {
    var writer = ProtobufWriter()
    writer.message(7) { graph in
      for _ in 0..<20_000 { graph.bytes(1, [0x2A, 0x00, 0x0A, 0x00]) }
    }
    let model = try ONNXModel(parsing: writer.bytes)
    #expect(model.graph.nodes.count == 20_000)
    #expect(model.graph.nodes.allSatisfy { $0.attributes.count == 1 && $0.inputs == [""] })
  }
}
