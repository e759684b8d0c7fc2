import ArgumentParser
import CNNFiles

/// The endings of files' names that a tool insists on, so that nobody is surprised by what is in them.
public enum OutputSuffix {
  /// Refuses a file of another ending, whatever its letters' case. Standard output, devices and pipes have none.
  ///
  /// - Parameters:
  ///   - path: the output; nothing is refused if nil.
  ///   - suffix: with its dot: `.png`.
  ///   - only: what the format is the only one of: `of charts`.
  /// - Throws: `ValidationError`.
  public static func check(_ path: String?, _ suffix: String, only: String) throws {
    guard let path, path != "-", !path.lowercased().hasSuffix(suffix), OutputFile.isRegular(path) else {
      return
    }
    throw ValidationError("'\(path)' does not end in \(suffix), the only format \(only)")
  }
}
