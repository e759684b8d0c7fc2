import CNNCodecs
import CNNInterchange
import CNNModelFile

extension Conversion {
  /// What became of every array, as a table with a line about the whole behind it.
  public var summary: String {
    var table = TextTable([
      ("array", .left), ("shape", .left), ("type", .left), ("tensor", .left), ("shape", .left),
      ("type", .left), ("change", .left),
    ])
    for fate in fates {
      table.add([
        fate.name, NumberFormat.shape(fate.shape), fate.elementType.name, fate.tensor,
        NumberFormat.shape(fate.tensorShape), fate.tensorElementType.name,
        fate.changes.joined(separator: ", "),
      ])
    }
    return table.text + closing
  }

  /// What became of every array, an object each, and the object of the whole behind them.
  public var json: [JSONValue] {
    func shape(_ shape: [Int]) -> JSONValue { .array(shape.map { .number(Double($0)) }) }
    var lines: [JSONValue] = fates.map { fate in
      .object([
        .init("array", .string(fate.name)), .init("shape", shape(fate.shape)),
        .init("type", .string(fate.elementType.name)),
        .init("tensor", .string(fate.tensor)), .init("tensor_shape", shape(fate.tensorShape)),
        .init("tensor_type", .string(fate.tensorElementType.name)),
        .init("changes", .array(fate.changes.map { .string($0) })),
      ])
    }
    var whole: [JSONValue.Member] = [.init("kind", .string(file.manifest.kind.rawValue))]
    switch report {
    case .weights(let weights):
      whole.append(.init("architecture", weights.architecture.map { .string($0) } ?? .null))
      whole.append(.init("recognized", .bool(weights.isRecognized)))
      whole.append(.init("largest_relative_rounding_error", .number(weights.largestRelativeError)))
      if !weights.allNotes.isEmpty {
        whole.append(.init("notes", .array(weights.allNotes.map { .string($0) })))
      }
    case .dataset(let data):
      whole.append(.init("divisor", .number(data.divisor)))
    }
    whole.append(.init("labels", .array(file.manifest.labels.map { .string($0) })))
    lines.append(.object(whole))
    return lines
  }

  private var fates: [ArrayFate] {
    switch report {
    case .weights(let weights): weights.fates
    case .dataset(let data): data.fates
    }
  }

  private var closing: String {
    switch report {
    case .weights(let weights):
      var text = ""
      if let architecture = weights.architecture {
        text += "architecture: \(architecture)"
        text += weights.isRecognized ? ", recognised from names and shapes\n" : "\n"
      }
      for option in weights.options where option.name != "architecture" {
        text += "\(option.name): \(option.value.plainText)\n"
      }
      if weights.largestRelativeError > 0 {
        text += "largest rounding error on the way to float32: \(weights.largestRelativeError) of the value\n"
      }
      for note in weights.allNotes { text += "note: \(note)\n" }
      return text
    case .dataset(let data):
      return data.divisor == 1
        ? "pixels are kept as they are: the network's input\n"
        : "pixels are bytes; the network's input is pixel / \(NumberFormat.fixed(data.divisor, 0))\n"
    }
  }
}

extension WeightImport {
  /// The notes, and behind them what was taken for granted.
  fileprivate var allNotes: [String] { notes + (assumption.map { [$0] } ?? []) }
}

extension JSONValue {
  /// A value as a person would write it in a sentence.
  fileprivate var plainText: String {
    switch self {
    case .bool(let value): value ? "yes" : "no"
    case .string(let value): value
    default: JSONWriter.text(of: self)
    }
  }
}
