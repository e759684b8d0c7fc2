import CNNCodecs
import CNNEngine
import CNNModelFile

extension RunReport {
  /// Counts the outputs for a split in: the details, and the worst mistakes with their pictures.
  ///
  /// Mistakes are in order of the probability of what they were taken for; among equals the first example comes first.
  ///
  /// - Parameter logits: [N, classes] of the result.
  /// - Precondition: as many rows as examples.
  public mutating func add(logits: [Float], of examples: Examples, split: String) {
    let classes = labels.count
    precondition(logits.count == examples.count * classes, "\(logits.count) logits for other examples")
    detailSplit = split
    var detail = classes <= Self.classLimit ? DetailedEvaluation(classCount: classes) : nil
    var wrong: [Mistake] = []
    for (index, label) in examples.labels.enumerated() {
      let row = Array(logits[index * classes..<(index + 1) * classes])
      detail?.add(.logits(row), label: label)
      let prediction = Softmax.mostProbable(row)
      guard prediction != label else { continue }
      wrong.append(
        Mistake(
          index: index, truth: label, prediction: prediction,
          probability: Softmax.probabilities(row)[prediction], picture: nil))
    }
    // NaN, of which none is greater, comes last.
    wrong.sort { a, b in
      let (first, second) = (
        a.probability.isNaN ? -1 : a.probability, b.probability.isNaN ? -1 : b.probability
      )
      return first != second ? first > second : a.index < b.index
    }
    self.detail = detail
    mistakeCount = wrong.count
    mistakes = wrong.prefix(Self.mistakeLimit).map { mistake in
      var mistake = mistake
      mistake.picture = Self.picture(of: examples, mistake.index)
      return mistake
    }
  }

  /// The example as a picture of its own pixels; inputs that are numbers already are stretched from 0...1. Nil for
  /// other than one or three channels.
  private static func picture(of examples: Examples, _ index: Int) -> Picture? {
    let shape = examples.inputShape
    guard shape.count == 3, shape[0] == 1 || shape[0] == 3, shape.allSatisfy({ $0 > 0 }) else { return nil }
    let pixels =
      examples.pixels(index)
      ?? examples.input(index).map { $0.isNaN ? 0 : UInt8(min(max($0 * 255, 0), 255).rounded()) }
    let (height, width) = (shape[1], shape[2])
    let png: [UInt8]?
    if shape[0] == 1 {
      png = try? PNG.encode(GrayImage(width: width, height: height, pixels: pixels))
    } else {
      let plane = height * width
      let mixed = (0..<3 * plane).map { pixels[$0 % 3 * plane + $0 / 3] }
      png = try? PNG.encode(RGBImage(width: width, height: height, pixels: mixed))
    }
    return png.map { Picture(png: $0, width: width, height: height) }
  }

  /// Counts the weights before and after training in, and draws the first layer's filters.
  ///
  /// - Parameters:
  ///   - before: the first parameters; nil where they are not known.
  ///   - after: the result's.
  public mutating func add(before: [Tensor]?, after: [Tensor]) {
    let first = Dictionary((before ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    // Weights with one extent are those of batch normalisation, a handful for each layer.
    weights = after.filter { $0.name.hasSuffix(".weight") && $0.shape.count >= 2 }.map { tensor in
      LayerHistogram(weights: tensor.name, before: first[tensor.name]?.floats(), after: tensor.floats())
    }
    guard let layer = network.nodes.first(where: { !$0.operation.parameters.isEmpty })?.name,
      let drawn = filters(after, layer)
    else { return }
    filters = Filters(layer: layer, before: before.flatMap { filters($0, layer) }, after: drawn)
  }

  /// The most weights that are drawn: a hundred pixels each, they are to stay a small part of the page.
  private static let drawnWeightLimit = 100_000

  private func filters(_ tensors: [Tensor], _ layer: String) -> Picture? {
    guard let weight = tensors.first(where: { $0.name == "\(layer).weight" }),
      weight.elementCount <= Self.drawnWeightLimit
    else { return nil }
    let model = ModelFile(
      manifest: Manifest(
        kind: .model, network: network, labels: labels, provenance: Provenance(tool: tool, version: version)),
      tensors: tensors)
    guard let sheet = try? FilterSheet.draw(model, layer: layer), let png = try? PNG.encode(sheet) else {
      return nil
    }
    return Picture(png: png, width: sheet.width, height: sheet.height)
  }
}
