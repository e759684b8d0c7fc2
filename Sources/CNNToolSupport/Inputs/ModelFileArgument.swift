import CNNFiles
import CNNModelFile

/// A model file named on the command line.
public enum ModelFileArgument {
  /// Reads and verifies a model or a checkpoint.
  ///
  /// - Throws: `FileError`, or `ToolFailure` for a file that is damaged, foreign or a data set.
  public static func load(_ path: String) throws -> ModelFile {
    let file = try InputFile(path: path)
    let model: ModelFile
    do {
      model = try ModelFileReader.read(from: file)
    } catch let error as FileError {
      throw error
    } catch {
      throw ToolFailure(error, path: path)
    }
    guard model.manifest.network != nil else {
      throw ToolFailure(
        path: path, "this is a \(model.manifest.kind.rawValue) file; a model is needed", status: .badData)
    }
    return model
  }
}
