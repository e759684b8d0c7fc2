import CNNCodecs
import CNNFiles

/// Data sets as the pairs of IDX files in which MNIST is published.
enum IDXExport {
  /// `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, then `valid-...`, and the test split under MNIST's name for
  /// it, `t10k-...`; with `.gz` behind them if compressed.
  ///
  /// The number behind `idx` is that of the dimensions; `ubyte` is left out where the elements are something else.
  static func dataset(_ splits: [LabelledArrays], isCompressed: Bool) throws(ExportError) -> Export.Product {
    var files: [ExportedFile] = []
    for split in splits {
      let images = writable(split.images)
      files.append(file(split.split, "images", images, isCompressed: isCompressed))
      guard let labels = split.labels else { continue }
      files.append(file(split.split, "labels", try narrowed(labels), isCompressed: isCompressed))
    }
    return Export.Product(files: files)
  }

  private static func file(
    _ split: DatasetSplit, _ part: String, _ array: NumericArray, isCompressed: Bool
  ) -> ExportedFile {
    let stem = split == .test ? "t10k" : split.rawValue
    let type = array.elementType == .uint8 ? "-ubyte" : ""
    let name = "\(stem)-\(part)-idx\(array.shape.count)\(type)\(isCompressed ? ".gz" : "")"
    return ExportedFile(name) { sink in
      guard isCompressed else { return try IDX.write(array, to: sink) }
      try sink.write(Gzip.compress(IDX.serialize(array)))
    }
  }

  /// Pictures as [N, H, W], or [N, C, H, W] for several channels; numbers of 16 bits become float32, exactly.
  private static func writable(_ images: NumericArray) -> NumericArray {
    var shape = images.shape
    if shape.count == 4, shape[1] == 1 { shape.remove(at: 1) }
    let flat =
      NumericArray(
        elementType: images.elementType, shape: shape, storage: images.storage, range: images.range) ?? images
    switch images.elementType {
    case .float16, .bfloat16: return flat.rounded(to: .float32).array
    default: return flat
    }
  }

  /// Labels as bytes, or as int32, the widest whole numbers that IDX has.
  private static func narrowed(_ labels: NumericArray) throws(ExportError) -> NumericArray {
    guard labels.elementType == .int64 else { return labels }
    var bytes: [UInt8] = []
    for value in labels.integers() ?? [] {
      guard let number = Int32(exactly: value) else { throw .labelTooLarge(value) }
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return NumericArray(
      elementType: .int32, shape: labels.shape, storage: bytes, range: 0..<bytes.count) ?? labels
  }
}
