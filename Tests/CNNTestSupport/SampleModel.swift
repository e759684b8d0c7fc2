import CNNFiles
import CNNInterchange
import CNNModelFile

/// The sample weights, converted: `simple-convnet` as the book trained it.
public enum SampleModel {
  /// Converts the pickle.
  ///
  /// - Throws: what the conversion throws.
  public static func make() throws -> ModelFile {
    let input = try LoadedInput(path: RepositoryPaths.root + "/samples/simple_convnet_params.pkl")
    return try Conversion([input], options: .init(), tool: "test", version: "0").file
  }

  private static let folder = Result { try TemporaryFolder() }

  /// The converted weights as a file.
  ///
  /// - Throws: what the conversion throws, `FileError`.
  public static func path() throws -> String {
    let path = try folder.get().path("model.safetensors")
    try make().write(to: path, replacing: true)
    return path
  }
}
