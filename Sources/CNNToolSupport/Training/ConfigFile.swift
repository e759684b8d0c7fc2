import CNNCodecs
import CNNFiles

/// Options in a JSON file: an object whose members are named as the long options.
public enum ConfigFile {
  /// The command line with the options of every `--config FILE` before its own, without those that it gives itself:
  /// it wins.
  ///
  /// A string or a number becomes an option with a value, `true` a flag, an array an option several times; `false` and
  /// `null` are left out. `epochs` and `steps` say the same, so that one on the command line does away with the other in
  /// a file.
  ///
  /// - Throws: `FileError`, or `ToolFailure` for a file that is no such object.
  public static func expand(_ arguments: [String]) throws -> [String] {
    var own: [String] = []
    var paths: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        own += [argument] + rest
        break
      } else if argument == "--config", let path = rest.popFirst() {
        paths.append(path)
      } else if argument.hasPrefix("--config=") {
        paths.append(String(argument.dropFirst("--config=".count)))
      } else {
        own.append(argument)
      }
    }
    var given = Set(own.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }.map(name))
    if given.contains("--steps") { given.insert("--epochs") }
    if given.contains("--epochs") { given.insert("--steps") }
    let fromFiles = try paths.flatMap { try options(in: $0) }
    return fromFiles.filter { !given.contains(name(of: $0)) } + own
  }

  /// `--lr` of `--lr=0.1`.
  private static func name(of argument: String) -> String {
    String(argument.prefix { $0 != "=" })
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
    case .string(let text): return ["--\(name)=\(text)"]
    case .number: return ["--\(name)=\(JSONWriter.text(of: value))"]
    case .array(let values): return try values.flatMap { try arguments(name, $0, path: path) }
    case .object:
      throw ToolFailure(path: path, "'\(name)' is an object, and no option takes one", status: .badData)
    }
  }
}
