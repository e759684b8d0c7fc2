import CNNCodecs
import CNNModelFile

/// A native file with its floating-point numbers in another type.
public struct RoundedFile: Sendable {
  /// The file; whole numbers are as they were.
  public let file: ModelFile
  /// The type.
  public let elementType: ElementType
  /// What the numbers lost.
  public let error: RoundingError
  /// Whether a tensor is of another type now.
  public let isChanged: Bool

  /// Rounds the weights of a model, or the floating-point pixels of a data set, to nearest, ties to even.
  ///
  /// - Parameter type: float16, bfloat16 or float32.
  /// - Throws: `ExportError.overflow` for a number beyond the type's greatest, `.nothingToRound` for a data set of
  ///   bytes, `.roundedCheckpoint`.
  public init(_ file: ModelFile, to type: ElementType) throws(ExportError) {
    guard file.manifest.kind != .checkpoint else { throw .roundedCheckpoint }
    guard file.tensors.contains(where: { $0.elementType.isFloatingPoint }) else {
      throw .nothingToRound(file.manifest.kind)
    }
    var error = RoundingError()
    var isChanged = false
    var tensors: [Tensor] = []
    for tensor in file.tensors {
      guard tensor.elementType.isFloatingPoint, tensor.elementType != type else {
        tensors.append(tensor)
        continue
      }
      let rounded = tensor.array.rounded(to: type)
      if let value = rounded.overflowing { throw .overflow(tensor: tensor.name, value: value, type) }
      error.formUnion(rounded.error)
      isChanged = true
      tensors.append(Tensor(name: tensor.name, shape: tensor.shape, elements: ArrayView(rounded.array)))
    }
    self.file = ModelFile(manifest: file.manifest, tensors: tensors)
    self.elementType = type
    self.error = error
    self.isChanged = isChanged
  }
}
