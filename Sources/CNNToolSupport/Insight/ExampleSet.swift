import CNNCodecs
import CNNEngine
import CNNInsight
import CNNInterchange
import CNNModelFile
import CNNPictures
public import CNNRecognition

/// Pictures without labels that a model is to look at: those of data, or PNG files, folders and archives of them.
public struct ExampleSet {
  /// Where the pictures come from, as one sentence has it: `10000 pictures of the split test`.
  public let summary: String
  /// Those that could not be read, which are left out.
  public let failures: [ToolFailure]
  private enum Content {
    case dataset(DatasetPictures)
    case pictures([UInt8], height: Int, width: Int)
  }
  private let content: Content

  /// Reads the pictures.
  ///
  /// - Parameters:
  ///   - paths: data, or picture files, folders and archives of them; not both.
  ///   - split: the split of the data; training, else validation, else test if nil.
  ///   - preparation: how picture files are made ready; those of data are taken as they are.
  /// - Throws: `FileError`, `LoadFailure`, or `ToolFailure` for data that don't fit the model.
  public init(
    _ paths: [String], split wanted: DatasetSplit?, for model: DrawnModel, preparation: PicturePreparation,
    pool: WorkerPool
  ) throws {
    let inputs = try InferenceInputs(paths, evaluates: false)
    var recognizer: DigitRecognizer
    do {
      recognizer = try DigitRecognizer(model.file, pool: pool)
    } catch {
      throw ToolFailure(error, path: model.name)
    }
    let (height, width) = recognizer.inputSize
    guard inputs.data.isEmpty else {
      if inputs.hasPictures {
        throw ToolFailure(
          path: inputs.data[0],
          "this is data, and there are pictures beside it; --top-activating takes one or the other",
          status: .badData)
      }
      let pictures = try Self.load(inputs, split: wanted, height: height, width: width)
      content = .dataset(pictures)
      summary = "\(NumberFormat.grouped(pictures.count)) pictures of the split '\(pictures.split.rawValue)'"
      failures = []
      return
    }
    guard wanted == nil else {
      throw ToolFailure(
        path: paths.first, "pictures have no splits, of which --split could be one", status: .badData)
    }
    recognizer.preparation = preparation
    var pixels: [UInt8] = []
    var failures: [ToolFailure] = []
    let ensemble: RecognizerEnsemble
    do { ensemble = try RecognizerEnsemble([recognizer]) } catch {
      throw ToolFailure(error, path: model.name)
    }
    try PictureInference(ensemble).run(inputs.source()) { readings in
      for reading in readings {
        switch reading.result {
        case .success(let picture): pixels += picture.digits[0].prepared[0].image.pixels
        case .failure(let failure): failures.append(failure)
        }
      }
    }
    content = .pictures(pixels, height: height, width: width)
    let count = pixels.count / (height * width)
    summary = "\(NumberFormat.grouped(count)) picture\(count == 1 ? "" : "s")"
    self.failures = failures
  }

  private static func load(_ inputs: InferenceInputs, split: DatasetSplit?, height: Int, width: Int) throws
    -> DatasetPictures
  {
    let data: ModelFile
    do {
      let loaded = try inputs.data.map(inputs.load)
      data = try DatasetInputs.load(
        loaded, requiresLabels: false, tool: "cnn-export-filters", version: toolVersion)
    } catch let error as InterchangeError {
      throw ToolFailure(error, path: inputs.data.count == 1 ? inputs.data[0] : nil)
    }
    return try DatasetPictures(
      data, path: inputs.data[0], splits: split.map { [$0] } ?? [.train, .valid, .test], height: height,
      width: width)
  }

  /// How many pictures there are.
  public var count: Int {
    switch content {
    case .dataset(let pictures): pictures.count
    case .pictures(let pixels, let height, let width): pixels.count / (height * width)
    }
  }

  /// A picture, as the network sees it.
  func picture(_ index: Int) -> Picture {
    switch content {
    case .dataset(let pictures):
      return .gray(pictures.picture(index) ?? GrayImage(width: 1, height: 1, pixels: [0]))
    case .pictures(let pixels, let height, let width):
      let size = height * width
      return .gray(
        GrayImage(width: width, height: height, pixels: Array(pixels[index * size..<(index + 1) * size])))
    }
  }

  /// Looks for those that excite the units of a layer most.
  func mostExciting(_ network: LearntNetwork, layer: String?, count: Int, pool: WorkerPool)
    throws(InsightError) -> TopActivating
  {
    func find(_ source: some InputSource) throws(InsightError) -> TopActivating {
      try TopActivating.find(in: network, layer: layer, examples: source, count: count, pool: pool)
    }
    let preprocessing = network.preprocessing
    switch content {
    case .dataset(let pictures):
      switch pictures.values {
      case .bytes(let bytes):
        return try find(PixelInputs(bytes, inputCount: network.inputCount, preprocessing: preprocessing))
      case .inputs(let values):
        return try find(FloatInputs(values, inputCount: network.inputCount))
      }
    case .pictures(let pixels, _, _):
      return try find(PixelInputs(pixels, inputCount: network.inputCount, preprocessing: preprocessing))
    }
  }
}
