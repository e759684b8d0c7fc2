import CNNCodecs

extension TrainingLog {
  /// The most bytes that a log may have.
  public static let maximumByteCount = 64 << 20
  /// The most bytes that a line of it may have.
  public static let maximumLineLength = 1 << 16
  /// The most lines that it may have.
  public static let maximumLineCount = 1_000_000

  /// Whether a file that begins so claims to be a log: an object of JSON as text. (A file of safetensors may begin with
  /// the same character, which is then a byte of its header's length, and zeros follow it.)
  public static func isLog(beginning bytes: [UInt8]) -> Bool {
    let start = bytes.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return start.first == UInt8(ascii: "{") && !start.prefix(64).contains(0)
  }

  /// Reads a log: one object a line, the lines divided by line feeds.
  ///
  /// Members that are unknown are passed over. Memory is bounded by the input's size and a line's length, time is linear.
  ///
  /// - Throws: `TrainingLogError` with the line and the byte.
  public init(parsing bytes: [UInt8]) throws(TrainingLogError) {
    guard bytes.count <= Self.maximumByteCount else {
      throw TrainingLogError(
        line: 1, position: Self.maximumByteCount, problem: .tooLarge(limit: Self.maximumByteCount))
    }
    var reader = LineReader(bytes: bytes)
    while try reader.readLine() {}
    guard !reader.records.isEmpty else { throw TrainingLogError(line: 1, position: 0, problem: .empty) }
    records = reader.records
  }

  /// The lines up to a step of what may be a log: those before the first that is none.
  ///
  /// For going on from a checkpoint: the last line may have been cut off when the training was killed, and what behind
  /// the checkpoint was is trained again.
  public init(keeping lastStep: Int, of bytes: [UInt8]) {
    var reader = LineReader(bytes: bytes)
    while (try? reader.readLine()) == true {}
    records = reader.records.filter { $0.step <= lastStep }
  }

  /// The lines that have been read, and the place of the next.
  private struct LineReader {
    let bytes: [UInt8]
    private var position = 0
    private var lastEpoch = 0
    private(set) var records: [Record] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads the next line; false where there is none.
    mutating func readLine() throws(TrainingLogError) -> Bool {
      guard position < bytes.count else { return false }
      let start = position
      let limit = min(bytes.count, start + TrainingLog.maximumLineLength + 1)
      var end = start
      while end < limit, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      guard end - start <= TrainingLog.maximumLineLength else {
        throw error(.lineTooLong(limit: TrainingLog.maximumLineLength), at: start)
      }
      guard records.count < TrainingLog.maximumLineCount else {
        throw error(.tooManyLines(limit: TrainingLog.maximumLineCount), at: start)
      }
      let record = try record(in: start..<end)
      try checkOrder(of: record, at: start)
      records.append(record)
      lastEpoch = record.epoch ?? lastEpoch
      position = end + 1
      return true
    }

    private func error(_ problem: TrainingLogError.Problem, at position: Int) -> TrainingLogError {
      TrainingLogError(line: records.count + 1, position: position, problem: problem)
    }

    private func record(in range: Range<Int>) throws(TrainingLogError) -> Record {
      do {
        let record = try Record(JSONNode(try JSONReader.read(bytes, in: range)))
        guard
          record.learningRate != nil || record.trainLoss != nil || record.trainAccuracy != nil
            || record.validLoss != nil || record.validAccuracy != nil
        else { throw self.error(.saysNothing, at: range.lowerBound) }
        return record
      } catch let problem as JSONError {
        throw error(.json(problem), at: problem.position)
      } catch let problem as JSONContentError {
        throw error(.content(problem), at: range.lowerBound)
      } catch let problem as TrainingLogError {
        throw problem
      } catch {
        throw self.error(.saysNothing, at: range.lowerBound)
      }
    }

    /// Steps go up; a line of some steps may end with its epoch, and then stands before it.
    private func checkOrder(of record: Record, at start: Int) throws(TrainingLogError) {
      if let last = records.last {
        let isEnd = record.step == last.step && last.epoch == nil && record.epoch != nil
        guard record.step > last.step || isEnd else {
          throw error(.stepOutOfOrder(record.step, after: last.step), at: start)
        }
      }
      if let epoch = record.epoch, epoch <= lastEpoch {
        throw error(.epochOutOfOrder(epoch, after: lastEpoch), at: start)
      }
    }
  }
}

extension TrainingLog.Record {
  /// A line that has been read as JSON.
  fileprivate init(_ node: JSONNode) throws(JSONContentError) {
    func number(_ name: String) throws(JSONContentError) -> Double? {
      guard let member = try node.optionalMember(name), member.value != .null else { return nil }
      return try member.number()
    }
    let count = 1...1 << 53
    self.init(
      epoch: try node.optionalMember("epoch")?.integer(in: count),
      step: try node.member("step").integer(in: count), learningRate: try number("learning_rate"),
      trainLoss: try number("train_loss"), trainAccuracy: try number("train_accuracy"),
      validLoss: try number("valid_loss"), validAccuracy: try number("valid_accuracy"))
  }
}
