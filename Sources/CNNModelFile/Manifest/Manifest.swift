import CNNCodecs

/// What a native file says of itself: the value of `cnn.manifest`, less the checksums of the tensors, which the
/// writer computes and the reader verifies.
///
/// Unknown members of a manifest are read over; unknown entries of `requires` are refused by the reader.
public struct Manifest: Sendable, Equatable {
  /// What the file is for.
  public enum Kind: String, Sendable, CaseIterable {
    /// A network that can be run.
    case model
    /// A network in the middle of its training, with all that going on needs.
    case checkpoint
    /// Pictures and labels.
    case dataset
  }

  /// What the file is for.
  public var kind: Kind
  /// Features that a reader must know to read the file correctly; empty in version 1 without extensions.
  public var requires: [String]
  /// The network; nil for a data set.
  public var network: NetworkDescription?
  /// The names of the classes in the order of the network's outputs, or of the label numbers of a data set.
  public var labels: [String]
  /// What turns pixels into the network's input; nil for a data set.
  public var preprocessing: Preprocessing?
  /// In a data set, the number that its pixels are divided by (255 or 256; 1 for values already preprocessed).
  public var divisor: Double?
  /// Where the content comes from.
  public var provenance: Provenance
  /// How a model was trained and how well it does; in a checkpoint, its state. Free-form members, those of
  /// `formats/model-file.md` among them.
  public var training: JSONValue?

  /// Creates a manifest.
  public init(
    kind: Kind, requires: [String] = [], network: NetworkDescription? = nil, labels: [String] = [],
    preprocessing: Preprocessing? = nil, divisor: Double? = nil, provenance: Provenance,
    training: JSONValue? = nil
  ) {
    self.kind = kind
    self.requires = requires
    self.network = network
    self.labels = labels
    self.preprocessing = preprocessing
    self.divisor = divisor
    self.provenance = provenance
    self.training = training
  }
}

/// What turns a picture's pixels into a network's input: (pixel / divisor - mean) / deviation.
public struct Preprocessing: Sendable, Equatable {
  /// Which of ink and paper is bright in the pixels that the network was trained on.
  public enum Polarity: String, Sendable, CaseIterable {
    /// Bright ink on dark ground, as in MNIST.
    case whiteOnBlack = "white-on-black"
    /// Dark ink on bright paper.
    case blackOnWhite = "black-on-white"
  }

  /// How a picture of any size becomes one of the input's size.
  public enum Normalization: String, Sendable, CaseIterable {
    /// The MNIST way: 20x20 ink box, centre of mass in the middle of 28x28.
    case mnist
    /// Nothing but scaling to the input's size.
    case none
  }

  /// What the pixel value is divided by first.
  public var divisor: Double
  /// What is subtracted then.
  public var mean: Double
  /// What it is divided by last.
  public var deviation: Double
  /// Which of ink and paper is bright.
  public var polarity: Polarity
  /// How a picture becomes one of the input's size.
  public var normalization: Normalization

  /// Creates a preprocessing; what is left out changes nothing, and digits are white on black, as in MNIST.
  public init(
    divisor: Double = 255, mean: Double = 0, deviation: Double = 1, polarity: Polarity = .whiteOnBlack,
    normalization: Normalization = .mnist
  ) {
    self.divisor = divisor
    self.mean = mean
    self.deviation = deviation
    self.polarity = polarity
    self.normalization = normalization
  }
}

/// Where a file's content comes from: enough to make it again, nothing that changes from run to run.
public struct Provenance: Sendable, Equatable {
  /// An input file.
  public struct Source: Sendable, Equatable {
    /// The file's name without its folders; `-` for standard input.
    public var name: String
    /// Its size in bytes.
    public var size: Int
    /// The CRC-32 of its bytes.
    public var crc32: UInt32

    /// Creates a source.
    public init(name: String, size: Int, crc32: UInt32) {
      self.name = name
      self.size = size
      self.crc32 = crc32
    }
  }

  /// The tool that wrote the file: `mnist-convert`.
  public var tool: String
  /// The tool's version.
  public var version: String
  /// The options that change the content, by their long names; never threads, output names, clock or host.
  public var options: [(name: String, value: JSONValue)]
  /// The input files in the order in which they were given.
  public var sources: [Source]

  /// Creates a provenance.
  public init(
    tool: String, version: String, options: [(name: String, value: JSONValue)] = [], sources: [Source] = []
  ) {
    self.tool = tool
    self.version = version
    self.options = options
    self.sources = sources
  }

  /// Whether both say the same, options in the same order.
  public static func == (a: Provenance, b: Provenance) -> Bool {
    a.tool == b.tool && a.version == b.version && a.sources == b.sources
      && a.options.elementsEqual(b.options) { $0.name == $1.name && $0.value == $1.value }
  }
}
