import CNNCodecs
import CNNModelFile

/// A foreign file that was read without trouble but whose content cannot become what was asked for.
public enum InterchangeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The bytes are in no format that is read here.
  case unknownFormat(beginning: [UInt8])
  /// The bytes are in a format that is known and not read.
  case unreadFormat(UnreadFormat)
  /// The input has no bytes.
  case emptyInput
  /// A gzip file expands beyond what pictures and weights of its size do.
  case expandsTooMuch(limit: Int)
  /// The format is known, but holds neither weights nor pictures: what it holds instead.
  case notUsable(String)
  /// The format is known and holds something useful, but no pictures: what it holds instead.
  case notData(String)
  /// An HDF5 file that is none of Keras's and has no pictures by names that are known.
  case unknownHDF5
  /// A native file, which needs no converting.
  case alreadyNative(String)
  /// No preset fits the arrays: their names and shapes.
  case unrecognizedArchitecture(arrays: [String])
  /// The arrays have no names that say which layer they belong to, and no architecture was given.
  case architectureNeeded(arrays: [String])
  /// The arrays have names that follow no known rule, so that no architecture would help.
  case unknownNames(arrays: [String])
  /// Two arrays whose names make them the same parameter of a layer.
  case sameParameter(String, String, layer: String, parameter: String)
  /// Arrays that one layer's name holds together and that make no layer that is read.
  case unknownLayer(String, arrays: [String])
  /// Layers whose order neither shapes nor numbers in their names tell.
  case ambiguousOrder(layers: [String])
  /// Another number of layers of a kind than the network has: the names of both.
  case layerCount(kind: String, expected: [String], found: [String])
  /// The arrays fit with kernels that stand as in TensorFlow, which leaves open how pictures were flattened.
  case kernelsLast
  /// The arrays fit in several ways, and not in the usual one.
  case ambiguousLayout([String])
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
  /// Labels that are no whole numbers from the first one on: where, and what stands there.
  case badLabel(String, index: Int, value: String, first: Int)
  /// Native data sets that name their classes differently.
  case differingLabels(String, String)
  /// A table whose number of columns is that of no pictures.
  case csvColumns(Int)
  /// A table without names whose first column cannot be the label.
  case csvLabelColumn
  /// Pixels in a table that are whole numbers but no bytes: where the first one is.
  case csvPixels(line: Int, field: Int)
  /// A picture whose size is not that of a sheet of digits.
  case notASheet(width: Int, height: Int, tile: TileSize?)
  /// A folder with a folder for a split and one that is for none.
  case mixedFolders(split: String, other: String)
  /// A folder without pictures in folders.
  case noLabelledPictures
  /// A picture that is not as large as the first one: [width, height] of both.
  case pictureSize(found: [Int], expected: [Int], first: String)
  /// Labels by names that are not those of the others: the folder, a name of it and how many names there are.
  case unknownLabelName(folder: String, name: String, names: [String])
  /// An option about the network for a file that says its network itself.
  case networkInFile(option: String)
  /// An option about data for a file of weights.
  case weightsInFile(option: String)
  /// An option about weights for files of data.
  case dataInFiles(option: String)
  /// A size of the digits in sheets where there is no sheet.
  case noSheet
  /// A mixture of data and weights, or of several weight files.
  case mixedInputs(String, String)

  /// One helpful sentence.
  public var description: String {
    switch self {
    case .unknownFormat(let beginning):
      let hex = beginning.prefix(8).map { $0.hexadecimal }.joined(separator: " ")
      return
        "the format is not known (it begins with \(hex)); pickle, npy, npz, gzip, IDX, PNG, CSV, JSON, "
        + "safetensors, ONNX and the files of PyTorch and Keras are read"
    case .unreadFormat(let format):
      return "this is \(format.name), which is not read; \(format.advice)"
    case .emptyInput:
      return "the file is empty"
    case .expandsTooMuch(let limit):
      return "the gzip file expands to more than \(limit) bytes, far more than pictures and weights do; "
        + "decompress it first if that is right"
    case .notUsable(let what):
      return "this is \(what), which holds neither weights nor labelled pictures"
    case .notData(let what):
      return "this is \(what); a data set or pictures are needed"
    case .unknownHDF5:
      return
        "the HDF5 file has neither a model of Keras (the attribute model_config), nor Keras's weights (groups such as "
        + "layers/conv2d/vars, or the attribute layer_names), nor pictures and labels (x_train, y_train, images, labels)"
    case .alreadyNative(let kind):
      return "this is a native \(kind) file already; there is nothing to convert"
    case .unrecognizedArchitecture(let arrays):
      return "no known architecture fits the arrays \(Self.list(arrays)); "
        + "name one with --architecture, describe the network in a JSON file, or convert a file with its graph (torch.onnx.export, "
        + "Keras's model.save)"
    case .architectureNeeded(let arrays):
      return "the arrays \(Self.list(arrays)) don't say which layer they belong to; "
        + "name the architecture with --architecture, for example --architecture lenet"
    case .unknownNames(let arrays):
      return "the names of the arrays \(Self.list(arrays)) follow no known rule; read are W1, b1, W2, ..., "
        + "W_NAME and b_NAME, NAME.weight (PyTorch), NAME/W (Chainer), NAME/kernel (Keras, JAX), and lists of arrays in "
        + "the order of the layers"
    case .sameParameter(let first, let second, let layer, let parameter):
      return "\(first) and \(second) would both be the \(parameter) of layer \(layer)"
    case .unknownLayer(let layer, let arrays):
      return
        "the arrays \(Self.list(arrays)) of layer \(layer) are no convolution (a weight of four dimensions), "
        + "linear layer (two) or batch normalisation (a running mean and variance); torch.onnx.export writes a file that "
        + "says what they are"
    case .ambiguousOrder(let layers):
      return
        "which of the layers \(Self.list(layers)) comes first cannot be told: shapes allow any order, and their "
        + "names don't number them as they stand; call them fc1, fc2, ..., or export the network with torch.onnx.export"
    case .layerCount(let kind, let expected, let found):
      return "the network has \(Self.counted(expected)) of the kind \(kind), and the file has "
        + "\(Self.counted(found)); give the network as a JSON file with --architecture, or export it with "
        + "torch.onnx.export"
    case .kernelsLast:
      return
        "the kernels stand as in TensorFlow; say --kernel-layout hwio, and how pictures were flattened with "
        + "--flatten-order hwc (TensorFlow's default) or chw"
    case .ambiguousLayout(let ways):
      return
        "the arrays fit in several ways: \(ways.joined(separator: "; or ")); say which with --linear-layout"
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
        + (shape.count == 4 && (2...4).contains(shape[3])
          ? "; channels stand before rows: numpy.moveaxis(images, 3, 1)"
          : "")
    case .differingImageShapes(let first, let a, let second, let b):
      return "the images in \(first) are \(a), and those in \(second) are \(b)"
    case .differingScales(let first, let second):
      return "the pixels of \(first) and of \(second) are on different scales"
    case .badLabel(let name, let index, let value, let first):
      return "label \(index) in \(name) is \(value); labels are whole numbers from \(first) on"
    case .differingLabels(let first, let second):
      return
        "\(first) and \(second) name their classes differently; convert them one at a time, or give --labels"
    case .csvColumns(let count):
      return
        "the table has \(count) columns; read are a label and the pixels of a square picture (785 for 28x28), "
        + "pixels and a one-hot row (794), pixels alone (784), or labels alone (1)"
    case .csvLabelColumn:
      return
        "the first column is the same in all rows and the last is not, so that the labels seem to be last; "
        + "write a line of names in front, in which the column of labels is called label"
    case .csvPixels(let line, let field):
      return "line \(line), field \(field): the pixels are whole numbers, and this is none from 0 to 255"
    case .notASheet(let width, let height, let tile):
      return tile.map { "the picture has \(width)x\(height) pixels, which tiles of \($0) don't fill" }
        ?? "the picture has \(width)x\(height) pixels; a sheet has a digit in each row of 784, or --tile 28x28 says "
        + "how large the digits in a grid are"
    case .mixedFolders(let split, let other):
      return
        "the folder '\(split)' is a split, and beside it '\(other)' is none; have folders of splits with one for "
        + "each label in them, or folders of labels alone"
    case .noLabelledPictures:
      return "there are no PNG files in folders named by their labels, such as 7/a.png or test/7/a.png"
    case .pictureSize(let found, let expected, let first):
      return
        "the picture has \(found[0])x\(found[1]) pixels, and \(first) has \(expected[0])x\(expected[1]); all have "
        + "to be of one size"
    case .unknownLabelName(let folder, let name, let names):
      return
        "the pictures in \(folder) have a label '\(name)', and the classes are called \(Self.list(names))"
    case .networkInFile(let option):
      return "the file says its network itself, so that nothing is left for \(option) to say"
    case .weightsInFile(let option):
      return "the file holds weights, and \(option) is about data"
    case .dataInFiles(let option):
      return "the input is data, and \(option) is about weights"
    case .noSheet:
      return "--tile says how large the digits in a sheet are, and there is no PNG file among the data"
    case .mixedInputs(let first, let second):
      return "\(first) and \(second) cannot be converted together; convert them one at a time"
    }
  }

  /// The refusal of a file that begins with these bytes, whose format is not read.
  static func refusal(beginning: [UInt8]) -> InterchangeError {
    UnreadFormat(beginning: beginning).map { .unreadFormat($0) } ?? .unknownFormat(beginning: beginning)
  }

  /// How many layers and their names: `2 layers (fc1, fc2)`.
  private static func counted(_ names: [String]) -> String {
    names.isEmpty ? "none" : "\(names.count) (\(list(names)))"
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
