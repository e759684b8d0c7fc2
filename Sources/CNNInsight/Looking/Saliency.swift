import CNNEngine
import CNNModelFile

/// Which pixels of an input speak for a class: three ways of asking.
///
///     let saliency = try Saliency(network)
///     let map = try saliency.map(.gradCAM, of: input, classIndex: 7)
///
/// docs/looking.md says what each of them shows. Not to be used from several threads at once.
public struct Saliency {
  /// A way of asking.
  public enum Method: String, Sendable, CaseIterable {
    /// How fast the class's logit changes with each pixel: |d logit / d pixel|, of several channels the greatest
    /// (Simonyan, Vedaldi and Zisserman, *Deep Inside Convolutional Networks*, 2013).
    case gradient
    /// Which places of a layer's maps speak for the class: ReLU(sum over k of alpha_k A_k), where A_k are the maps and
    /// alpha_k the mean of d logit / d A_k over its places; brought to the input's size bilinearly (Selvaraju et al.,
    /// *Grad-CAM*, 2017).
    case gradCAM = "grad-cam"
    /// How much the class's logit falls when a patch of paper hides a place, averaged over the patches that hide a
    /// pixel (Zeiler and Fergus, *Visualizing and Understanding Convolutional Networks*, 2014).
    case occlusion
  }

  /// What falls when a patch hides something.
  public enum Measure: Sendable {
    /// The class's logit.
    case logit
    /// The class's probability.
    case probability
  }

  /// What hides a part of the input.
  public struct Patch: Sendable, Equatable {
    /// The extent of the patch, a square.
    public var size: Int
    /// How far apart two patches are. There always is one at the right and at the lower edge.
    public var stride: Int

    /// A patch; both extents are at least 1.
    public init(size: Int, stride: Int = 1) {
      precondition(size > 0 && stride > 0, "a patch of \(size) every \(stride)")
      self.size = size
      self.stride = stride
    }

    /// A patch for a picture: a sixth of its shorter side, at every fifth of that. 5 and 1 for 28 x 28.
    public static func automatic(height: Int, width: Int) -> Patch {
      let size = max((min(height, width) + 3) / 6, 1)
      return Patch(size: size, stride: max(size / 5, 1))
    }
  }

  /// The network.
  public let network: LearntNetwork
  private let session: GradientSession
  private let inference: InferenceSession

  /// Makes a network ready.
  ///
  /// - Throws: `InsightError.engine` for a network that cannot be run.
  public init(_ network: LearntNetwork, pool: WorkerPool = WorkerPool(), kernels: KernelSet = .best)
    throws(InsightError)
  {
    self.network = network
    session = try GradientSession(network, maximumBatch: 1, pool: pool, kernels: kernels)
    do {
      inference = try InferenceSession(
        Network(network.description, tensors: network.tensors), pool: pool, kernels: kernels)
    } catch {
      throw .engine(error)
    }
  }

  /// Asks in one of the ways, with its defaults.
  ///
  /// - Parameters:
  ///   - input: as the network takes it, after the preprocessing.
  ///   - classIndex: the class's place among the outputs; the most probable one if nil.
  /// - Throws: `InsightError` as the method of that name does.
  public func map(_ method: Method, of input: [Float], classIndex: Int? = nil) throws(InsightError)
    -> SaliencyMap
  {
    switch method {
    case .gradient: try gradient(of: input, classIndex: classIndex)
    case .gradCAM: try gradCAM(of: input, classIndex: classIndex)
    case .occlusion: try occlusion(of: input, classIndex: classIndex)
    }
  }

  /// |d logit / d pixel|, of several channels the greatest.
  ///
  /// - Throws: `InsightError` for an input that the network doesn't take, a class that it doesn't have, and numbers that
  ///   are not finite.
  public func gradient(of input: [Float], classIndex: Int? = nil) throws(InsightError) -> SaliencyMap {
    let answer = try run(input, classIndex: classIndex)
    let gradient = try gradients(of: answer.classIndex, at: NetworkDescription.inputName)
    let shape = network.pictureShape
    let plane = shape[1] * shape[2]
    let values = (0..<plane).map { place in
      (0..<shape[0]).reduce(Float(0)) { max($0, abs(gradient[$1 * plane + place])) }
    }
    return map(.gradient, answer, values)
  }

