import CNNCodecs
import CNNEngine
import CNNFiles
import CNNRecognition
import Synchronization

/// Runs models over picture files, many at a time, and gives the results in order.
public struct PictureInference {
  private let ensemble: RecognizerEnsemble
  private let streams: [String: InputFile]

  /// How many pictures are in memory at a time.
  private static let batchSize = 256
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
  /// - Throws: what `body` throws.
  public func run(
    _ paths: [String], _ body: (_ index: Int, _ path: String, Result<Prediction, ToolFailure>) throws -> Void
  ) throws {
    for start in stride(from: 0, to: paths.count, by: Self.batchSize) {
      let batch = Array(paths[start..<min(start + Self.batchSize, paths.count)])
      let prepared = prepare(batch)
      let pictures = prepared.compactMap { try? $0.get() }
      let pixels = ensemble.members.indices.map { member in pictures.flatMap { $0[member].pixels } }
      var predictions = ensemble.predictions(from: ensemble.scores(prepared: pixels))[...]
      for (index, path) in batch.enumerated() {
        switch prepared[index] {
        case .success: try body(start + index, path, .success(predictions.removeFirst()))
        case .failure(let failure): try body(start + index, path, .failure(failure))
        }
      }
    }
  }

  /// Reads, decodes and prepares the pictures on all threads: each for every member.
  private func prepare(_ paths: [String]) -> [Result<[GrayImage], ToolFailure>] {
    let results = Mutex([Result<[GrayImage], ToolFailure>?](repeating: nil, count: paths.count))
    ensemble.pool.run(paths.count) { index, _ in
      let result = prepare(paths[index])
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.compactMap { $0 } }
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
