/// Inputs of a batch, written when they are needed.
public protocol BatchSource: Sendable {
  /// Writes the inputs at `places` of the batch, one after another; called from several threads for different places.
  ///
  /// - Parameter worker: which of the pool's threads calls, for working memory.
  func write(_ places: Range<Int>, worker: Int, to destination: UnsafeMutablePointer<Float>)
}
