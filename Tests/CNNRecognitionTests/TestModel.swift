import CNNInterchange
import CNNModelFile
import CNNTestSupport

/// The sample weights, converted.
enum TestModel {
  static func make() throws -> ModelFile {
    let input = try LoadedInput(path: RepositoryPaths.root + "/samples/simple_convnet_params.pkl")
    return try Conversion([input], options: .init(), tool: "test", version: "0").file
  }

  private static let folder = Result { try TemporaryFolder() }

  /// The converted weights as a file.
  static func path() throws -> String {
    let path = try folder.get().path("model.safetensors")
    try make().write(to: path, replacing: true)
    return path
  }
}
