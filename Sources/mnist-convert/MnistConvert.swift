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
    abstract: "Convert data sets and weights out of pickles, gzips and IDX files into one safe format.",
    discussion: """
      Reads pickles (protocols 0 to 5; nothing in them is ever run), IDX files and safetensors files, gzipped \
      or not, and writes a model or a data set. Formats are known by their content.

      Data sets: IDX image and label files in any order, paired by the stem of their names and by count; the \
      Theano tutorials' mnist.pkl.gz; the pickled dict of Deep Learning from Scratch. A name with t10k or test \
      is the test split, one with valid or val the validation split, anything else training.

      Weights: the architecture is recognised from names and shapes where that is unambiguous (dicts with W1, \
      b1, W2, ... as in Deep Learning from Scratch, and PyTorch names such as conv1.weight). What shapes cannot \
      tell is never guessed; it has a default, which an option changes.

        mnist-convert params.pkl -o model.safetensors
        mnist-convert mnist.pkl.gz -o mnist.safetensors
        mnist-convert *-ubyte.gz -o mnist.safetensors
        mnist-convert theano.pkl -o lenet.safetensors \\
          --architecture lenet:tanh --rotated-kernels
      """,
    version: toolVersion)

  @Argument(help: "Files to convert; - is standard input.", completion: .file())
  var inputs: [String]

  @Option(
    name: .shortAndLong, help: "The file to write, in .safetensors; - is standard output.",
    completion: .file(extensions: ["safetensors"]))
  var output: String

  @Option(
    help: ArgumentHelp(
      """
      The network that weights belong to: lenet, simple-convnet, double-convnet, deep-convnet, mlp:WIDTHS (for \
      example mlp:100,50), or a JSON file with a graph. Behind a colon the activation: lenet:tanh, \
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
      for PyTorch names)
      """, valueName: "in-out|out-in"))
  var linearLayout: LinearLayout?

  @Option(
    help: ArgumentHelp(
      "How pictures were flattened before the first linear layer: chw (PyTorch, Theano, NumPy) or hwc (Keras).",
      valueName: "chw|hwc"))
  var flattenOrder: FlattenOrder = .channelsFirst

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

  @Option(help: "What the network's training divided pixels by, for weights.")
  var divisor: Double = 255

  @Option(help: "What it subtracted then, for weights.")
  var mean: Double = 0

  @Option(help: "What it divided by last, for weights.")
  var deviation: Double = 1

  @Option(
    help: ArgumentHelp(
      "The split that all data belong to, whatever their names say.", valueName: "train|valid|test"))
  var split: DatasetSplit?

  @Option(help: "The format to write. Only safetensors, the native format, can be written so far.")
  var to: String?

  @Flag(help: "Replace the output if it exists.")
  var force = false

  @Flag(help: "Print what became of every array as JSON lines on standard output.")
  var json = false

  @Flag(name: .shortAndLong, help: "Don't print what became of every array.")
  var quiet = false

  func validate() throws {
    if let format = to, format != "safetensors" {
      throw ValidationError("--to \(format): only safetensors can be written")
    }
    if to == nil, output != "-", !output.lowercased().hasSuffix(".safetensors"),
      OutputFile.isRegular(output)
    {
      throw ValidationError(
        "'\(output)' does not end in .safetensors, the only format that can be written; use --to safetensors "
          + "to write it under this name")
    }
    if json, output == "-" {
      throw ValidationError("--json and -o - would both write to standard output")
    }
    guard divisor > 0, divisor.isFinite else { throw ValidationError("--divisor must be a number above 0") }
    guard deviation > 0, deviation.isFinite else {
      throw ValidationError("--deviation must be a number above 0")
    }
    guard mean.isFinite else { throw ValidationError("--mean must be a number") }
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
    try OutputFile.preflight(path: output, replacing: force)
    let options = try conversionOptions()
    let loaded = try inputs.map { try LoadedInput(path: $0) }
    let conversion = try Conversion(
      loaded, options: options, tool: Self.toolName, version: toolVersion)
    try conversion.file.write(to: output, replacing: force)
    if json {
      for line in conversion.json { try StandardStreams.write(JSONWriter.text(of: line) + "\n") }
    } else if !quiet {
      StandardStreams.writeError(conversion.summary)
    }
    return .success
  }

  private func conversionOptions() throws -> Conversion.Options {
    var weights = WeightImportOptions(
      linearLayout: linearLayout, flattenOrder: flattenOrder, rotatedKernels: rotatedKernels,
      dropoutScaling: dropoutScaling,
      preprocessing: Preprocessing(divisor: divisor, mean: mean, deviation: deviation))
    switch try architecture.map({ try ArchitectureArgument($0) }) {
    case .preset(let preset): weights.architecture = preset
    case .graph(let graph): weights.network = graph
    case nil: break
    }
    return Conversion.Options(weights: weights, split: split, labels: labelNames)
  }

  private var labelNames: [String]? {
    labels?.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}

extension LinearLayout: ExpressibleByArgument {}
extension FlattenOrder: ExpressibleByArgument {}
extension DatasetSplit: ExpressibleByArgument {}
extension Operation.Dropout.Scaling: ExpressibleByArgument {}
