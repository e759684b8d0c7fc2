import CNNCodecs
import CNNInterchange
import CNNModelFile

/// The pictures of one split of a data set.
struct DatasetPictures {
  /// The split: `test`.
  let split: DatasetSplit
  private let shape: [Int]
  /// All pictures: [N, H, W].
  let values: Values

  /// The pictures of the first of some splits that is there.
  ///
  /// - Parameters:
  ///   - splits: in the order of preference, at least one.
  ///   - height: how high the pictures have to be.
  ///   - width: how wide.
  /// - Throws: `ToolFailure` if there is no such split, or its pictures have another size.
  init(_ data: ModelFile, path: String?, splits: [DatasetSplit], height: Int, width: Int) throws(ToolFailure)
  {
    guard let split = splits.first(where: { data.tensor(named: "\($0.rawValue).images") != nil }),
      let images = data.tensor(named: "\(split.rawValue).images")
    else {
      throw ToolFailure(
        path: path, "the data has no split '\(splits.first?.rawValue ?? "test")'", status: .badData)
    }
    guard images.shape.dropFirst() == [height, width] else {
      throw ToolFailure(
        path: path,
        "the pictures are \(NumberFormat.shape(Array(images.shape.dropFirst()))), and the model takes "
          + "\(height)x\(width)", status: .badData)
    }
    self.split = split
    shape = images.shape
    values = images.elementType == .uint8 ? .bytes(images.bytes) : .inputs(images.floats())
  }

  /// How many pictures there are.
  var count: Int { shape[0] }

  /// What the pictures are: bytes, or numbers that are the network's input as they are.
  enum Values {
    case bytes([UInt8])
    case inputs([Float])
  }

  /// A picture of the data; numbers that are no bytes are spread from the least, black, to the greatest, white.
  func picture(_ index: Int) -> GrayImage? {
    guard shape.count == 3, (0..<shape[0]).contains(index) else { return nil }
    let (height, width) = (shape[1], shape[2])
    let range = index * height * width..<(index + 1) * height * width
    guard !range.isEmpty else { return nil }
    switch values {
    case .bytes(let bytes):
      return GrayImage(width: width, height: height, pixels: Array(bytes[range]))
    case .inputs(let inputs):
      return Self.image(of: inputs[range], height: height, width: width)
    }
  }

  private static func image(of values: ArraySlice<Float>, height: Int, width: Int) -> GrayImage? {
    guard let least = values.min(), let greatest = values.max() else { return nil }
    return GrayImage(
      width: width, height: height,
      pixels: values.map { value in
        let share = (value - least) / (greatest - least) * 255
        return UInt8(exactly: share.rounded()) ?? 0
      })
  }
}
