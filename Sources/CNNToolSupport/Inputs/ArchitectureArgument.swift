import CNNFiles
import CNNInterchange
import CNNModelFile

/// What `--architecture` names: a preset, or a JSON file with a graph.
public enum ArchitectureArgument {
  case preset(Architecture)
  case graph(NetworkDescription)

  /// The most bytes that a graph file may have.
  private static let fileLimit = 16 << 20

  /// Reads the argument: a preset's name, or, if it ends in `.json` or has a slash, a file.
  ///
  /// - Throws: `ToolFailure`, of usage for a name that is not understood.
  public init(_ argument: String) throws(ToolFailure) {
    guard argument.lowercased().hasSuffix(".json") || argument.contains("/") else {
      do {
        self = .preset(try Architecture(name: argument))
      } catch {
        throw ToolFailure("--architecture: \(error)", status: .usage)
      }
      return
    }
    do {
      let bytes = try InputFile(path: argument).readAll(limit: Self.fileLimit)
      self = .graph(try NetworkDescription(parsingArchitecture: bytes))
    } catch {
      throw ToolFailure(error, path: argument)
    }
  }
}
