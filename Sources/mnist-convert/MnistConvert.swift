import ArgumentParser
import CNNCodecs
import CNNFiles
import CNNInterchange
import CNNModelFile
import CNNToolSupport

@main
struct MnistConvert: CommandLineTool {
  static let configuration = CommandConfiguration(
    commandName: "mnist-convert",
    abstract: "Convert data sets and weights out of pickles, CSV, IDX and other files into one safe format.",
    discussion: """
      Reads pickles (protocols 0 to 5; nothing in them is ever run), npy and npz, IDX, CSV, JSON, safetensors and \
      ONNX files and those of PyTorch and Keras (HDF5), gzipped or not, and folders and sheets of PNG pictures, and \
      writes a model or a data set. Formats are known by their content.

      Data sets: IDX image and label files in any order, paired by the stem of their names and by count; CSV with \
      the label first, with pixels and a one-hot row, or with one of both; folders of PNG files named by their \
      labels (7/a.png, test/7/a.png); PNG sheets with a digit in each row or tile, and their labels in a second \
      file; npz, HDF5 and PyTorch files and dicts with x_train, y_train and the like, as Keras's mnist.npz and the \
      pickle of Deep Learning from Scratch; the Theano tutorials' mnist.pkl.gz; torchvision's training.pt. A name \
      with t10k or test is the test split, one with valid or val the validation split, anything else training.

      Weights: ONNX and Keras's .keras and .h5 files say their network themselves. Of others the names are those \
      of PyTorch (NAME.weight), Chainer (NAME/W), Keras and Flax (NAME/kernel), W1, b1, W2, ... as in Deep \
      Learning from Scratch, W_NAME and b_NAME, the JSON files of network2.py, and lists of arrays (Theano). The \
      architecture is recognised from names and shapes where that is unambiguous; docs/importing.md has the rules. \
      What shapes cannot tell is never guessed; it has a default, which an option changes.

      Exports: an output that ends in .npz, .onnx, .csv or .csv.gz is written in that format, and --to names these \
      and others. Inputs of an export may be native files too. What a format has no place for is said. Pickles are \
      never written.

        mnist-convert params.pkl -o model.safetensors
        mnist-convert mnist.pkl.gz -o mnist.safetensors
        mnist-convert *-ubyte.gz -o mnist.safetensors
        mnist-convert mnist_train.csv mnist_test.csv -o mnist.safetensors
        mnist-convert digits/ -o digits.safetensors
        mnist-convert sheet.png labels.txt --tile 28x28 -o sheet.safetensors
        mnist-convert theano.pkl -o lenet.safetensors \\
          --architecture lenet:tanh --rotated-kernels
        mnist-convert model.safetensors -o model.onnx
        mnist-convert mnist.safetensors --to idx.gz -o mnist/
      """,
    version: toolVersion)

  @Argument(help: "Files and folders to convert; - is standard input.", completion: .file())
  var inputs: [String]

  @Option(
    name: .shortAndLong,
    help: "The file to write, in .safetensors, or a file or folder to export to; - is standard output.",
    completion: .file())
  var output: String

  @Option(
    help: ArgumentHelp(
      """
      The network that weights belong to: lenet, simple-convnet, double-convnet, deep-convnet, mlp:WIDTHS (for \
      example mlp:100,50; mlp:none has no hidden layer), or a JSON file with a graph. Behind a colon the activation: lenet:tanh, \
      mlp:50,100:sigmoid. (default: recognised; activation ReLU, but sigmoid where W1, b1, ... are linear \
      throughout)
      """, valueName: "name|file.json"))
  var architecture: String?

