import CNNModelFile

/// A network that came with its graph: what ONNX files and Keras's files with a configuration become.
public struct ImportedNetwork: Sendable {
  /// The network; it has been checked.
  public var network: NetworkDescription
  /// How many values it gives: the number of classes.
  public var outputCount: Int
  /// The parameters under their native names, all float32 but the counters of batch normalisation.
  public var tensors: [Tensor]
  /// What became of every array, in the order of the layers.
  public var fates: [ArrayFate]
  /// The largest relative rounding error of all arrays on the way to float32.
  public var largestRelativeError: Double
  /// What was left out or understood in a special way, as sentences without a leading capital or a full stop.
  public var notes: [String]
  /// The names of the classes, where the file says them.
  public var labels: [String]?
  /// What turns pixels into the network's input, where the file says it.
  public var preprocessing: Preprocessing?

  /// How many notes are kept.
  private static let greatestNoteCount = 32

  /// Creates a network of checked parts.
  init(
    network: NetworkDescription, outputCount: Int, tensors: [Tensor], fates: [ArrayFate],
    largestRelativeError: Double,
    notes: [String] = [], labels: [String]? = nil, preprocessing: Preprocessing? = nil
  ) {
    self.network = network
    self.outputCount = outputCount
    self.tensors = tensors
    self.fates = fates
    self.largestRelativeError = largestRelativeError
    // A small file can have thousands of layers to be told of.
    let more = notes.count - Self.greatestNoteCount
    self.notes = more > 0 ? notes.prefix(Self.greatestNoteCount) + ["\(more) more notes are left out"] : notes
    self.labels = labels
    self.preprocessing = preprocessing
  }
}
