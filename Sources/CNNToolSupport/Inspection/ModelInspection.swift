import CNNCodecs
import CNNModelFile

/// What there is to say about a native file.
struct ModelInspection {
  private let file: ModelFile
  private var manifest: Manifest { file.manifest }

  init(_ file: ModelFile) {
    self.file = file
  }

  // MARK: Text

  var text: String {
    var text = "whole: all checksums agree\n"
    if let network = manifest.network { text += "\n" + graphTable(network) }
    text += "\n" + tensorTable
    text += "\n"
    if !manifest.labels.isEmpty { text += line("labels: \(manifest.labels.joined(separator: " "))") }
    if let preprocessing = manifest.preprocessing { text += "input: \(describe(preprocessing))\n" }
    if let divisor = manifest.divisor {
      text +=
        divisor == 1
        ? "input: the values as they are\n" : "input: pixel / \(NumberFormat.plain(divisor))\n"
    }
    text += provenance
    if let training = manifest.training { text += line("training: \(JSONWriter.text(of: training))") }
    return text
  }

  /// A line of text, whatever characters the file holds.
  private func line(_ text: String) -> String { text.onOneLine + "\n" }

  private func graphTable(_ network: NetworkDescription) -> String {
    var table = TextTable([
      ("layer", .left), ("operation", .left), ("output", .left), ("parameters", .right),
      ("multiply-adds", .right),
    ])
    let layers = network.layerSummaries
    table.add([NetworkDescription.inputName, "", NumberFormat.shape(network.inputShape), "", ""])
    for layer in layers {
      table.add([
        layer.node.name, layer.node.operation.summary, NumberFormat.shape(layer.outputShape),
        layer.cost.parameterCount == 0 ? "" : NumberFormat.grouped(layer.cost.parameterCount),
        layer.cost.multiplyAddCount == 0 ? "" : NumberFormat.grouped(layer.cost.multiplyAddCount),
      ])
    }
    table.add([
      "total", "", "", NumberFormat.grouped(layers.map(\.cost.parameterCount).reduce(0, +)),
      NumberFormat.grouped(layers.map(\.cost.multiplyAddCount).reduce(0, +)),
    ])
    return table.text
  }

  private var tensorTable: String {
    var table = TextTable([("tensor", .left), ("type", .left), ("shape", .left), ("CRC-32", .left)])
    for tensor in file.tensors {
      table.add([
        tensor.name, tensor.elementType.name, NumberFormat.shape(tensor.shape),
        tensor.crc32.eightHexadecimalDigits,
      ])
    }
    return table.text
  }

  private func describe(_ preprocessing: Preprocessing) -> String {
    var formula = "pixel / \(NumberFormat.plain(preprocessing.divisor))"
    if preprocessing.mean != 0 { formula = "(\(formula) - \(NumberFormat.plain(preprocessing.mean)))" }
    if preprocessing.deviation != 1 { formula += " / \(NumberFormat.plain(preprocessing.deviation))" }
    return
      "\(formula), \(preprocessing.polarity.rawValue), normalization \(preprocessing.normalization.rawValue)"
  }

  private var provenance: String {
    let provenance = manifest.provenance
    var text = line("made by: \(provenance.tool) \(provenance.version)")
    for source in provenance.sources {
      text += line(
        "from: \(source.name), \(source.size) bytes, CRC-32 \(source.crc32.eightHexadecimalDigits)")
    }
    for option in provenance.options {
      text += line("option: \(option.name) = \(JSONWriter.text(of: option.value))")
    }
    return text
  }

  // MARK: JSON

  var json: [JSONValue.Member] {
    var members: [JSONValue.Member] = [.init("kind", .string(manifest.kind.rawValue))]
    if let network = manifest.network {
      let layers = network.layerSummaries
      members += [
        .init("layers", .array(layers.map(\.json))),
        .init("parameters", .integer(layers.map(\.cost.parameterCount).reduce(0, +))),
        .init("multiply_adds", .integer(layers.map(\.cost.multiplyAddCount).reduce(0, +))),
      ]
      members.append(.init("input", network.inputJSON))
    }
    members.append(.init("labels", .array(manifest.labels.map { .string($0) })))
    if let preprocessing = manifest.preprocessing { members.append(.init("preprocess", preprocessing.json)) }
    if let divisor = manifest.divisor { members.append(.init("divisor", .number(divisor))) }
    members.append(.init("provenance", manifest.provenance.json))
    members.append(
      .init(
        "tensors",
        .array(
          file.tensors.map { tensor in
            .object([
              .init("name", .string(tensor.name)), .init("type", .string(tensor.elementType.name)),
              .init("shape", .array(tensor.shape.map { .integer($0) })),
              .init("crc32", .string(tensor.crc32.eightHexadecimalDigits)),
            ])
          })))
    if let training = manifest.training { members.append(.init("training", training)) }
    return members
  }
}