  /// ReLU(sum over k of alpha_k A_k), where alpha_k is the mean of d logit / d A_k, at the input's size.
  ///
  /// - Parameter layer: whose maps A are; the default of `LearntNetwork.gradCAMLayer` if nil.
  /// - Throws: `InsightError` as `gradient` does, and for a layer that is not there or has no maps.
  public func gradCAM(of input: [Float], classIndex: Int? = nil, layer: String? = nil) throws(InsightError)
    -> SaliencyMap
  {
    let node = try network.gradCAMLayer(named: layer).name
    let answer = try run(input, classIndex: classIndex)
    let gradient = try gradients(of: answer.classIndex, at: node)
    let maps = session.values(of: node)
    let shape = network.shapes[node] ?? []
    let plane = shape[1] * shape[2]
    var sums = [Float](repeating: 0, count: plane)
    for channel in 0..<shape[0] {
      let places = channel * plane..<(channel + 1) * plane
      let alpha = gradient[places].reduce(0, +) / Float(plane)
      for (place, value) in maps[places].enumerated() { sums[place] += alpha * value }
    }
    guard sums.allSatisfy(\.isFinite) else { throw .gradientsNotFinite(layer: node) }
    let picture = network.pictureShape
    let values = BilinearMap(height: shape[1], width: shape[2], values: sums.map { max($0, 0) })
      .resized(height: picture[1], width: picture[2])
    return map(.gradCAM, answer, values)
  }

  /// How much the class's logit or probability falls when a patch of paper hides a place.
  ///
  /// - Parameters:
  ///   - patch: what hides; `Patch.automatic` if nil, and no larger than the picture.
  ///   - measure: what falls.
  /// - Throws: `InsightError` as `gradient` does.
  public func occlusion(
    of input: [Float], classIndex: Int? = nil, patch: Patch? = nil, measure: Measure = .logit
  ) throws(InsightError) -> SaliencyMap {
    let answer = try run(input, classIndex: classIndex)
    let shape = network.pictureShape
    let patch = patch ?? .automatic(height: shape[1], width: shape[2])
    let hidden = OccludedInputs(input, shape: shape, patch: patch, paper: network.paper)
    // Of the same algorithm as what the patches leave: a patch that hides nothing takes exactly nothing away.
    let whole = inference.logits(for: FloatInputs(input, inputCount: input.count))
    let before = measured(whole, answer.classIndex, measure)
    let (classes, plane) = (answer.logits.count, shape[1] * shape[2])
    var (sums, covers) = ([Double](repeating: 0, count: plane), [Double](repeating: 0, count: plane))
    // The logits of a piece at a time, however many patches there are.
    for start in stride(from: 0, to: hidden.count, by: 4096) {
      let range = start..<min(start + 4096, hidden.count)
      let logits = inference.logits(for: InputSlice(hidden, range))
      guard logits.allSatisfy(\.isFinite) else {
        throw .valuesNotFinite(layer: network.description.output, example: nil)
      }
      for index in range {
        let own = logits[(index - start) * classes..<(index - start + 1) * classes]
        let fall = before - measured(Array(own), answer.classIndex, measure)
        let rectangle = hidden.rectangle(index)
        for row in rectangle.rows {
          for place in row * shape[2] + rectangle.columns.lowerBound..<row * shape[2]
            + rectangle.columns.upperBound
          {
            sums[place] += fall
            covers[place] += 1
          }
        }
      }
    }
    return map(.occlusion, answer, zip(sums, covers).map { $1 > 0 ? Float($0 / $1) : 0 })
  }

  /// What the network says of the input as it is.
  private struct Answer {
    var logits: [Float]
    var classIndex: Int
  }

  private func run(_ input: [Float], classIndex: Int?) throws(InsightError) -> Answer {
    try network.check(input)
    if let classIndex, !network.labels.indices.contains(classIndex) {
      throw .noSuchClass("\(classIndex)", classes: network.labels)
    }
    session.run(input, count: 1)
    try session.checkValues()
    let logits = session.values(of: network.description.output)
    return Answer(logits: logits, classIndex: classIndex ?? Softmax.mostProbable(logits))
  }

  private func gradients(of classIndex: Int, at node: String) throws(InsightError) -> [Float] {
    var seeds = [Float](repeating: 0, count: network.labels.count)
    seeds[classIndex] = 1
    let found = session.gradients(of: network.description.output, seeds: seeds, at: [node])[node] ?? []
    guard found.allSatisfy(\.isFinite) else { throw .gradientsNotFinite(layer: node) }
    return found
  }

  private func measured(_ logits: [Float], _ classIndex: Int, _ measure: Measure) -> Double {
    switch measure {
    case .logit: Double(logits[classIndex])
    case .probability: Softmax.probabilities(logits)[classIndex]
    }
  }

  private func map(_ method: Method, _ answer: Answer, _ values: [Float]) -> SaliencyMap {
    SaliencyMap(
      method: method, classIndex: answer.classIndex,
      probability: Softmax.probabilities(answer.logits)[answer.classIndex], height: network.pictureShape[1],
      width: network.pictureShape[2], values: values)
  }
}
