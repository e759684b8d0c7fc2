import CNNCodecs
import CNNModelFile

/// Foreign pictures and labels as the tensors of a native data set.
public struct DatasetImport: Sendable {
  /// The tensors: `train.images`, `train.labels`, ...
  public let tensors: [Tensor]
  /// What the pixels are divided by: 255, 256, or 1 for values that are the network's input already.
  public let divisor: Double
  /// The names of the labels.
  public let labels: [String]
  /// What became of every array.
  public let fates: [ArrayFate]

  /// Converts splits.
  ///
  /// Pictures become U8 where that loses nothing: bytes stay bytes, and floating-point pixels that all equal
  /// Float(k) / 255, or all Float(k) / 256, become the bytes k. Others become F32 and count as preprocessed.
  ///
  /// - Parameters:
  ///   - splits: each split at most once.
  ///   - labels: the names of the classes, or nil for 0, 1, 2, ... up to the greatest label.
  /// - Throws: `InterchangeError`.
  public init(_ splits: [LabelledArrays], labels names: [String]? = nil) throws(InterchangeError) {
    var seen: [DatasetSplit: String] = [:]
    var firstShape: (name: String, shape: [Int])?
    var shapes: [[Int]] = []
    for split in splits {
      if let other = seen.updateValue(split.imagesName, forKey: split.split) {
        throw .duplicateSplit(split.split.rawValue, first: other, second: split.imagesName)
      }
      var shape = try Self.pictureShape(split)
      if split.isTransposed { shape.swapAt(shape.count - 2, shape.count - 1) }
      if let first = firstShape, first.shape != shape {
        throw .differingImageShapes(first.name, first.shape, split.imagesName, shape)
      }
      firstShape = firstShape ?? (split.imagesName, shape)
      shapes.append(shape)
    }

    let (pictures, divisor) = try Self.pixels(of: splits, shapes: shapes)
    self.divisor = divisor
    var tensors: [Tensor] = []
    var fates: [ArrayFate] = []
    var greatest: Int64 = -1
    for (split, picture) in zip(splits, pictures) {
      tensors.append(picture)
      var changes = split.notes
      if split.isTransposed { changes.append("transposed") }
      if split.images.memoryOrder == .columnMajor { changes.append("Fortran order") }
      if split.images.elementType.isFloatingPoint {
        changes +=
          picture.elementType == .uint8
          ? ["pixels were bytes / \(Int(divisor))"]
          : ["no bytes: kept as preprocessed"] + (try Self.rounding(of: split))
      }
      fates.append(ArrayFate(split.imagesName, split.images, became: picture, changes: changes))
      guard let array = split.labels else { continue }
      let (values, isOneHot) = try Self.labelValues(array, split: split)
      guard values.count == picture.shape[0] else {
        throw .countMismatch(
          images: split.imagesName, imageCount: picture.shape[0], labels: split.labelsName,
          labelCount: values.count)
      }
      greatest = max(greatest, values.max() ?? -1)
      let tensor = Self.labelTensor("\(split.split.rawValue).labels", values)
      tensors.append(tensor)
      var labelChanges = split.labelNotes + (isOneHot ? ["one-hot to class numbers"] : [])
      if split.firstLabel != 0, !isOneHot { labelChanges.append("counted from \(split.firstLabel)") }
      fates.append(ArrayFate(split.labelsName, array, became: tensor, changes: labelChanges))
    }
    self.tensors = tensors
    self.fates = fates
    if let names {
      guard greatest < names.count else {
        throw .unnamedLabel(greatest: greatest, names: names.count)
      }
      labels = names
    } else {
      // Labels in the tens of thousands are no class numbers to be named.
      labels = greatest < 65_536 ? (0..<greatest + 1).map(String.init) : []
    }
  }

  /// The greatest extent of a picture, and number of values of one: that of a network's input.
  private static let greatestExtent = 2_147_483_647

  /// [N, H, W], or [N, C, H, W] for more than one channel, as [H, W] or [C, H, W].
  ///
  /// One channel may stand last too, [N, H, W, 1], as Keras has it: the order of the numbers is the same. Several
  /// channels that stand last, [N, H, W, 3], are refused rather than taken for H channels.
  private static func pictureShape(_ split: LabelledArrays) throws(InterchangeError) -> [Int] {
    let shape = split.images.shape
    // An array without elements may have any extents; no picture has these.
    guard shape.dropFirst().allSatisfy({ (1...greatestExtent).contains($0) }),
      NumericArray.byteCount(elementType: .float64, shape: shape) != nil
    else { throw .imageShape(split.imagesName, shape) }
    switch shape.count {
    case 2:
      let side = Int(Double(shape[1]).squareRoot().rounded())
      if side * side == shape[1], side > 0 { return [side, side] }
    case 3:
      return Array(shape.dropFirst())
    case 4:
      if shape[1] == 1 { return [shape[2], shape[3]] }
      if shape[3] == 1 { return [shape[1], shape[2]] }
      if shape[1] <= 4 || shape[3] > 4 { return Array(shape.dropFirst()) }
    default:
      break
    }
    throw .imageShape(split.imagesName, shape)
  }

