import CNNCodecs
import CNNFiles
import CNNModelFile
import Testing

/// Tensors whose elements stand in another array.
@Suite struct TensorTests {
  private static func array(_ values: [Float], _ shape: [Int]) throws -> NumericArray {
    let storage = [0xEE] + values.withUnsafeBytes { [UInt8]($0) } + [0xEE]
    return try #require(
      NumericArray(elementType: .float32, shape: shape, storage: storage, range: 1..<storage.count - 1))
  }

  @Test func viewIsEqualToItsBytes() throws {
    let view = ArrayView(try Self.array([1, 2, 3, 4, 5, 6], [2, 3])).transposed([1, 0])
    let lazy = Tensor(name: "a", shape: [3, 2], elements: view)
    let plain = Tensor(name: "a", shape: [3, 2], values: [1, 4, 2, 5, 3, 6])
    #expect(lazy == plain)
    #expect(lazy.bytes == plain.bytes)
    #expect(lazy.crc32 == plain.crc32)
    #expect(lazy.floats() == plain.floats())
    #expect(lazy.array.shape == [3, 2])
    #expect(lazy != Tensor(name: "a", shape: [3, 2], values: [1, 2, 3, 4, 5, 6]))
    #expect(lazy != Tensor(name: "a", shape: [2, 3], values: [1, 4, 2, 5, 3, 6]))
  }

  @Test func writerTakesViews() throws {
    let pictures = try #require(
      NumericArray(elementType: .uint8, shape: [2, 2, 3], storage: Array(0..<12), range: 0..<12))
    let view = Tensor(
      name: "train.images", shape: [2, 3, 2], elements: ArrayView(pictures).transposed([0, 2, 1]))
    let plain = Tensor(
      name: "train.images", elementType: .uint8, shape: [2, 3, 2],
      bytes: [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11])
    let labels = Tensor(name: "train.labels", elementType: .uint8, shape: [2], bytes: [0, 1])
    func file(_ images: Tensor) -> ModelFile {
      ModelFile(
        manifest: Manifest(
          kind: .dataset, labels: ["0", "1"], divisor: 255, provenance: Provenance(tool: "test", version: "1")
        ),
        tensors: [images, labels])
    }
    let bytes = try ModelFileWriter.encode(file(plain))
    #expect(try ModelFileWriter.encode(file(view)) == bytes)
    let sink = MemorySink()
    try ModelFileWriter.write(file(view), to: sink)
    #expect(sink.bytes == bytes)
    #expect(try ModelFileReader.read(from: MemorySource(bytes)) == file(view))
  }
}
