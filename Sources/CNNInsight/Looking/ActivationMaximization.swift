import CNNCodecs
import CNNEngine
import CNNModelFile

/// The picture that excites a unit of a layer most, found by climbing (Erhan, Bengio, Courville and Vincent,
/// *Visualizing Higher-Layer Features of a Deep Network*, 2009).
public struct ActivationMaximization: Sendable, Equatable {
  /// How the search goes.
  public struct Options: Sendable, Equatable {
    /// How often the picture is changed, at least 1.
    public var steps: Int
    /// How many searches, each from another beginning, of which the best counts; at least 1.
    public var attempts: Int
    /// What the random numbers of the beginning and of the way come from.
    public var seed: UInt64

    /// Options; the defaults are those that docs/looking.md speaks of.
    public init(steps: Int = 150, attempts: Int = 3, seed: UInt64 = 0) {
      precondition(steps > 0 && attempts > 0, "\(attempts) searches of \(steps) steps")
      self.steps = steps
      self.attempts = attempts
      self.seed = seed
    }
  }

  /// The layer's name.
  public let layer: String
  /// The unit: a channel, or a number's place in a row of numbers.
  public let unit: Int
  /// The whole picture, [C, H, W] in bytes, as the model's training data have them: paper where the unit doesn't look.
  public let pixels: [UInt8]
  /// The picture's [C, H, W].
  public let shape: [Int]
  /// What the unit sees of the picture: all of it for units behind a linear layer.
  public let field: PixelRectangle
  /// What the unit gives for exactly these pixels: the greatest value of its map, or its number.
  public let activation: Float

  /// The part of the picture that the unit sees: [C, field.height, field.width].
  public var croppedPixels: [UInt8] {
    (0..<shape[0]).flatMap { channel in
      (field.y..<field.y + field.height).flatMap { row in
        let start = (channel * shape[1] + row) * shape[2] + field.x
        return pixels[start..<start + field.width]
      }
    }
  }

  /// Searches for the pictures of some units of a layer, many at a time.
  ///
  /// A unit's picture depends on the network, the layer, the unit and the options alone: neither on the other units nor
  /// on the number of threads.
  ///
  /// - Parameters:
  ///   - layer: the name of a node; the default of `LearntNetwork.unitLayer` if nil.
  ///   - units: which units; all if nil.
  ///   - progress: called now and then with the part that is done, from 0 to 1.
  /// - Returns: one for each unit, in order.
  /// - Throws: `InsightError` for a layer or a unit that is not there, and for numbers that are not finite.
  public static func run(
    in network: LearntNetwork, layer: String? = nil, units: Range<Int>? = nil, options: Options = Options(),
    pool: WorkerPool = WorkerPool(), progress: (Double) -> Void = { _ in }
  ) throws(InsightError) -> [ActivationMaximization] {
    let node = try network.unitLayer(named: layer).name
    let units = try network.units(units, ofLayer: node)
    let climb = try Climb(network, layer: node, options: options, pool: pool)
    var found: [ActivationMaximization] = []
    for start in stride(from: units.lowerBound, to: units.upperBound, by: climb.largestGroup) {
      let group = start..<min(start + climb.largestGroup, units.upperBound)
      found += try climb.run(group) { part in
        progress((Double(found.count) + part * Double(group.count)) / Double(units.count))
      }
    }
    progress(1)
    return found
  }
}
