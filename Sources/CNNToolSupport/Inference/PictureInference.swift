import CNNCodecs
import CNNEngine
import CNNFiles
import CNNPictures
import CNNRecognition

/// Runs models over picture files, on all threads, and gives the results in order.
///
/// Each thread takes a few pictures at a time and does everything with them: reads, decodes, prepares and runs them.
/// So decoding and inference overlap, pictures stay in the cache, and memory does not grow with their number. What a
/// model says of a picture does not depend on its company.
public struct PictureInference {
  /// What came of one picture.
  public struct Reading {
    /// The picture's place among all, from 0.
    public let index: Int
    /// Its name.
    public let name: String
    /// The true class, where it is known.
    public let label: Int?
    /// What the models say, or why they say nothing.
    public let result: Result<PictureReading, ToolFailure>
    /// The picture file, where it was asked for and the models are wrong about it.
    public let mistakenBytes: [UInt8]?
  }

  /// The most bytes that a picture file may have.
  static let fileLimit = 256 << 20

  private let ensemble: RecognizerEnsemble
  private let readsLines: Bool
  private let limits: PNGLimits
  private let keepsMistakes: Bool

  /// Reads with `ensemble`.
  ///
  /// - Parameters:
  ///   - readsLines: whether a picture may hold several digits, in a line.
  ///   - limits: the greatest picture that is read.
  ///   - keepsMistakes: whether the files of pictures with a label that is not the predicted one are handed on.
  public init(
    _ ensemble: RecognizerEnsemble, readsLines: Bool = false, limits: PNGLimits = .default,
    keepsMistakes: Bool = false
  ) {
    self.ensemble = ensemble
    self.readsLines = readsLines
    self.limits = limits
    self.keepsMistakes = keepsMistakes
  }

  /// Reads every picture and calls `body` for a few at a time, in order.
  ///
  /// `body` is called by one thread at a time, as soon as its pictures and all before them are through.
  ///
  /// - Throws: what the source or `body` throw.
  public func run(_ source: any PictureSource, _ body: ([Reading]) throws -> Void) throws {
    var shares = PictureShares(source, threadCount: ensemble.pool.threadCount)
    if shares.hasOneAtMost() {
      // No threads for one picture.
      while let share = try shares.next() { try body(read(share, from: 0, with: ensemble)) }
      return
    }
    var count = 0
    let lock = Lock()
    var members = [RecognizerEnsemble?](repeating: nil, count: ensemble.pool.threadCount)
    try withoutActuallyEscaping(body) { body in
      try OrderedWork<(Int, [PictureItem]), [Reading]>(
        next: {
          guard let share = try shares.next() else { return nil }
          defer { count += share.count }
          return (count, share)
        },
        work: { share, worker in
          let member = lock.whileHeld {
            let member = members[worker] ?? ensemble.forOneThread()
            members[worker] = member
            return member
          }
          return read(share.1, from: share.0, with: member)
        },
        deliver: body
      ).run(on: ensemble.pool)
    }
  }

  /// Reads a few pictures on this thread.
  private func read(_ items: [PictureItem], from first: Int, with ensemble: RecognizerEnsemble) -> [Reading] {
    if readsLines {
      return items.enumerated().map { place, item in
        let result = open(item) { (picture, _) throws in try ensemble.readLine(picture) }
        return Reading(
          index: first + place, name: item.name, label: item.label, result: result, mistakenBytes: nil)
      }
    }
    let prepared = items.map { item in
      open(item) { (picture, bytes) throws in
        (digits: try ensemble.prepared(picture), bytes: keepsMistakes && item.label != nil ? bytes : nil)
      }
    }
    let pictures = prepared.compactMap { try? $0.get().digits }
    let pixels = ensemble.members.indices.map { member in pictures.flatMap { $0[member].image.pixels } }
    var predictions = ensemble.predictions(from: ensemble.scores(prepared: pixels)).makeIterator()
    var readings: [Reading] = []
    readings.reserveCapacity(items.count)
    for place in items.indices {
      let item = items[place]
      var bytes: [UInt8]?
      let result: Result<PictureReading, ToolFailure>
      switch prepared[place] {
      case .success(let picture):
        guard let prediction = predictions.next() else { continue }
        if let label = item.label, label != prediction.index { bytes = picture.bytes }
        result = .success(PictureReading(DigitReading(prediction: prediction, prepared: picture.digits)))
      case .failure(let failure):
        result = .failure(failure)
      }
      readings.append(
        Reading(
          index: first + place, name: item.name, label: item.label, result: result, mistakenBytes: bytes))
    }
    return readings
  }

  /// Decodes a picture and does something with it and with its file's bytes.
  private func open<Value>(
    _ item: PictureItem, _ body: (_ picture: GrayImage, _ bytes: [UInt8]) throws -> Value
  ) -> Result<Value, ToolFailure> {
    do {
      let bytes: [UInt8]
      switch item.content {
      case .file: bytes = try InputFile(path: item.name).readAll(limit: Self.fileLimit)
      case .open(let file): bytes = try file.readAll(limit: Self.fileLimit)
      case .bytes(let content): bytes = content
      case .failure(let failure): return .failure(failure)
      }
      return .success(try body(PNG.decodeInk(bytes, limits: limits), bytes))
    } catch PNGError.tooLarge(let width, let height, let limits, let offset)
      where width * height > limits.maximumPixelCount
    {
      let message =
        "byte \(offset): the picture has \(width) by \(height) pixels, more than the "
        + "\(limits.maximumPixelCount) that cnn-infer's --max-pixels allows"
      return .failure(ToolFailure(path: item.name, message, status: .badData))
    } catch {
      return .failure(ToolFailure(error, path: item.name))
    }
  }
}
