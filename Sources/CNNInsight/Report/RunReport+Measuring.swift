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
  /// inputs without height and width.
  private static func picture(of examples: Examples, _ index: Int) -> Picture? {
    let shape = examples.inputShape
    guard shape.count == 3, shape.allSatisfy({ $0 > 0 }) else { return nil }
    let pixels =
      examples.pixels(index)
      ?? examples.input(index).map { $0.isNaN ? 0 : UInt8(min(max($0 * 255, 0), 255).rounded()) }
    return encoded(CNNCodecs.Picture(pixels: pixels, shape: shape))
  }

  private static func encoded(_ picture: CNNCodecs.Picture) -> Picture? {
    (try? PNG.encode(picture)).map { Picture(png: $0, width: picture.width, height: picture.height) }
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
    guard let layer = LayerWeights.layers(of: network).first, let drawn = filters(after, layer) else {
      return
    }
    filters = Filters(
      layer: layer, form: drawn.weights.form, isInColors: drawn.weights.readsColors,
      before: before.flatMap { filters($0, layer)?.picture }, after: drawn.picture)
  }

  /// The most weights that are drawn: a hundred pixels each, they are to stay a small part of the page.
  private static let drawnWeightLimit = 100_000

  private func filters(_ tensors: [Tensor], _ layer: String) -> (weights: LayerWeights, picture: Picture)? {
    let model = ModelFile(
      manifest: Manifest(
        kind: .model, network: network, labels: labels, provenance: Provenance(tool: tool, version: version)),
      tensors: tensors)
    guard let weight = model.tensor(named: "\(layer).weight"), weight.elementCount <= Self.drawnWeightLimit,
      let weights = try? LayerWeights(model, layer: layer),
      let sheet = try? FilterSheet.draw(model, layer: layer), let picture = Self.encoded(sheet)
    else { return nil }
    return (weights, picture)
  }
}
