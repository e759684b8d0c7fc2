import CNNCodecs
import CNNFiles

/// Options in a JSON file, an object whose members are named as the long options, and those that a recipe stands for.
public enum ConfigFile {
  /// The command line with the options of its recipe and then those of every `--config FILE` before its own.
  ///
  /// The command line wins over files, and files over the recipe, whatever their order: what a stronger place gives is
  /// left out of the weaker ones. A string or a number becomes an option with a value, `true` a flag, an array an
  /// option several times; `false` and `null` ask for the default, also where a recipe says something else. `epochs` and
  /// `steps` say the same, so that one does away with the other in a weaker place; and a base (`--from`) brings its
  /// network, so that the recipe's is not taken.
  ///
  /// - Throws: `FileError`, or `ToolFailure` for a file that is no such object. A recipe that does not exist adds
  ///   nothing; it is refused when the command line is parsed.
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
    var given = Names(own.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }.map(name))
    let files = try paths.map { try Options(path: $0) }
    let fromFiles = files.flatMap(\.arguments).filter { !given.contains(name(of: $0)) }
    given.formUnion(files.flatMap(\.names))
    guard let recipe = recipe(in: fromFiles + own) else { return fromFiles + own }
    if given.contains("--from") { given.formUnion(["--architecture"]) }
    let options = try Options(recipe.options, path: recipe.name)
    return options.arguments.filter { !given.contains(name(of: $0)) } + fromFiles + own
  }

  /// `--lr` of `--lr=0.1`.
  private static func name(of argument: String) -> String {
    String(argument.prefix { $0 != "=" })
  }

  /// The last recipe that is asked for, if it exists.
  private static func recipe(in arguments: [String]) -> Recipe? {
    let options = arguments.prefix { $0 != "--" }
    guard let last = options.lastIndex(where: { name(of: $0) == "--recipe" }) else { return nil }
    let isAlone = options[last] == "--recipe"
    let value = isAlone ? options[(last + 1)...].first : String(options[last].dropFirst("--recipe=".count))
    return value.flatMap { try? Recipe(named: $0) }
  }

  /// The long names of options, among which `--epochs` and `--steps` stand for each other.
  private struct Names {
    private var names: Set<String> = []

    init(_ names: [String]) { formUnion(names) }

    mutating func formUnion(_ others: [String]) {
      names.formUnion(others)
      if names.contains("--steps") { names.insert("--epochs") }
      if names.contains("--epochs") { names.insert("--steps") }
    }

    func contains(_ name: String) -> Bool { names.contains(name) }
  }

  /// The options of a file or a recipe.
  private struct Options {
    /// As on the command line: `--lr=0.1`.
    let arguments: [String]
    /// The names that are said anything about, with their hyphens.
    let names: [String]

    init(_ members: [JSONValue.Member], path: String) throws {
      arguments = try members.flatMap { try Self.arguments($0.name, $0.value, path: path) }
      names = members.map { "--\($0.name)" }
    }

    init(path: String) throws {
      let members: [JSONValue.Member]
      do {
        let bytes = try InputFile(path: path).readAll(limit: 1 << 20)
        members = try JSONNode(JSONReader.read(bytes)).members().map { .init($0.name, $0.node.value) }
      } catch {
        throw ToolFailure(error, path: path)
      }
      try self.init(members, path: path)
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
}
