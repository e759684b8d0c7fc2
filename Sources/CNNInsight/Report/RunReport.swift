import CNNCodecs
import CNNEngine
import CNNModelFile

/// All that a report tells of one training: numbers and small pictures, from which the page is made.
///
/// Nothing here is measured while the page is made, times included: the same values give the same page.
public struct RunReport: Sendable {
  /// A PNG picture and its size.
  public struct Picture: Sendable, Equatable {
    /// The file.
    public var png: [UInt8]
    /// Its pixels in a row.
    public var width: Int
    /// Its rows.
    public var height: Int

    /// A picture.
    public init(png: [UInt8], width: Int, height: Int) {
      self.png = png
      self.width = width
      self.height = height
    }
  }

  /// An epoch and how long it took.
  public struct Epoch: Sendable, Equatable {
    /// How it went.
    public var record: EpochRecord
    /// Its seconds, validation included; nil where it was not measured, as it ran (or began) before a training was gone
    /// on with.
    public var seconds: Double?

    /// An epoch.
    public init(record: EpochRecord, seconds: Double?) {
      self.record = record
      self.seconds = seconds
    }
  }

  /// How the result does on one split.
  public struct Result: Sendable, Equatable {
    /// `train`, `valid` or `test`.
    public var split: String
    /// The counts.
    public var evaluation: Evaluation

    /// A result.
    public init(split: String, evaluation: Evaluation) {
      self.split = split
      self.evaluation = evaluation
    }
  }

  /// An example that is read wrong.
  public struct Mistake: Sendable, Equatable {
    /// Its number in the split, counted from 0.
    public var index: Int
    /// Its class.
    public var truth: Int
    /// What it is taken for.
    public var prediction: Int
    /// How probable that is to the network.
    public var probability: Double
    /// What it looks like; nil where the input is no picture.
    public var picture: Picture?

    /// A mistake.
    public init(index: Int, truth: Int, prediction: Int, probability: Double, picture: Picture?) {
      self.index = index
      self.truth = truth
      self.prediction = prediction
      self.probability = probability
      self.picture = picture
    }
  }

  /// A layer's filters.
  public struct Filters: Sendable, Equatable {
    /// The layer: `conv1`.
    public var layer: String
    /// What the tiles of its pictures are.
    public var form: LayerWeights.Form
    /// Whether a tile is a filter's weights for red, green and blue in their colours; else dark is large.
    public var isInColors: Bool
    /// Before training; nil where that is not known.
    public var before: Picture?
    /// After it.
    public var after: Picture

    /// Filters.
    public init(
      layer: String, form: LayerWeights.Form, isInColors: Bool, before: Picture?, after: Picture
    ) {
      self.layer = layer
      self.form = form
      self.isInColors = isInColors
      self.before = before
      self.after = after
    }
  }

  /// What made it: the name and version of the tool, and its arguments with its name first.
  public var tool: String
  /// The tool's version.
  public var version: String
  /// The command line, the tool's name first, as it was typed.
  public var command: [String]
  /// The model's file, without its folders.
  public var model: String
  /// What the network is called; nil where it has no name.
  public var architecture: String?
  /// What the first weights come from, in words: `he, seed 0`, or the base's name.
  public var origin: String
  /// Whether the network began with the parameters of another.
  public var isFineTuned = false
  /// The options in force that change the result, under their names; `seed` among them.
  public var options: [(name: String, value: JSONValue)]
  /// The data files.
  public var sources: [Provenance.Source]
  /// The network.
  public var network: NetworkDescription
  /// The names of the classes.
  public var labels: [String]

  /// The epochs, those before the training was gone on with included.
  public var epochs: [Epoch] = []
  /// How many steps of this training an earlier run took; 0 for one that was not gone on with.
  public var earlierSteps = 0
  /// The seconds from the first step of this run to its last, files included; nil if not measured.
  public var seconds: Double?
  /// How many threads worked.
  public var threads = 1
  /// The steps between the epochs, where the log has them.
  public var log = TrainingLog(records: [])

  /// How the result does, in the order train, valid, test.
  public var results: [Result] = []
  /// The last of these in detail; nil where there are too many classes.
  public var detail: DetailedEvaluation?
  /// Which of the results the details and the mistakes are about.
  public var detailSplit = "test"
  /// How many mistakes there are.
  public var mistakeCount = 0
  /// Those with the greatest probability.
  public var mistakes: [Mistake] = []
  /// The first layer's filters; nil where they cannot be drawn.
  public var filters: Filters?
  /// The weights of every layer.
  public var weights: [LayerHistogram] = []
  /// What the layers give for some training examples.
  public var activations: [LayerHistogram] = []
  /// How many examples these are.
  public var activationExamples = 0
  /// What this run is called among others.
  public var name: String
  /// Other runs to compare with.
  public var others: [CurveCharts.Run] = []

  /// A report of a training that has done nothing yet.
  public init(
    tool: String, version: String, command: [String], model: String, architecture: String?, origin: String,
    options: [(name: String, value: JSONValue)], sources: [Provenance.Source], network: NetworkDescription,
    labels: [String]
  ) {
    self.tool = tool
    self.version = version
    self.command = command
    self.model = model
    name = model
    self.architecture = architecture
    self.origin = origin
    self.options = options
    self.sources = sources
    self.network = network
    self.labels = labels
  }

  /// The most mistakes that are shown.
  public static let mistakeLimit = 24

  /// The most classes for which it is counted which is taken for which.
  public static let classLimit = 256

  /// The name of a class.
  func label(_ index: Int) -> String { labels.indices.contains(index) ? labels[index] : "\(index)" }
}
