import CNNInsight

extension FuzzTarget {
  /// The log of a training.
  static let traininglog = FuzzTarget("traininglog") { bytes in
    _ = TrainingLog(keeping: 5, of: bytes)
    let log = try TrainingLog(parsing: bytes)
    require(!log.records.isEmpty, "a log without lines")
  }
}
