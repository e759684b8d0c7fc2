import CNNCodecs
import CNNFiles
import CNNInterchange
import CNNModelFile
import CNNTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How far an input is read before it is known what it is.
@Suite struct LoadingTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func refusal(_ bytes: [UInt8]) throws -> LoadFailure {
    let path = try folder.write("input", bytes)
    return try #require(throws: LoadFailure.self) { try LoadedInput(path: path) }
  }

  /// A gzip file of `beginning` and so many zeros that they take `megabytes`; about 1,000 times smaller.
  private func bomb(_ beginning: [UInt8], megabytes: Int) throws -> [UInt8] {
    // Members may follow each other: the zeros are compressed once.
    let zeros = try Gzip.compress([UInt8](repeating: 0, count: 1 << 20), level: 9)
    return try Gzip.compress(beginning) + [[UInt8]](repeating: zeros, count: megabytes).joined()
  }

  @Test func theContentOfGzipIsKnownByItsBeginning() throws {
    let damaged = try bomb([], megabytes: 4).dropLast(5) + [0xFF]
    // The damage at the end is never reached.
    let failure = try refusal([UInt8](damaged))
    guard case .unknownFormat(let beginning)? = failure.underlying as? InterchangeError else {
      Issue.record("\(failure)")
      return
    }
    #expect(beginning.allSatisfy { $0 == 0 })
  }

  @Test func anIDXFileInGzipIsReadAsFarAsItsHeaderSays() throws {
    let file: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3]
    let failure = try refusal(bomb(file, megabytes: 300))
    #expect(failure.underlying as? IDXError == .trailingBytes(count: nil, offset: 11))
    #expect(failure.isDecompressed)
    let huge = try refusal(bomb([0, 0, 8, 2, 0x7F, 0xFF, 0xFF, 0xFF, 0, 0, 1, 0], megabytes: 1))
    #expect(huge.underlying as? InterchangeError == .expandsTooMuch(limit: 1 << 28))
    let short = try refusal(bomb([0, 0, 8, 1, 0, 0x20, 0, 0], megabytes: 1))
    #expect(short.underlying as? IDXError == .tooShort(needed: 1 << 21, available: 1 << 20, offset: 8))
  }

  @Test func safetensorsInGzipAreReadAsFarAsTheirHeaderSays() throws {
    let failure = try refusal(bomb([2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8), megabytes: 300))
    #expect(
      failure.underlying as? ModelFileError == .safetensors(.bytesAfterEnd(position: 10)))
  }

  @Test func aPickleInGzipExpandsOnlySoFar() throws {
    let header: [UInt8] = [0x80, 4, 0x8E, 0, 0, 0, 0x20, 0, 0, 0, 0]
    let failure = try refusal(bomb(header, megabytes: 300))
    #expect(failure.underlying as? InterchangeError == .expandsTooMuch(limit: 1 << 28))
  }

  @Test func aModelFileInGzipIsRead() throws {
    let file = ModelFile(
      manifest: Manifest(
        kind: .dataset, divisor: 255, provenance: Provenance(tool: "test", version: "1")),
      tensors: [Tensor(name: "test.images", elementType: .uint8, shape: [1, 2, 2], bytes: [1, 2, 3, 4])])
    let bytes = try Gzip.compress(ModelFileWriter.encode(file))
    let loaded = try LoadedInput(path: folder.write("model.gz", bytes))
    #expect(loaded.isCompressed)
    guard case .modelFile(file) = loaded.content else {
      Issue.record("\(loaded.contentName)")
      return
    }
    let cut = try refusal(Array(bytes.dropLast(9)))
    #expect(cut.underlying is GzipError)
    #expect(!cut.isDecompressed)
  }

  @Test func anEndlessPipeIsReadAsFarAsItsHeaderSays() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[1]) }
    // The pipe stays open: who wants to read to its end waits for ever.
    let file: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3] + [UInt8](repeating: 0, count: 4096)
    try #require(write(ends[1], file, file.count) == file.count)
    defer { close(ends[0]) }
    let failure = try #require(throws: LoadFailure.self) { try LoadedInput(path: "/dev/fd/\(ends[0])") }
    #expect(failure.underlying as? IDXError == .trailingBytes(count: nil, offset: 11))
  }
}
