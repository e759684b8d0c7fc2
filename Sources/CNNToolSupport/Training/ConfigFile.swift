import CNNCodecs
import CNNFiles

/// Options in a JSON file: an object whose members are named as the long options.
public enum ConfigFile {
  /// The command line with the options of every `--config FILE` put where it stands, so that later ones win.
  ///
  /// A string or a number becomes an option with a value, `true` a flag, an array an option several times; `false` and
  /// `null` are left out.
  ///
  /// - Throws: `FileError`, or `ToolFailure` for a file that is no such object.
  public static func expand(_ arguments: [String]) throws -> [String] {
    var expanded: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--config", let path = rest.popFirst() {
        expanded += try options(in: path)
      } else if argument.hasPrefix("--config=") {
        expanded += try options(in: String(argument.dropFirst("--config=".count)))
      } else {
        expanded.append(argument)
      }
    }
    return expanded
  }

  private static func options(in path: String) throws -> [String] {
    let members: [(name: String, node: JSONNode)]
    do {
      let bytes = try InputFile(path: path).readAll(limit: 1 << 20)
      members = try JSONNode(JSONReader.read(bytes)).members()
    } catch {
      throw ToolFailure(error, path: path)
    }
    return try members.flatMap { try arguments($0.name, $0.node.value, path: path) }
  }

  private static func arguments(_ name: String, _ value: JSONValue, path: String) throws -> [String] {
    switch value {
    case .null, .bool(false): return []
    case .bool(true): return ["--\(name)"]
    case .string(let text): return ["--\(name)", text]
    case .number: return ["--\(name)", JSONWriter.text(of: value)]
    case .array(let values): return try values.flatMap { try arguments(name, $0, path: path) }
    case .object:
      throw ToolFailure(path: path, "'\(name)' is an object, and no option takes one", status: .badData)
    }
  }
}
