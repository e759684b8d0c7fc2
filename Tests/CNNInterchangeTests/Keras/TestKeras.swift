import CNNCodecs
import CNNFiles
import CNNModelFile
import CNNTestSupport

@testable import CNNInterchange

/// Models of Keras made of texts, over the weights of a real file.
enum TestKeras {
  static let folder = RepositoryPaths.root + "/Tests/CNNInterchangeTests/Fixtures/keras/"

  /// The bytes of a golden file, out of its gzip file.
  static func bytes(_ name: String) throws -> [UInt8] {
    try Gzip.decompress(TemporaryFolder.read(folder + name + ".gz"))
  }

  /// One layer: its class and the members of its settings.
  static func layer(_ className: String, _ settings: String = "", name: String? = nil) -> String {
    let name = name ?? className.lowercased()
    let settings = settings.isEmpty ? "" : ", " + settings
    return #"{"class_name": "\#(className)", "config": {"name": "\#(name)"\#(settings)}}"#
  }

  static func input(_ shape: String) -> String {
    layer("InputLayer", #""batch_shape": [null, \#(shape)]"#, name: "input")
  }

  /// A Sequential model of layers.
  static func sequential(_ layers: [String], input: String? = "28, 28, 1") -> String {
    let all = (input.map { [Self.input($0)] } ?? []) + layers
    return
      #"{"class_name": "Sequential", "config": {"name": "model", "layers": [\#(all.joined(separator: ", "))]}}"#
  }

  /// A layer of a Functional model and what it reads, as Keras 2 has it.
  static func node(_ className: String, _ name: String, _ inputs: [String], _ settings: String = "") -> String
  {
    let call = inputs.map { #"["\#($0)", 0, 0, {}]"# }.joined(separator: ", ")
    let nodes = inputs.isEmpty ? "[]" : "[[\(call)]]"
    let settings = settings.isEmpty ? "" : ", " + settings
    return
      #"{"class_name": "\#(className)", "name": "\#(name)", "config": {"name": "\#(name)"\#(settings)}, "inbound_nodes": \#(nodes)}"#
  }

  /// A Functional model.
  static func functional(_ layers: [String], inputs: [String] = ["x"], outputs: [String] = ["y"]) -> String {
    func list(_ names: [String]) -> String {
      names.map { #"["\#($0)", 0, 0]"# }.joined(separator: ", ")
    }
    return #"{"class_name": "Functional", "config": {"name": "model", "layers": ["#
      + layers.joined(separator: ", ")
      + #"], "input_layers": [\#(list(inputs))], "output_layers": [\#(list(outputs))]}}"#
  }

  /// The model over the weights of `simple.weights.h5`: `conv2d` [5, 5, 1, 2], `dense` [288, 6], `dense_1` [6, 4].
  static func file(_ config: String) throws -> KerasFile {
    KerasFile(
      config: try JSONReader.read(Array(config.utf8)),
      weights: try HDF5File(parsing: bytes("simple.weights.h5")), form: .variables)
  }

  static func importing(_ config: String) throws -> ImportedNetwork { try ImportedNetwork(file(config)) }

  /// A zip archive of stored entries.
  static func archive(_ entries: [(name: String, content: [UInt8])]) throws -> ZipArchive {
    let sink = MemorySink()
    var writer = ZipWriter(sink)
    for (name, content) in entries { try writer.add(name, content) }
    try writer.finish()
    return try ZipArchive(parsing: sink.bytes)
  }
}
