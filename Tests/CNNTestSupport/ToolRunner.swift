#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Runs the executables as people meet them.
public struct ToolRunner {
  /// What a process left behind.
  public struct Result: Sendable {
    /// The exit status, or 128 + the signal's number.
    public let status: Int32
    /// The bytes on standard output.
    public let outputBytes: [UInt8]
    /// The text on standard error.
    public let error: String

    /// The bytes on standard output as text.
    public var output: String { String(decoding: outputBytes, as: UTF8.self) }
  }

  /// The folder of the built executables: that of the running test bundle.
  public static let binaries: String = {
    var path = CommandLine.arguments[0]
    if let marker = path.range(ofSlice: ".xctest") { path = String(path[..<marker]) }
    var parts = path.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast()
    return parts.joined(separator: "/")
  }()

  /// Whether the tests run under ThreadSanitizer, as `scripts/sanitize thread` runs them.
  public static let isThreadSanitized = getenv("TSAN_OPTIONS") != nil

  /// What sanitizers are told, which the tools must be told too where they are built with one.
  private static let sanitizerOptions: [String] = {
    let names: [String] = ["ASAN_OPTIONS", "TSAN_OPTIONS", "SWIFT_BACKTRACE"]
    return names.compactMap { name in getenv(name).map { "\(name)=\(String(cString: $0))" } }
  }()

  /// Runs a tool and waits for it. Output goes through files, so that no pipe can fill up.
  ///
  /// - Parameters:
  ///   - tool: the executable's name, or a path with a slash in it.
  ///   - folder: the working folder.
  ///   - input: what standard input gives; nothing if nil.
  public static func run(
    _ tool: String, _ arguments: [String], in folder: TemporaryFolder, input: [UInt8]? = nil
  )
    throws -> Result
  {
    let scratch = try TemporaryFolder()
    let inputPath = scratch.path("in")
    try scratch.write("in", input ?? [])
    let executable = tool.contains("/") ? tool : "\(binaries)/\(tool)"

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, inputPath, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, scratch.path("out"), O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, scratch.path("err"), O_WRONLY | O_CREAT, 0o600)

    // The shell sees to the working folder, which posix_spawn cannot do everywhere.
    let shell = ["/bin/sh", "-c", #"cd "$1" && shift && exec "$@""#, "sh", folder.root, executable]
    let argv = (shell + arguments).map { strdup($0) } + [nil]
    defer { argv.forEach { free($0) } }
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    let environment =
      ["PATH=\(binaries):\(path)", "LC_ALL=C.UTF-8", "HOME=\(scratch.root)"] + sanitizerOptions
    let envp = environment.map { strdup($0) } + [nil]
    defer { envp.forEach { free($0) } }

    var pid = pid_t()
    let status = posix_spawn(&pid, shell[0], &actions, nil, argv, envp)
    guard status == 0 else { throw SystemError(call: "posix_spawn \(executable)", code: status) }
    var wait: Int32 = 0
    while waitpid(pid, &wait, 0) < 0 {
      guard errno == EINTR else { throw SystemError(call: "waitpid", code: errno) }
    }
    let signal = wait & 0x7F
    return Result(
      status: signal == 0 ? (wait >> 8) & 0xFF : 128 + signal, outputBytes: try scratch.read("out"),
      error: String(decoding: try scratch.read("err"), as: UTF8.self))
  }
}

/// A call of the operating system that failed in a test.
public struct SystemError: Error {
  /// What was called.
  public let call: String
  /// The error's number.
  public let code: Int32
}

extension String {
  fileprivate func range(ofSlice text: String) -> Index? {
    var index = startIndex
    while index < endIndex {
      if self[index...].hasPrefix(text) { return index }
      index = self.index(after: index)
    }
    return nil
  }
}
