import CNNCodecs
import CNNFiles

/// PNG files in folders that are named by their labels, `7/anything.png`, or by split and label, `test/7/anything.png`.
///
/// Labels and pictures come in natural order of their names. All pictures have one size; colours become grey by their
/// luma, transparency lies over white, and nothing else is done to them.
public struct LabelledPictures: Sendable {
  /// The pictures of one split.
  struct Split: Sendable {
    /// The split that the folder says, or nil where there are no folders for splits.
    let split: DatasetSplit?
    /// The folder.
    let path: String
    /// [N, H, W].
    fileprivate(set) var pixels: [UInt8] = []
    /// The label of each picture, as an index into `names`.
    fileprivate(set) var labels: [Int] = []
    /// What was done to the pixels, in a few words.
    fileprivate(set) var notes: [String] = []
  }

  /// The names of the labels, in natural order.
  public private(set) var names: [String] = []
  /// At least one.
  private(set) var splits: [Split] = []
  /// How high the pictures are.
  public private(set) var height = 0
  /// How wide the pictures are.
  public private(set) var width = 0
  /// How many bytes all files have together.
  private(set) var byteCount = 0
  private var checksum = CRC32()
  private var firstPath = ""
  private let limit: Int

  /// The most bytes of a picture file.
  private static let fileLimit = 256 << 20

  /// The checksum of all files, one after another.
  var crc32: UInt32 { checksum.value }

  /// Reads all pictures in the folders of a folder.
  ///
  /// - Parameter limit: the most bytes that all files may have, and that all pixels may have.
  /// - Throws: `FileError`, or `LoadFailure` that names the picture or the folder.
  public init(folder: String, limit: Int) throws {
    self.limit = limit
    let subfolders = try PictureFolder.subfolders(of: folder)
    let stated = subfolders.map { DatasetSplit.stated(by: $0.name) }
    if let index = stated.firstIndex(where: { $0 != nil }), let other = stated.firstIndex(of: nil) {
      throw Self.failure(
        folder, .mixedFolders(split: subfolders[index].name, other: subfolders[other].name))
    }
    var labelled: [[(name: String, path: String)]] = [subfolders]
    if subfolders.isEmpty || stated[0] == nil {
      splits = [Split(split: nil, path: folder)]
    } else {
      splits = zip(subfolders, stated).map { Split(split: $1, path: $0.path) }
      labelled = try subfolders.map { try PictureFolder.subfolders(of: $0.path) }
    }
    let all = Set(labelled.joined().map(\.name))
    let sorted = Array(all)
    names = NaturalOrder.order(of: sorted).map { sorted[$0] }
    if let odd = names.first(where: { !NamedArray.isFit($0) }) {
      throw Self.failure(folder, .notUsable("a folder with a folder called \(odd.quotedForMessage) in it"))
    }
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    for (index, folders) in labelled.enumerated() {
      for (name, path) in folders {
        try read(path, label: places[name] ?? 0, into: index)
      }
    }
    splits.removeAll(where: \.labels.isEmpty)
    guard !splits.isEmpty else { throw Self.failure(folder, .noLabelledPictures) }
    // A folder without pictures names no label.
    let used = Set(splits.flatMap(\.labels))
    guard used.count < names.count else { return }
    let kept = names.indices.filter(used.contains)
    let numbers = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    names = kept.map { names[$0] }
    for index in splits.indices { splits[index].labels = splits[index].labels.map { numbers[$0] ?? 0 } }
  }

  private static func failure(_ path: String, _ error: InterchangeError) -> LoadFailure {
    LoadFailure(path: path, isDecompressed: false, error)
  }

  private mutating func read(_ folder: String, label: Int, into split: Int) throws {
    var walk = PictureFolderWalk(folder)
    while let step = walk.next() {
      let path = try step.get()
      let bytes = try InputFile(path: path).readAll(limit: Self.fileLimit)
      let picture: GrayImage
      do {
        picture = try PNG.decodeGray(bytes)
        splits[split].notes += try Self.notes(on: bytes).filter { !splits[split].notes.contains($0) }
      } catch {
        throw LoadFailure(path: path, isDecompressed: false, error)
      }
      if width == 0 {
        (width, height, firstPath) = (picture.width, picture.height, path)
      }
      guard picture.width == width, picture.height == height else {
        throw Self.failure(
          path,
          .pictureSize(
            found: [picture.width, picture.height], expected: [width, height], first: firstPath))
      }
      byteCount += bytes.count
      checksum.update(bytes)
      splits[split].pixels += picture.pixels
      splits[split].labels.append(label)
      guard max(byteCount, splits.reduce(0) { $0 + $1.pixels.count }) <= limit else {
        throw FileError(path: folder, operation: .read, reason: .tooLarge(limit: limit))
      }
    }
  }

  /// What is done to the pixels of a PNG on the way to a data set, in a few words.
  ///
  /// - Throws: `PNGError`.
  static func notes(on png: [UInt8]) throws -> [String] {
    switch try PNG.header(png).colorType {
    case .gray, .grayAlpha: []
    case .rgb, .rgbAlpha, .palette: ["RGB to grey"]
    }
  }

  /// The pictures with the numbers that `numbers` gives the labels in `names`.
  ///
  /// - Parameter fallback: the split where the folder says none.
  func arrays(numbers: [Int], fallback: DatasetSplit) -> [LabelledArrays] {
    splits.compactMap { split in
      let labels = split.labels.flatMap { label in
        withUnsafeBytes(of: Int64(numbers[label]).littleEndian) { [UInt8]($0) }
      }
      guard
        let images = NumericArray(
          elementType: .uint8, shape: [split.labels.count, height, width], storage: split.pixels,
          range: 0..<split.pixels.count),
        let array = NumericArray(
          elementType: .int64, shape: [split.labels.count], storage: labels, range: 0..<labels.count)
      else { return nil }
      var arrays = LabelledArrays(
        split: split.split ?? fallback, images: images, imagesName: "\(split.path)/*.png", labels: array,
        labelsName: "\(split.path)/*")
      arrays.notes += split.notes
      return arrays
    }
  }
}
