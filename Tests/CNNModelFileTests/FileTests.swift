import CNNCodecs
import CNNFiles
import CNNModelFile
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct FileTests {
  private let path = "/tmp/cnn-model-file-\(getpid())-\(UInt32.random(in: .min ... .max)).safetensors"

  @Test func aFileComesBackFromTheDisk() throws {
    defer { unlink(path) }
    try TinyModel.file.write(to: path, replacing: false)
    #expect(try ModelFile(contentsOf: path) == TinyModel.file)
    #expect(try InputFile(path: path).readAll() == (try TinyModel.bytes()))
    #expect(throws: FileError(path: path, operation: .create, reason: .alreadyExists)) {
      try TinyModel.file.write(to: path, replacing: false)
    }
  }

  @Test func aFileThatCannotBeWrittenIsNotBegun() throws {
    defer { unlink(path) }
    var file = TinyModel.file
    file.tensors.removeLast()
    #expect(throws: ModelFileError.content(.missingTensor("fc.weight"))) {
      try file.write(to: path, replacing: false)
    }
    #expect(throws: FileError(path: path, operation: .open, reason: .system(errno: ENOENT))) {
      try ModelFile(contentsOf: path)
    }
  }

  @Test func theOrderOfTensorsAndMembersDoesNotChangeTheBytes() throws {
    var file = TinyModel.file
    file.tensors.reverse()
    #expect(try ModelFileWriter.encode(file) == (try TinyModel.bytes()))
    let sink = MemorySink()
    try ModelFileWriter.write(file, to: sink)
    #expect(sink.bytes == (try TinyModel.bytes()))
    var manifests = [TinyModel.manifest, TinyModel.manifest]
    manifests[0].provenance.options = [("b", .number(1)), ("a", .bool(true))]
    manifests[1].provenance.options = [("a", .bool(true)), ("b", .number(1))]
    let encoded = try manifests.map {
      try ModelFileWriter.encode(ModelFile(manifest: $0, tensors: file.tensors))
    }
    #expect(encoded[0] == encoded[1])
  }
}