  @Option(
    help: ArgumentHelp(
      "The names of the classes, with commas between. (default: 0,1,2,...)", valueName: "a,b,..."))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      """
      How linear weights stand in the file: in-out (y = x W) or out-in (y = x W^T). (default: in-out; out-in \
      for PyTorch, the names of Chainer and network2's JSON; or the only one that shapes allow)
      """, valueName: "in-out|out-in"))
  var linearLayout: LinearLayout?

  @Option(
    help: ArgumentHelp(
      """
      How kernels stand: oihw (PyTorch, Theano, NumPy) or hwio (Keras, JAX). (default: by the arrays' names)
      """, valueName: "oihw|hwio"))
  var kernelLayout: KernelLayout?

  @Option(
    help: ArgumentHelp(
      """
      How pictures were flattened before the first linear layer: chw (PyTorch, Theano, NumPy) or hwc (Keras, JAX). \
      (default: by the arrays' names)
      """, valueName: "chw|hwc"))
  var flattenOrder: FlattenOrder?

  @Flag(
    help: "The file's network was a true convolution (Theano's conv2d): rotate the kernels by 180 degrees.")
  var rotatedKernels = false

  @Option(
    help: ArgumentHelp(
      """
      Where the network's dropout is scaled: inference (outputs times 1 - rate at test time) or training \
      (inverted dropout: nothing to do at test time). (default: inference for the book's W1, b1, ... of \
      deep-convnet, else training)
      """, valueName: "inference|training"))
  var dropoutScaling: Operation.Dropout.Scaling?

  @Option(
    help:
      """
      What the network's training divided pixels by, for weights. (default: what ONNX and Keras files say themselves, \
      else 255; 256 for network2's JSON)
      """)
  var divisor: Double?

  // A mean may be negative.
  @Option(
    parsing: .unconditional,
    help: "What it subtracted then, for weights. (default: what the file says, else 0)")
  var mean: Double?

  @Option(help: "What it divided by last, for weights. (default: what the file says, else 1)")
  var deviation: Double?

  @Option(
    help: ArgumentHelp(
      "The split that all data belong to, whatever their names say.", valueName: "train|valid|test"))
  var split: DatasetSplit?

  @OptionGroup var data: DataReadingArguments

  @OptionGroup var export: ExportArguments

  @Flag(help: "Replace the output if it exists.")
  var force = false

  @Flag(help: "Print what became of every array as JSON lines on standard output.")
  var json = false

  @Flag(name: .shortAndLong, help: "Don't print what became of every array.")
  var quiet = false

  func validate() throws {
    try export.validate(output: output)
    if json, output == "-" {
      throw ValidationError("--json and -o - would both write to standard output")
    }
    guard divisor.map({ $0 > 0 && $0.isFinite }) ?? true else {
      throw ValidationError("--divisor must be a number above 0")
    }
    guard deviation.map({ $0 > 0 && $0.isFinite }) ?? true else {
      throw ValidationError("--deviation must be a number above 0")
    }
    guard mean?.isFinite ?? true else { throw ValidationError("--mean must be a number") }
    if let names = labelNames {
      guard !names.contains("") else { throw ValidationError("--labels has a name without a letter") }
      var seen: Set<String> = []
      if let twice = names.first(where: { !seen.insert($0).inserted }) {
        throw ValidationError("--labels names '\(twice)' twice")
      }
    }
    guard inputs.filter({ $0 == "-" }).count <= 1 else {
      throw ValidationError("- stands for standard input, which can be read only once")
    }
  }

  func execute() throws -> ExitStatus {
    let format = try export.format(output: output)
    let isFolder = format.map { export.isFolder($0, output: output) } ?? false
    try Export.preflight(path: output, isFolder: isFolder, replacing: force)
    let options = try conversionOptions()
    let loaded = try inputs.map { try LoadedInput(path: $0) }
    var outgoing = try outgoing(loaded, options: options, isExport: format != nil)
    if let dtype = export.dtype {
      try outgoing.round(
        to: dtype.elementType, option: dtype.rawValue, isExported: format != nil, tool: Self.toolName,
        version: toolVersion)
    }
    if let format {
      let options = Export.Options(only: export.only, isFolder: isFolder)
      try outgoing.export(as: format, options: options, tool: Self.toolName, version: toolVersion)
        .write(to: output, replacing: force)
    } else {
      try outgoing.file.write(to: output, replacing: force)
    }
    if json {
      for line in outgoing.json { try StandardStreams.write(JSONWriter.text(of: line) + "\n") }
    } else if !quiet {
      StandardStreams.writeError(outgoing.summary)
    }
    return .success
  }

  /// What is written: a native file as it is, where that is exported or rounded, or what foreign files become.
  private func outgoing(
    _ inputs: [LoadedInput], options: Conversion.Options, isExport: Bool
  ) throws -> OutgoingFile {
    if isExport || export.dtype != nil, inputs.count == 1, case .modelFile(let file) = inputs[0].content {
      let isDataset = file.manifest.kind == .dataset
      if !isDataset, let option = settledOption {
        throw ToolFailure(
          path: inputs[0].path,
          "this is a native \(file.manifest.kind.rawValue) file, in which everything is settled; \(option) goes with "
            + "foreign files", status: .usage)
      }
      // A data set can get other names and another split, and its pictures and labels can be read otherwise.
      if !isDataset || (split == nil && labels == nil && data.reading.isDefault) {
        return OutgoingFile(file, from: inputs[0])
      }
    }
    let conversion = try Conversion(inputs, options: options, tool: Self.toolName, version: toolVersion)
    return OutgoingFile(conversion, from: inputs)
  }

  /// An option that says what foreign files leave open, if one is given.
  private var settledOption: String? {
    let given: [(String, Bool)] = [
      ("--architecture", architecture != nil), ("--labels", labels != nil),
      ("--linear-layout", linearLayout != nil), ("--kernel-layout", kernelLayout != nil),
      ("--flatten-order", flattenOrder != nil),
      ("--rotated-kernels", rotatedKernels), ("--dropout-scaling", dropoutScaling != nil),
      ("--divisor", divisor != nil), ("--mean", mean != nil), ("--deviation", deviation != nil),
      ("--split", split != nil),
    ]
    return given.first { $0.1 }?.0 ?? data.givenMembers.first.map { "--\($0.name)" }
  }

  private func conversionOptions() throws -> Conversion.Options {
    var weights = WeightImportOptions(
      linearLayout: linearLayout, kernelLayout: kernelLayout, flattenOrder: flattenOrder,
      rotatedKernels: rotatedKernels,
      dropoutScaling: dropoutScaling,
      preprocessing: PreprocessingOptions(divisor: divisor, mean: mean, deviation: deviation))
    switch try architecture.map({ try ArchitectureArgument($0) }) {
    case .preset(let preset): weights.architecture = preset
    case .graph(let graph): weights.network = graph
    case nil: break
    }
    return Conversion.Options(weights: weights, split: split, reading: data.reading, labels: labelNames)
  }

  private var labelNames: [String]? {
    labels?.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

extension LinearLayout: ExpressibleByArgument {}
extension FlattenOrder: ExpressibleByArgument {}
extension Operation.Dropout.Scaling: ExpressibleByArgument {}
extension KernelLayout: ExpressibleByArgument {}
