import CNNCodecs
import CNNFiles
import CNNModelFile

/// A native file in a format of other programs: the files to write, and what is lost on the way.
///
/// Numbers never change: what a format cannot hold exactly is refused, and `RoundedFile` is asked for where rounding is
/// wanted. Nothing is made before it is written.
public struct Export: Sendable {
  /// What the user says beyond the format.
  public struct Options: Sendable {
    /// The split of a data set that is exported; nil for all.
    public var only: DatasetSplit?
    /// Whether the output is a folder, where the format leaves a choice: then CSV has a file for each split.
    public var isFolder: Bool

    /// Creates options; what is left out is the default.
    public init(only: DatasetSplit? = nil, isFolder: Bool = false) {
      self.only = only
      self.isFolder = isFolder
    }
  }

  /// What one format makes of a file.
  struct Product {
    var files: [ExportedFile]
    var lost: Set<LostContent> = []
    var notes: [String] = []
  }

  /// The format.
  public let format: ExportFormat
  /// Whether the files go into a folder; else there is just one.
  public let isFolder: Bool
  /// The files, in the order in which they are written.
  public let files: [ExportedFile]
  /// What the file says and the format has no place for, in the order of `LostContent`.
  public let lost: [LostContent]
  /// What else there is to know, as sentences without a leading capital or a full stop.
  public let notes: [String]

  /// Makes an export of a native file.
  ///
  /// - Parameters:
  ///   - tool: the program that writes the files, where the format has a place for it.
  ///   - version: that program's version.
  /// - Throws: `ExportError`.
  public init(
    _ file: ModelFile, as format: ExportFormat, options: Options = Options(), tool: String, version: String
  ) throws(ExportError) {
    self.format = format
    isFolder = format.isAlwaysFolder || (options.isFolder && format.mayBeFolder)
    let kind = file.manifest.kind
    if options.only != nil, kind != .dataset { throw .splitOfModel(kind) }

    let numbers = ClassNumbers(file.manifest.labels)
    var product: Product
    switch format {
    case .onnx: product = try Self.onnx(file, tool: tool, version: version)
    case .npz where kind != .dataset: product = NPZExport.model(file)
    case _ where kind != .dataset: throw .noPictures(kind, format: format)
    case .npz: product = NPZExport.dataset(try Self.splits(of: file, options).map(numbers.applied))
    case .csv, .compressedCSV:
      product = try CSVExport.dataset(
        try Self.splits(of: file, options).map(numbers.applied), isCompressed: format == .compressedCSV,
        isFolder: isFolder
      )
    case .idx, .compressedIDX:
      product = try IDXExport.dataset(
        try Self.splits(of: file, options).map(numbers.applied), isCompressed: format == .compressedIDX)
    case .png:
      product = try PNGExport.dataset(try Self.splits(of: file, options), labels: file.manifest.labels)
    }
    product.lost.insert(.provenance)
    if file.manifest.training != nil { product.lost.insert(.training) }
    if kind == .dataset, format != .png {
      product.lost.formUnion(Self.lostNames(file, options, numbers))
      if let note = numbers.note { product.notes.append(note) }
    }
    files = product.files
    lost = LostContent.allCases.filter(product.lost.contains)
    notes = product.notes
  }

  private static func onnx(_ file: ModelFile, tool: String, version: String) throws(ExportError) -> Product {
    do {
      let export = try ONNXExport(file, producer: tool, version: version)
      return Product(files: [ExportedFile { try $0.write(export.bytes()) }], notes: export.notes)
    } catch {
      throw .onnx(error)
    }
  }

  private static func splits(of file: ModelFile, _ options: Options) throws(ExportError) -> [LabelledArrays] {
    let splits = DatasetInputs.splits(of: file)
    guard let only = options.only else { return splits }
    let chosen = splits.filter { $0.split == only }
    guard !chosen.isEmpty else { throw .noSplit(only, found: splits.map(\.split)) }
    return chosen
  }

  /// What arrays of pixels and numbers of classes don't tell: whoever reads them takes bytes to be divided by 255, and
  /// classes to be called by their numbers.
  private static func lostNames(
    _ file: ModelFile, _ options: Options, _ classes: ClassNumbers
  ) -> Set<LostContent> {
    var lost: Set<LostContent> = []
    let tensors = file.tensors.filter { tensor in
      options.only.map { tensor.name.hasPrefix("\($0.rawValue).") } ?? true
    }
    let greatest = tensors.filter { $0.name.hasSuffix(".labels") }.compactMap { tensor in
      tensor.elementType == .uint8 ? tensor.bytes.max().map(Int64.init) : tensor.integers()?.max()
    }.max()
    let numbers = (greatest ?? -1) < 65_536 ? (0..<(greatest ?? -1) + 1).map(String.init) : []
    if file.manifest.labels != numbers, classes.numbers == nil {
      lost.insert(.labels)
    }
    let areBytes = tensors.contains { $0.name.hasSuffix(".images") && $0.elementType == .uint8 }
    if areBytes, file.manifest.divisor != 255 { lost.insert(.divisor) }
    return lost
  }
}
