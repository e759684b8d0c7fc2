import CNNCodecs
import CNNEngine
import CNNModelFile

extension RunReport {
  /// The version of the members below.
  static let formatVersion = 1

  /// All numbers of the report, as `formats/training-report.md` lists them.
  public var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("format", .string("cnn-training-report")), .init("version", .integer(Self.formatVersion)),
      .init("tool", .object([.init("name", .string(tool)), .init("version", .string(version))])),
      .init("command", .array(command.map { .string($0) })), .init("model", .string(model)),
      .init("origin", .string(origin)),
      .init("options", .object(options.map { .init($0.name, $0.value) })),
      .init("sources", .array(sources.map(Self.json))), .init("labels", .array(labels.map { .string($0) })),
      .init("network", networkJSON), .init("epochs", .array(epochs.map(Self.json))),
      .init("earlier_steps", .integer(earlierSteps)), .init("seconds", .finite(seconds)),
      .init("threads", .integer(threads)), .init("steps", .array(log.steps.map(\.json))),
      .init("results", .object(results.map { .init($0.split, $0.evaluation.json) })),
    ]
    members += [
      .init("detail_split", .string(detailSplit)),
      .init("detail", detail?.json(labels: labels) ?? .null),
      .init("calibration", .array(detail?.calibration.bins.map(Self.json) ?? [])),
      .init("mistake_count", .integer(mistakeCount)), .init("mistakes", .array(mistakes.map(mistakeJSON))),
      .init("filters", filters.map { .string($0.layer) } ?? .null),
      .init("weights", .array(weights.map(\.json))),
      .init("activation_examples", .integer(activationExamples)),
      .init("activations", .array(activations.map(\.json))),
      .init("compared", .array(others.map(\.json))),
    ]
    return .object(members)
  }

  private var networkJSON: JSONValue {
    let layers = network.layerSummaries
    return .object([
      .init("name", architecture.map { .string($0) } ?? .null),
      .init("input_shape", .array(network.inputShape.map { .integer($0) })),
      .init("parameters", .integer(layers.map(\.cost.parameterCount).reduce(0, +))),
      .init("multiply_adds", .integer(layers.map(\.cost.multiplyAddCount).reduce(0, +))),
      .init("layers", .array(layers.map(\.json))),
    ])
  }

  private func mistakeJSON(_ mistake: Mistake) -> JSONValue {
    .object([
      .init("index", .integer(mistake.index)), .init("label", .string(label(mistake.truth))),
      .init("read", .string(label(mistake.prediction))),
      .init("probability", .finite(mistake.probability)),
    ])
  }

  private static func json(_ epoch: Epoch) -> JSONValue {
    guard case .object(let members) = epoch.record.json else { return .null }
    return .object(members + [.init("seconds", .finite(epoch.seconds))])
  }

  private static func json(_ source: Provenance.Source) -> JSONValue {
    .object([
      .init("name", .string(source.name)), .init("size", .integer(source.size)),
      .init("crc32", .string(source.crc32.eightHexadecimalDigits)),
    ])
  }

  private static func json(_ bin: Calibration.Bin) -> JSONValue {
    .object([
      .init("count", .integer(bin.count)), .init("correct", .integer(bin.correct)),
      .init("probability_sum", .finite(bin.probabilitySum)),
    ])
  }
}

extension CurveCharts.Run {
  /// A run's name and the lines of its log.
  var json: JSONValue {
    .object([.init("name", .string(name)), .init("records", .array(log.records.map(\.json)))])
  }
}
