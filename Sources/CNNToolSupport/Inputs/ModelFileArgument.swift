import CNNFiles
import CNNInterchange
import CNNModelFile

/// A model file named on the command line.
public enum ModelFileArgument {
  /// Reads and verifies a model or a checkpoint.
  ///
  /// - Throws: `FileError`, or `ToolFailure` for a file that is damaged, foreign or a data set.
  public static func load(_ path: String) throws -> ModelFile {
    let file = try InputFile(path: path)
    if let advice = advice(on: FileFormat(beginning: try file.peek(64))) {
      throw ToolFailure(path: path, advice, status: .badData)
    }
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

  /// What to do with a file that is no model file for sure; nil for one that may be.
  private static func advice(on format: FileFormat?) -> String? {
    switch format {
    case .safetensors, nil: nil
    case .png, .idx, .csv, .npy: format.map { "this is \($0.name); a model file is needed" }
    case .zip:
      "this is a zip archive, as npz files and those of PyTorch and Keras are; mnist-convert makes a model file of the "
        + "weights in it"
    case .pickle, .gzip, .json, .hdf5, .torch, .onnx:
      format.map { "this is \($0.name); mnist-convert makes a model file of the weights in it" }
    }
  }
}
