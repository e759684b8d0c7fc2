import CNNCodecs
import CNNEngine
import CNNFiles
import CNNRecognition
import Synchronization

/// Runs a recogniser over picture files, many at a time, and gives the results in order.
public struct PictureInference {
  private let recognizer: DigitRecognizer
  private let streams: [String: InputFile]

  /// How many pictures are in memory at a time.
  private static let batchSize = 256
  /// The most bytes that a picture file may have.
  private static let fileLimit = 256 << 20

  /// Reads with `recognizer`.
  ///
  /// - Parameter streams: paths that are open already, each of which may be read once.
  public init(_ recognizer: DigitRecognizer, streams: [String: InputFile] = [:]) {
    self.recognizer = recognizer
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
      let pixels = prepared.flatMap { (try? $0.get()) ?? [] }
      var predictions = recognizer.predict(pixels: pixels)[...]
      for (index, path) in batch.enumerated() {
        switch prepared[index] {
        case .success: try body(start + index, path, .success(predictions.removeFirst()))
        case .failure(let failure): try body(start + index, path, .failure(failure))
        }
      }
    }
  }

  /// Reads, decodes and prepares the pictures on all threads.
  private func prepare(_ paths: [String]) -> [Result<[UInt8], ToolFailure>] {
    let results = Mutex([Result<[UInt8], ToolFailure>?](repeating: nil, count: paths.count))
    recognizer.session.pool.run(paths.count) { index, _ in
      let result = prepare(paths[index])
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.compactMap { $0 } }
  }

  private func prepare(_ path: String) -> Result<[UInt8], ToolFailure> {
    do {
      let file = try streams[path] ?? InputFile(path: path)
      let bytes = try file.readAll(limit: Self.fileLimit)
      return .success(recognizer.prepared(try PNG.decodeGray(bytes)).pixels)
    } catch {
      return .failure(ToolFailure(error, path: path))
    }
  }
}
