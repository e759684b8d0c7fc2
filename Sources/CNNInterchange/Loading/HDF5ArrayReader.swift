import CNNCodecs

/// Reads many arrays of an HDF5 file within one limit for all that has to be decoded.
public struct HDF5ArrayReader: Sendable {
  private var left: Int

  /// - Parameter limit: how many bytes all arrays together may take that do not lie in the file as they are.
  public init(limit: Int = HDF5Dataset.defaultLimit) {
    left = limit
  }

  /// The numbers of a dataset. Data in one piece lie over the file's bytes and cost nothing.
  ///
  /// - Parameter opaqueType: what opaque bytes stand for, as in `HDF5Dataset.array`.
  /// - Throws: `HDF5Error` for what cannot be read, and for arrays beyond what is left of the limit.
  public mutating func array(of dataset: HDF5Dataset, opaqueAs opaqueType: ElementType? = nil)
    throws(HDF5Error)
    -> NumericArray
  {
    let array = try dataset.array(limit: left, opaqueAs: opaqueType)
    // Storage of its own was decoded.
    if array.range == 0..<array.storage.count { left -= min(array.range.count, left) }
    return array
  }
}
