import CNNCodecs
import CNNModelFile

/// The model of the dump in `formats/model-file.md`: one linear layer of two inputs and two outputs.
enum TinyModel {
  static let network = NetworkDescription(
    inputShape: [2],
    nodes: [
      .init(name: "fc", operation: .linear(.init(inputFeatures: 2, outputFeatures: 2)), inputs: ["input"])
    ],
    output: "fc")

  static let manifest = Manifest(
    kind: .model, network: network, labels: ["no", "yes"],
    preprocessing: Preprocessing(normalization: .none),
    provenance: Provenance(
      tool: "mnist-convert", version: "0.1.0",
      sources: [.init(name: "tiny.pkl", size: 9, crc32: 0xCBF4_3926)]))

  static let bias = Tensor(name: "fc.bias", shape: [2], values: [0.25, -1])
  static let weight = Tensor(name: "fc.weight", shape: [2, 2], values: [1, -2, 0.5, 0])

  static let file = ModelFile(manifest: manifest, tensors: [bias, weight])

  static func bytes() throws -> [UInt8] { try ModelFileWriter.encode(file) }
}
