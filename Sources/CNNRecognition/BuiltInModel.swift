import CBuiltInModel
import CNNFiles
import CNNModelFile

/// The model that is part of the program: a network that reads handwritten digits, for who has no model of their own.
///
/// It is an ordinary model file, with all its checksums. docs/built-in-model.md says how it was trained and how well
/// it does.
public enum BuiltInModel {
  /// What it is called where files have names.
  public static let name = "built-in model"

  /// The file's bytes, which are there as long as the program runs.
  public static var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: cnn_built_in_model(), count: cnn_built_in_model_size())
  }

  /// Reads and verifies it.
  ///
  /// - Throws: `ModelFileError` for a program that is damaged.
  public static func load() throws -> ModelFile {
    try ModelFileReader.read(from: MemorySource([UInt8](bytes)))
  }
}
