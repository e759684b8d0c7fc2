import CNNCodecs
import CNNEngine
import CNNFiles
import CNNInterchange
import CNNModelFile

/// The examples of a training as the command line selects them.
public struct TrainingData: Sendable {
  /// Which part of the data the options want.
  public struct Selection: Sendable {
    /// What is held back for validation.
    public enum Validation: Sendable, Equatable {
      /// The split `valid` where there is one.
      case automatic
      /// The split of that name.
      case split(String)
      /// A fraction of the training examples.
      case fraction(Double)
      /// Nothing.
      case none
    }

    /// The names of the classes to keep, in order; nil for all.
    public var classes: [String]?
    /// How many training examples of each class to keep; nil for all.
    public var perClass: Int?
    /// How many training examples to keep, the first ones; nil for all.
    public var limitTrain: Int?
    /// How many test examples to keep, the first ones; nil for all.
    public var limitTest: Int?
    /// What is held back for validation.
    public var validation: Validation
    /// The seed by which a fraction is chosen.
    public var seed: UInt64
    /// The split that all data belong to; nil for what they say themselves.
    public var split: DatasetSplit?
    /// What is known of the data beyond their files.
    public var reading: DataReading

    /// A selection.
    public init(
      classes: [String]? = nil, perClass: Int? = nil, limitTrain: Int? = nil, limitTest: Int? = nil,
      validation: Validation = .automatic, seed: UInt64 = 0, split: DatasetSplit? = nil,
      reading: DataReading = DataReading()
    ) {
      self.classes = classes
      self.perClass = perClass
      self.limitTrain = limitTrain
      self.limitTest = limitTest
      self.validation = validation
      self.seed = seed
      self.split = split
      self.reading = reading
    }
  }

  /// What the network learns from.
  public let training: Examples
  /// What choices go by; nil for none.
  public let validation: Examples?
  /// What the result is measured on; nothing is chosen by it. Nil where there is no test split.
  public let test: Examples?
  /// The names of the classes.
  public let labels: [String]
  /// What makes bytes the network's input.
  public let preprocessing: Preprocessing
  /// The data files.
  public let sources: [Provenance.Source]

  /// Reads and selects.
  ///
  /// - Parameters:
  ///   - preprocessing: what the network wants, or nil to divide by the data's own divisor.
  ///   - allowsTestOnly: whether data without training examples will do.
  /// - Throws: `FileError`, `LoadFailure`, or `ToolFailure`.
  public init(
    _ paths: [String], selection: Selection, preprocessing wanted: Preprocessing?,
    allowsTestOnly: Bool = false
  ) throws {
    let inputs = try paths.map { try LoadedInput(path: $0) }
    sources = inputs.map(\.source)
    let dataset: ModelFile
    do {
      dataset = try DatasetInputs.load(
        inputs, split: selection.split, reading: selection.reading, requiresLabels: true, tool: "cnn-train",
        version: toolVersion)
    } catch let error as InterchangeError {
      throw ToolFailure(error, path: paths.count == 1 ? paths[0] : nil)
    }
    let preprocessing = wanted ?? Preprocessing(divisor: dataset.manifest.divisor ?? 255)
    self.preprocessing = preprocessing
    func examples(_ split: String) -> Examples? {
      Examples(dataset, split: split, preprocessing: preprocessing)
    }
    // Data with a test split only can be measured on, which is what remembering needs.
    guard var training = examples("train") ?? (allowsTestOnly ? examples("test") : nil) else {
      throw ToolFailure(path: paths.first, "the data have no labelled split 'train'", status: .badData)
    }
    var validation: Examples?
    switch selection.validation {
    case .automatic: validation = examples("valid")
    case .split(let name):
      guard let split = examples(name) else {
        throw ToolFailure(path: paths.first, "the data have no labelled split '\(name)'", status: .badData)
      }
      validation = split
    case .fraction, .none: break
    }
    var test = examples("test")
    var names = dataset.manifest.labels
    if names.isEmpty {
      let greatest = [training, validation, test].compactMap { $0?.labels.max() }.max() ?? 0
      guard greatest < 65_536 else {
        throw ToolFailure(
          path: paths.first, "the greatest label is \(greatest), and there can be 65536 classes, from 0 on",
          status: .badData)
      }
      names = (0...greatest).map(String.init)
    }
    if let classes = selection.classes {
      let numbers = try classes.map { name in
        guard let number = names.firstIndex(of: name) else {
          throw ToolFailure(
            path: paths.first,
            "the data have no class '\(name)'; the classes are \(names.prefix(20).joined(separator: ", "))",
            status: .badData)
        }
        return number
      }
      training = training.keepingClasses(numbers)
      validation = validation?.keepingClasses(numbers)
      test = test?.keepingClasses(numbers)
      names = classes
    }
    if let limit = selection.limitTrain { training = training.first(limit) }
    if case .fraction(let fraction) = selection.validation {
      let parts = training.split(fraction: fraction, seed: selection.seed)
      training = parts.kept
      validation = parts.held
    }
    if let count = selection.perClass { training = training.first(count, ofEachOf: names.count) }
    if let limit = selection.limitTest { test = test?.first(limit) }
    guard training.count > 0 else {
      throw ToolFailure(path: paths.first, "no training examples are left", status: .badData)
    }
    if let empty = validation, empty.count == 0 {
      throw ToolFailure(path: paths.first, "no validation examples are left", status: .badData)
    }
    self.training = training
    self.validation = validation
    self.test = test.flatMap { $0.count > 0 ? $0 : nil }
    labels = names
  }

  /// The classes that no training example has, by name.
  public var classesWithoutExamples: [String] {
    training.missingClasses(below: labels.count).map { labels[$0] }
  }
}

extension Examples {
  /// The examples as grey pictures; inputs that are numbers already are stretched from 0...1 to 0...255.
  public var pictures: [GrayImage] {
    guard inputShape.count == 3, inputShape[0] == 1 else { return [] }
    return (0..<count).map { index in
      GrayImage(
        width: inputShape[2], height: inputShape[1],
        pixels: pixels(index) ?? input(index).map { UInt8(min(max($0 * 255, 0), 255).rounded()) })
    }
  }
}
