import CNNCodecs
import CNNInterchange
import CNNModelFile

/// The pictures of one split of a data set.
struct DatasetPictures {
  /// The split: `test`.
  let split: DatasetSplit
  private let images: Tensor
  /// The pictures, where they are no bytes.
  private let floats: [Float]?

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
    self.images = images
    floats = images.elementType == .uint8 ? nil : images.floats()
  }

  /// How many pictures there are.
  var count: Int { images.shape[0] }

  /// What the pictures are: bytes, or numbers that are the network's input as they are.
  enum Values {
    case bytes([UInt8])
    case inputs([Float])
  }

  /// All pictures: [N, H, W].
  var values: Values { floats.map { .inputs($0) } ?? .bytes(images.bytes) }

  /// A picture of the data; numbers that are no bytes are spread from the least, black, to the greatest, white.
  func picture(_ index: Int) -> GrayImage? {
    guard images.shape.count == 3, (0..<images.shape[0]).contains(index) else { return nil }
    let (height, width) = (images.shape[1], images.shape[2])
    let range = index * height * width..<(index + 1) * height * width
    guard !range.isEmpty else { return nil }
    guard let values = floats?[range] else {
      return GrayImage(width: width, height: height, pixels: Array(images.bytes[range]))
    }
    guard let least = values.min(), let greatest = values.max() else { return nil }
    return GrayImage(
      width: width, height: height,
      pixels: values.map { value in
        let share = (value - least) / (greatest - least) * 255
        return UInt8(exactly: share.rounded()) ?? 0
      })
  }
}
