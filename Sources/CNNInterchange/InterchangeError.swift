import CNNCodecs
import CNNModelFile

/// A foreign file that was read without trouble but whose content cannot become what was asked for.
public enum InterchangeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The bytes are in no format that is read here.
  case unknownFormat(beginning: [UInt8])
  /// The input has no bytes.
  case emptyInput
  /// A gzip file expands beyond what pictures and weights of its size do.
  case expandsTooMuch(limit: Int)
  /// The format is known, but holds neither weights nor pictures: what it holds instead.
  case notUsable(String)
  /// The format is known and holds something useful, but no pictures: what it holds instead.
  case notData(String)
  /// A native file, which needs no converting.
  case alreadyNative(String)
  /// No preset fits the arrays: their names and shapes.
  case unrecognizedArchitecture(arrays: [String])
  /// The arrays have no names that say which layer they belong to, and no architecture was given.
  case architectureNeeded(arrays: [String])
  /// The arrays have names that follow no known rule, so that no architecture would help.
  case unknownNames(arrays: [String])
  /// The architecture has another number of parameters than there are arrays.
  case arrayCount(expected: Int, found: Int, architecture: String)
  /// An array that the architecture needs is missing.
  case missingArray(String, layer: String)
  /// An array that belongs to no layer.
  case unusedArray(String, shape: [Int])
  /// An array has another shape than its layer takes.
  case shapeMismatch(array: String, found: [Int], layer: String, expected: [Int], hint: String?)
  /// Numbers where floating-point weights are needed, or the other way round.
  case elementType(array: String, found: String, expected: String)
  /// A layer whose parameters this kind of file cannot hold.
  case unsupportedLayer(String)
  /// The graph that was given makes no sense.
  case graph(GraphError)
  /// Another number of label names than the network has outputs, or fewer than the data have classes.
  case labelCount(expected: Int, found: Int)
  /// Fewer names than the labels of a data set need: the greatest label and how many names there are.
  case unnamedLabel(greatest: Int64, names: Int)
  /// The network gives something else than one row of values, one for each class.
  case outputShape([Int])
  /// A number that is beyond the greatest float32.
  case overflow(array: String)

  // Data sets.

  /// Pictures and labels that don't belong together by count.
  case countMismatch(images: String, imageCount: Int, labels: String, labelCount: Int)
  /// Pictures without labels.
  case missingLabels(images: String)
  /// Labels without pictures.
  case missingImages(labels: String)
  /// More than one way to pair pictures with labels.
  case ambiguousPairing(images: [String], labels: [String])
  /// Two inputs that would both become the same split.
  case duplicateSplit(String, first: String, second: String)
  /// Pictures whose shape cannot be told.
  case imageShape(String, [Int])
  /// Splits with pictures of different sizes.
  case differingImageShapes(String, [Int], String, [Int])
  /// Splits whose pixels are on different scales, so that no single divisor holds for all.
  case differingScales(String, String)
  /// Labels that are no whole numbers from 0 on: where, and what stands there.
  case badLabel(String, index: Int, value: String)
  /// Native data sets that name their classes differently.
  case differingLabels(String, String)
  /// A mixture of data and weights, or of several weight files.
  case mixedInputs(String, String)

  /// One helpful sentence.
  public var description: String {
    switch self {
    case .unknownFormat(let beginning):
      let hex = beginning.prefix(8).map { $0.hexadecimal }.joined(separator: " ")
      return
        "the format is not known (it begins with \(hex)); pickle, gzip, IDX, PNG and safetensors are read"
    case .emptyInput:
      return "the file is empty"
    case .expandsTooMuch(let limit):
      return "the gzip file expands to more than \(limit) bytes, far more than pictures and weights do; "
        + "decompress it first if that is right"
    case .notUsable(let what):
      return "this is \(what), which holds neither weights nor labelled pictures"
    case .notData(let what):
      return "this is \(what); a data set or pictures are needed"
    case .alreadyNative(let kind):
      return "this is a native \(kind) file already; there is nothing to convert"
    case .unrecognizedArchitecture(let arrays):
      return "no known architecture fits the arrays \(Self.list(arrays)); "
        + "name one with --architecture, or describe the network in a JSON file"
    case .architectureNeeded(let arrays):
      return "the arrays \(Self.list(arrays)) don't say which layer they belong to; "
        + "name the architecture with --architecture, for example --architecture lenet"
    case .unknownNames(let arrays):
      return "the names of the arrays \(Self.list(arrays)) follow no known rule; read are W1, b1, W2, ..., "
        + "conv1.weight, conv1.bias, ..., and lists of arrays in the order of the layers"
    case .outputShape(let shape):
      return
        "the network gives \(shape); one row of at most \(WeightImport.maximumOutputCount) values, one for each "
        + "class, is needed"
    case .arrayCount(let expected, let found, let architecture):
      return "\(architecture) takes \(expected) arrays, and the file has \(found)"
    case .missingArray(let name, let layer):
      return "the array \(name) for layer \(layer) is missing"
    case .unusedArray(let name, let shape):
      return "the array \(name) of shape \(shape) belongs to no layer of the architecture"
    case .shapeMismatch(let array, let found, let layer, let expected, let hint):
      return "\(array) has shape \(found), and \(layer) takes \(expected)" + (hint.map { "; \($0)" } ?? "")
    case .elementType(let array, let found, let expected):
      return "\(array) holds \(found), and \(expected) is needed"
    case .unsupportedLayer(let layer):
      return "the parameters of layer \(layer) cannot be taken from arrays without names"
    case .graph(let error):
      return error.description
    case .labelCount(let expected, let found):
      return "the network has \(expected) outputs, and --labels names \(found)"
    case .unnamedLabel(let greatest, let names):
      return "the data's labels go up to \(greatest), and there are names for \(names) classes"
    case .overflow(let array):
      return "\(array) holds numbers beyond the range of float32, about 3.4e38"
    case .countMismatch(let images, let imageCount, let labels, let labelCount):
      return "\(images) has \(imageCount) images, and \(labels) has \(labelCount) labels"
    case .missingLabels(let images):
      return "there are no labels for the images in \(images); give the label file too"
    case .missingImages(let labels):
      return "there are no images for the labels in \(labels); give the image file too"
    case .ambiguousPairing(let images, let labels):
      return
        "which labels belong to which images cannot be told: images in \(images.joined(separator: ", ")), "
        + "labels in \(labels.joined(separator: ", ")); give files of one split at a time"
    case .duplicateSplit(let split, let first, let second):
      return "\(first) and \(second) would both be the split '\(split)'; convert them one at a time, "
        + "with --split to name it"
    case .imageShape(let name, let shape):
      return
        "the images in \(name) have shape \(shape); [N, H, W], [N, C, H, W] or [N, side * side] is needed, "
        + "none of them zero but N"
    case .differingImageShapes(let first, let a, let second, let b):
      return "the images in \(first) are \(a), and those in \(second) are \(b)"
    case .differingScales(let first, let second):
      return "the pixels of \(first) and of \(second) are on different scales"
    case .badLabel(let name, let index, let value):
      return "label \(index) in \(name) is \(value); labels are whole numbers from 0 on"
    case .differingLabels(let first, let second):
      return
        "\(first) and \(second) name their classes differently; convert them one at a time, or give --labels"
    case .mixedInputs(let first, let second):
      return "\(first) and \(second) cannot be converted together; convert them one at a time"
    }
  }

  /// A list for a message: the first dozen and how many more.
  private static func list(_ items: [String]) -> String {
    let shown = items.prefix(12).joined(separator: ", ")
    return items.count > 12 ? "\(shown) and \(items.count - 12) more" : shown
  }
}

extension UInt8 {
  /// Two hexadecimal digits.
  fileprivate var hexadecimal: String {
    (self < 16 ? "0" : "") + String(self, radix: 16)
  }
}
