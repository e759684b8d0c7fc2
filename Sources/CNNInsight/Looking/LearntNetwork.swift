import CNNEngine
import CNNModelFile

/// A network with what it learnt, ready to be looked through.
public struct LearntNetwork: Sendable {
  /// The nodes and how they are connected: a chain.
  public let description: NetworkDescription
  /// The parameters.
  public let tensors: [Tensor]
  /// The shape of each node's value, and of `input`, without the batch dimension.
  public let shapes: [String: [Int]]
  /// The names of the classes in the order of the network's outputs; numbers where the file has no names.
  public let labels: [String]
  /// What turns pixels into the network's input.
  public let preprocessing: Preprocessing

  /// Takes the network out of a file.
  ///
  /// - Parameter model: a model or a checkpoint.
  /// - Throws: `InsightError` if there is no network, if it cannot be run, or if its weights are not all finite.
  public init(_ model: ModelFile) throws(InsightError) {
    guard let description = model.manifest.network else { throw .noNetwork }
    try self.init(
      description, tensors: model.tensors, labels: model.manifest.labels,
      preprocessing: model.manifest.preprocessing ?? Preprocessing())
  }

  /// Takes a network as it is.
  ///
  /// - Parameters:
  ///   - tensors: all parameters of the network; others do no harm.
  ///   - labels: the names of the classes; numbers for those that are missing.
  /// - Throws: `InsightError` if the network cannot be run, or if its weights are not all finite.
  public init(
    _ description: NetworkDescription, tensors: [Tensor], labels: [String] = [],
    preprocessing: Preprocessing = Preprocessing()
  ) throws(InsightError) {
    let network: Network
    do { network = try Network(description, tensors: tensors) } catch { throw .engine(error) }
    for node in description.nodes {
      for parameter in node.operation.parameters {
        let values = network.parameters["\(node.name).\(parameter.suffix)"] ?? []
        guard values.allSatisfy(\.isFinite) else { throw .weightsNotFinite(layer: node.name) }
      }
    }
    self.description = description
    self.tensors = tensors
    self.preprocessing = preprocessing
    shapes = network.shapes
    self.labels = description.unitNames(
      of: description.output, count: network.outputCount, labels: labels)
  }

  /// How many numbers one input takes.
  public var inputCount: Int { description.inputShape.reduce(1, *) }

  /// The input as a picture: [C, H, W]. A row of numbers is a picture one pixel high, and a table one of one channel.
  public var pictureShape: [Int] {
    [Int](repeating: 1, count: 3 - description.inputShape.count) + description.inputShape
  }

  /// The network's input for a pixel.
  public func input(forPixel pixel: UInt8) -> Float {
    inputs(forPixels: [pixel])[0]
  }

  /// The network's input for pixels as the model's training data had them: [C, H, W] in both.
  public func inputs(forPixels pixels: [UInt8]) -> [Float] {
    [Float](unsafeUninitializedCapacity: pixels.count) { buffer, count in
      if let base = buffer.baseAddress {
        PixelInputs(pixels, inputCount: pixels.count, preprocessing: preprocessing).write(0..<1, to: base)
      }
      count = pixels.count
    }
  }

  /// The network's input for empty paper.
  public var paper: Float { input(forPixel: preprocessing.backgroundPixel) }

  /// The place of a class among the outputs.
  ///
  /// - Throws: `InsightError.noSuchClass`.
  public func classIndex(of label: String) throws(InsightError) -> Int {
    guard let index = labels.firstIndex(of: label) else { throw .noSuchClass(label, classes: labels) }
    return index
  }

  /// Refuses inputs that the network doesn't take.
  func check(_ input: [Float]) throws(InsightError) {
    guard input.count == inputCount else {
      throw .inputSize(expected: description.inputShape, found: input.count)
    }
    guard input.allSatisfy(\.isFinite) else { throw .inputNotFinite }
  }
}

extension GradientSession {
  /// A session for a network that is looked through, or for the beginning of it.
  convenience init(
    _ learnt: LearntNetwork, upTo node: String? = nil, maximumBatch: Int, pool: WorkerPool,
    kernels: KernelSet = .best
  ) throws(InsightError) {
    do {
      try self.init(
        node.flatMap { learnt.description.truncated(at: $0) } ?? learnt.description, tensors: learnt.tensors,
        maximumBatch: maximumBatch, pool: pool, kernels: kernels)
    } catch {
      throw .engine(error)
    }
  }

  /// Refuses what a run gave if it is not all finite, and names the first layer where that is so: the output may be
  /// finite all the same, behind a tanh say.
  func checkValues() throws(InsightError) {
    for node in network.nodes where !values(of: node.name).allSatisfy(\.isFinite) {
      throw .valuesNotFinite(layer: node.name, example: nil)
    }
  }
}
