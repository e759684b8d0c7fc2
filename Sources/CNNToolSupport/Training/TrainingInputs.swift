import CNNCodecs
import CNNFiles
import CNNInsight

/// The inputs of `cnn-train`, known by their content: data to learn from, and logs of earlier trainings.
public struct TrainingInputs {
  /// The data files.
  public let data: [String]
  private let logs: [(path: String, log: TrainingLog)]

  /// Looks at inputs, and reads those that are logs.
  ///
  /// Standard input and pipes are data if there is a training: what is looked at there is gone.
  ///
  /// - Parameter trains: whether there is to be a training; else all inputs have to be logs.
  /// - Throws: `FileError`; `ToolFailure` for a log that is damaged, with its line, for logs that are too long together,
  ///   and if no input is what is needed.
  public init(_ paths: [String], trains: Bool) throws {
    // What is no regular file is not even opened: a pipe that was closed again has lost its writer.
    let looked = try paths.filter { !trains || OutputFile.isRegular($0) }.map { path in
      let file = try InputFile(path: path)
      let beginning = try file.peek(4096)
      return (file: file, isLog: TrainingLog.isLog(beginning: beginning), isEmpty: beginning.isEmpty)
    }
    if !trains, !looked.contains(where: \.isLog), !looked.allSatisfy(\.isEmpty) {
      throw ToolFailure(
        "no output; name the model file to write with -o (without one, all inputs have to be training logs)",
        status: .usage)
    }
    let files = looked.filter { $0.isLog || !trains }.map(\.file)
    let logPaths = Set(files.map(\.path))
    data = trains ? paths.filter { !logPaths.contains($0) } : []
    if trains, data.isEmpty {
      throw ToolFailure(
        "no data beside the logs; name a data set file or IDX files, or leave out -o to see the logs",
        status: .usage)
    }
    var (lineCount, byteCount) = (0, 0)
    logs = try files.map { file in
      let log: TrainingLog
      do {
        let bytes = try file.readAll(limit: TrainingLog.maximumByteCount)
        log = try TrainingLog(parsing: bytes)
        byteCount += bytes.count
      } catch {
        throw ToolFailure(error, path: file.path)
      }
      lineCount += log.records.count
      guard lineCount <= TrainingLog.maximumLineCount, byteCount <= TrainingLog.maximumByteCount else {
        throw ToolFailure(
          path: file.path,
          "the logs have more than \(NumberFormat.grouped(TrainingLog.maximumLineCount)) lines, or more than "
            + "\(NumberFormat.byteCount(TrainingLog.maximumByteCount)), together; compare fewer of them",
          status: .badData)
      }
      return (file.path, log)
    }
  }

  /// The path of the first log; nil for none.
  public var firstLog: String? { logs.first?.path }

  /// The logs under names of their own, behind the training that is under way.
  ///
  /// - Parameter own: where that training's model goes, and its log; nil for none.
  public func runs(behind own: (output: String, log: TrainingLog)? = nil) -> [CurveCharts.Run] {
    let all = (own.map { [(path: $0.output, log: $0.log)] } ?? []) + logs
    let names = RunNames.unique(all.map { $0.path == "-" && own != nil ? "this training" : $0.path })
    return zip(names, all).map { CurveCharts.Run(name: $0, log: $1.log) }
  }
}

/// What trainings are called in a chart.
enum RunNames {
  /// A name for each path, all different: the file's without its extension, with its folders where there are others of
  /// that name, and a number where even these are the same.
  static func unique(_ paths: [String]) -> [String] {
    let parts = paths.map { path -> [Substring] in
      var parts = path.split(separator: "/").filter { $0 != "." }
      guard let last = parts.popLast() else { return [Substring(path)] }
      let stem = last.lastIndex(of: ".").map { last[..<$0] } ?? last
      return parts + [stem.isEmpty ? last : stem]
    }
    func name(_ index: Int, depth: Int) -> String { parts[index].suffix(depth).joined(separator: "/") }
    var names = paths.indices.map { name($0, depth: 1) }
    for index in names.indices {
      let others = names.indices.filter { $0 != index && name($0, depth: 1) == name(index, depth: 1) }
      guard !others.isEmpty else { continue }
      let enough = (2...8).first { depth in
        !others.contains { name($0, depth: depth) == name(index, depth: depth) }
      }
      names[index] = name(index, depth: enough ?? 1)
    }
    var seen: Set<String> = []
    return names.map { name in
      var candidate = name
      var number = 2
      while !seen.insert(candidate).inserted {
        candidate = "\(name) (\(number))"
        number += 1
      }
      return candidate
    }
  }
}