  private static func pixels(of splits: [LabelledArrays], shapes: [[Int]]) throws(InterchangeError)
    -> ([Tensor], Double)
  {
    func tensor(_ index: Int, _ elements: ArrayView) -> Tensor {
      let split = splits[index]
      return Tensor(
        name: "\(split.split.rawValue).images", shape: [split.images.shape[0]] + shapes[index],
        elements: split.isTransposed ? Self.transposed(elements, to: shapes[index]) : elements)
    }
    for split in splits {
      let type = split.images.elementType
      guard type.isFloatingPoint || type == .uint8 else {
        throw .elementType(array: split.imagesName, found: type.name, expected: "bytes or floating point")
      }
    }
    let areBytes = splits.map { $0.images.elementType == .uint8 }
    let byteSplits = splits.filter { $0.images.elementType == .uint8 }
    let byteDivisor = byteSplits.first?.divisor
    if let first = byteSplits.first, let other = byteSplits.first(where: { $0.divisor != byteDivisor }) {
      throw .differingScales(first.imagesName, other.imagesName)
    }
    if let byteDivisor, areBytes.allSatisfy({ $0 }) {
      return (splits.indices.map { tensor($0, ArrayView(splits[$0].images)) }, byteDivisor)
    }
    for divisor in PixelRecovery.divisors where byteDivisor == nil || divisor == byteDivisor {
      var tensors: [Tensor] = []
      for (index, split) in splits.enumerated() {
        if areBytes[index] {
          tensors.append(tensor(index, ArrayView(split.images)))
        } else if let pixels = PixelRecovery.bytes(of: split.images, divisor: divisor) {
          tensors.append(tensor(index, ArrayView(pixels)))
        } else {
          break
        }
      }
      if tensors.count == splits.count { return (tensors, divisor) }
    }
    if let byte = areBytes.firstIndex(of: true), let float = areBytes.firstIndex(of: false) {
      throw .differingScales(splits[byte].imagesName, splits[float].imagesName)
    }
    return (splits.indices.map { tensor($0, ArrayView(splits[$0].images).asFloat32()) }, 1)
  }

  /// What becoming float32 does to floating-point pixels, in a few words.
  private static func rounding(of split: LabelledArrays) throws(InterchangeError) -> [String] {
    let type = split.images.elementType
    let (error, isFinite) = split.images.float32Fitness()
    guard error.isFinite else { throw .overflow(array: split.imagesName) }
    let rounded = error > 0 ? ", rounded by at most \(error) of the value" : ""
    return (isFinite ? [] : ["holds NaN or infinity"])
      + (type == .float32 ? [] : ["\(type.name) to float32\(rounded)"])
  }

  /// Pictures with rows and columns exchanged, which makes them pictures of this shape, [H, W] or [C, H, W].
  private static func transposed(_ pictures: ArrayView, to shape: [Int]) -> ArrayView {
    let channels = shape.count == 3 ? shape[0] : 1
    let (height, width) = (shape[shape.count - 2], shape[shape.count - 1])
    return pictures.reshaped(to: [pictures.shape[0], channels, width, height]).transposed([0, 1, 3, 2])
  }

  /// Class numbers from numbers or from one-hot rows.
  private static func labelValues(_ array: NumericArray, split: LabelledArrays) throws(InterchangeError)
    -> (values: [Int64], isOneHot: Bool)
  {
    let numbers = array.doubles()
    if array.shape.count == 2, array.shape[1] > 1 {
      let classes = array.shape[1]
      var values: [Int64] = []
      for row in 0..<array.shape[0] {
        let cells = numbers[row * classes..<(row + 1) * classes]
        guard let hot = cells.firstIndex(of: 1), cells.count(where: { $0 == 0 }) == classes - 1 else {
          throw .badLabel(split.labelsName, index: row, value: "a row that is not one-hot", first: 0)
        }
        values.append(Int64(hot - row * classes))
      }
      return (values, true)
    }
    var values: [Int64] = []
    values.reserveCapacity(numbers.count)
    for (index, number) in numbers.enumerated() {
      guard let value = Int64(exactly: number), value >= split.firstLabel else {
        throw .badLabel(
          split.labelsName, index: index, value: NumberFormat.plain(number), first: split.firstLabel)
      }
      values.append(value - Int64(split.firstLabel))
    }
    return (values, false)
  }

  /// U8, or I64 if a label exceeds 255.
  private static func labelTensor(_ name: String, _ values: [Int64]) -> Tensor {
    if values.allSatisfy({ $0 <= 255 }) {
      return Tensor(
        name: name, elementType: .uint8, shape: [values.count], bytes: values.map { UInt8($0) })
    }
    let bytes = values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { [UInt8]($0) } }
    return Tensor(name: name, elementType: .int64, shape: [values.count], bytes: bytes)
  }
}
