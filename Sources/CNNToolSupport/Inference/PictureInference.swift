import CNNCodecs
import CNNEngine
import CNNFiles
import CNNRecognition
import Synchronization

/// Runs models over picture files, on all threads, and gives the results in order.
///
/// Each thread takes a few pictures at a time and does everything with them: reads, decodes, prepares and runs them.
/// So decoding and inference overlap, pictures stay in the cache, and memory does not grow with their number. What a
/// model says of a picture does not depend on its company.
public struct PictureInference {
  private let ensemble: RecognizerEnsemble
  private let streams: [String: InputFile]

  /// How many pictures a thread takes at a time: what goes through a small network together.
  private static let shareLimit = 64
  /// Shares from this size on are multiples of it: so many images go through a network side by side.
  private static let shareStep = 16
  /// The most bytes that a picture file may have.
  private static let fileLimit = 256 << 20

  /// Reads with `ensemble`.
  ///
  /// - Parameter streams: paths that are open already, each of which may be read once.
  public init(_ ensemble: RecognizerEnsemble, streams: [String: InputFile] = [:]) {
    self.ensemble = ensemble
    self.streams = streams
  }

  /// Reads every picture and calls `body` for each, in order, with its prediction or with why there is none.
  ///
  /// `body` is called by one thread at a time, as soon as a picture and all before it are through.
  ///
  /// - Throws: what `body` throws.
  public func run(
    _ paths: [String], _ body: (_ index: Int, _ path: String, Result<Prediction, ToolFailure>) throws -> Void
  ) throws {
    guard paths.count > 1 else {
      // No threads for one picture.
      for (index, path) in paths.enumerated() { try body(index, path, read([path], with: ensemble)[0]) }
      return
    }
    let size = shareSize(for: paths.count)
    var start = 0
    let members = Mutex([RecognizerEnsemble?](repeating: nil, count: ensemble.pool.threadCount))
    try withoutActuallyEscaping(body) { body in
      try OrderedWork<Range<Int>, (Range<Int>, [Result<Prediction, ToolFailure>])>(
        next: {
          guard start < paths.count else { return nil }
          defer { start += size }
          return start..<min(start + size, paths.count)
        },
        work: { range, worker in
          let member = members.withLock { members in
            let member = members[worker] ?? ensemble.forOneThread()
            members[worker] = member
            return member
          }
          return (range, read(paths[range], with: member))
        },
        deliver: { range, results in
          for (index, result) in zip(range, results) { try body(index, paths[index], result) }
        }
      ).run(on: ensemble.pool)
    }
  }

  /// How many pictures of `count` a thread takes at a time: fewer where there would not be some for each.
  private func shareSize(for count: Int) -> Int {
    let threads = ensemble.pool.threadCount
    let share = (count + threads - 1) / threads
    return share < Self.shareStep
      ? share : min(Self.shareLimit, (share + Self.shareStep - 1) / Self.shareStep * Self.shareStep)
  }

  /// Reads a few pictures on this thread.
  private func read(_ paths: some Collection<String>, with ensemble: RecognizerEnsemble)
    -> [Result<Prediction, ToolFailure>]
  {
    let prepared = paths.map { prepare($0) }
    let pictures = prepared.compactMap { try? $0.get() }
    let pixels = ensemble.members.indices.map { member in pictures.flatMap { $0[member].pixels } }
    var predictions = ensemble.predictions(from: ensemble.scores(prepared: pixels)).makeIterator()
    return prepared.compactMap { picture in
      switch picture {
      case .success: predictions.next().map { .success($0) }
      case .failure(let failure): .failure(failure)
      }
    }
  }

  private func prepare(_ path: String) -> Result<[GrayImage], ToolFailure> {
    do {
      let file = try streams[path] ?? InputFile(path: path)
      let bytes = try file.readAll(limit: Self.fileLimit)
      return .success(ensemble.prepared(try PNG.decodeGray(bytes)))
    } catch {
      return .failure(ToolFailure(error, path: path))
    }
  }
}
