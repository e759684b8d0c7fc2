import CNNEngine
import CNNModelFile

/// What a layer gives for one input: every channel as a map, or a row of numbers.
public struct FeatureMaps: Sendable, Equatable {
  /// The layer's name.
  public let layer: String
  /// [C, H, W], or [K].
  public let shape: [Int]
  /// The numbers, last index fastest.
  public let values: [Float]

  /// How many maps there are, or numbers.
  public var unitCount: Int { shape[0] }

  /// One map, [H, W], or one number.
  ///
  /// - Precondition: there is a map of that number.
  public func map(_ unit: Int) -> ArraySlice<Float> {
    let size = values.count / shape[0]
    return values[unit * size..<(unit + 1) * size]
  }

  /// What layers give for an input.
  ///
  /// - Parameters:
  ///   - input: as the network takes it, after the preprocessing.
  ///   - layers: names; the default of `LearntNetwork.featureLayer` if nil.
  /// - Returns: one for each layer, in that order.
  /// - Throws: `InsightError` for an input that the network doesn't take, a layer that it doesn't have, and numbers
  ///   that are not finite.
  public static func maps(
    in network: LearntNetwork, for input: [Float], layers: [String]? = nil, pool: WorkerPool = WorkerPool()
  ) throws(InsightError) -> [FeatureMaps] {
    try network.check(input)
    var names: [String] = []
    if let layers {
      for layer in layers { names.append(try network.layer(named: layer).name) }
    } else {
      names = [try network.featureLayer().name]
    }
    let last = network.layerNames.last { names.contains($0) }
    let session = try GradientSession(network, upTo: last, maximumBatch: 1, pool: pool)
    session.run(input, count: 1)
    try session.checkValues()
    return names.map {
      FeatureMaps(layer: $0, shape: session.shapes[$0] ?? [], values: session.values(of: $0))
    }
  }
}
