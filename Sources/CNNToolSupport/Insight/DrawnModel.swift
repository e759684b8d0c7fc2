import CNNCodecs
import CNNFiles
public import CNNInsight
public import CNNModelFile
import CNNPictures
import CNNRecognition

/// A model that is looked at, and what it is called in messages.
public struct DrawnModel {
  /// The file's content.
  public let file: ModelFile
  /// The path, or what the built-in model is called.
  public let name: String

  /// Reads a model file, or takes the model that is part of the program if there is no path.
  ///
  /// - Throws: `FileError` or `ToolFailure`.
  public init(_ path: String?) throws {
    name = path ?? BuiltInModel.name
    file = try path.map(ModelFileArgument.load) ?? BuiltInModel.load()
  }

  /// What stands above the model's sheet: the file's name without folders and extension.
  public var caption: String {
    let base = InputFile.baseName(of: name)
    let suffix = ".safetensors"
    return base.hasSuffix(suffix) && base.utf8.count > suffix.utf8.count
      ? String(base.dropLast(suffix.count)) : base
  }

  /// The network, ready to be looked through.
  ///
  /// - Throws: `ToolFailure`.
  public func learnt() throws(ToolFailure) -> LearntNetwork {
    try explaining { () throws(InsightError) in try LearntNetwork(file) }
  }

  /// Does something with the model, and says of a failure that it is the model's.
  ///
  /// - Parameters:
  ///   - layer: the one that is drawn, for a sheet that is too large.
  ///   - advice: what to do about a sheet that is too large at any scale: `draw another layer`.
  /// - Throws: `ToolFailure`.
  func explaining<Value, Failure: Error>(
    layer: String? = nil, advice: @autoclosure () -> String = "draw another layer",
    _ body: () throws(Failure) -> Value
  ) throws(ToolFailure) -> Value {
    do {
      return try body()
    } catch {
      throw ToolFailure(
        path: name, Self.explanation(error, layer: layer, advice: advice), status: .badData)
    }
  }

  /// A failure as a sentence; of a sheet that is too large it says what makes it smaller.
  private static func explanation(_ error: any Error, layer: String?, advice: () -> String) -> String {
    switch error {
    case FilterSheet.Failure.sheet(let layer, let failure):
      explanation(failure, layer: layer, advice: advice)
    case Sheet.Failure.tooLarge(let width, let height, let fittingScale):
      (layer.map { "layer \($0): " } ?? "") + Sheet.Failure.size(width, height)
        + (fittingScale.map { "; --scale \($0) is the greatest that fits" }
          ?? "; not even --scale 1 fits: \(advice())")
    default: String(describing: error)
    }
  }
}
