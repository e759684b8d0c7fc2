import CNNCodecs
import CNNEngine
import CNNModelFile

/// The examples that excite the units of a layer most.
///
/// A unit is a channel or, in a row of numbers, one of these. Its activation by an example is the greatest value of its
/// map, or its number (the measure of Zeiler and Fergus, *Visualizing and Understanding Convolutional Networks*, 2014).
public struct TopActivating: Sendable, Equatable {
  /// An example that excites a unit.
  public struct Hit: Sendable, Equatable {
    /// Its number among the examples.
    public let example: Int
    /// The greatest value of the unit's map.
    public let activation: Float
    /// Where in the map that is, the first such place; nil in a row of numbers.
    public let position: ReceptiveField.Position?
    /// The part of the example that this value depends on; of no width or height where that is nothing but padding.
    public let field: PixelRectangle
  }

  /// The layer's name.
  public let layer: String
  /// For each unit the examples, the most exciting first; of equals the earlier first.
  public let units: [[Hit]]

  /// The most numbers of a layer that are held at once: 32 MB.
  private static let pieceNumbers = 1 << 23

  /// Looks through examples, a piece at a time: memory doesn't grow with how many there are.
  ///
  /// - Parameters:
  ///   - layer: the name of a node; the default of `LearntNetwork.unitLayer` if nil.
  ///   - examples: as the network takes them.
  ///   - count: how many examples are kept for each unit, at least 1.
  ///   - pool: the threads; the result is the same for any number of them.
  /// - Throws: `InsightError` for a layer that is not there, examples of another size, none at all, and values that
  ///   are not finite.
  public static func find(
    in network: LearntNetwork, layer: String? = nil, examples: some InputSource, count: Int = 9,
    pool: WorkerPool = WorkerPool()
  ) throws(InsightError) -> TopActivating {
    precondition(count > 0, "\(count) examples are asked for")
    let node = try network.unitLayer(named: layer)
    guard examples.inputCount == network.inputCount else {
      throw .exampleSize(expected: network.description.inputShape, found: examples.inputCount)
    }
    guard examples.count > 0 else { throw .noExamples }
    let session = try session(network, upTo: node.name, pool: pool)
    let shape = network.shapes[node.name] ?? []
    let (units, size) = (shape[0], shape.dropFirst().reduce(1, *))
    let field = try ReceptiveField(of: node.name, in: network)

    var best = [BestFew](repeating: BestFew(limit: count), count: units)
    let whole = session.plan.microBatchSize * pool.threadCount
    let room = max(Self.pieceNumbers / (units * size), 1)
    let piece = min(room >= whole ? room / whole * whole : room, examples.count)
    var values = [Float](repeating: 0, count: piece * units * size)
    var greatest = [Int](repeating: 0, count: piece * units)
    for start in stride(from: 0, to: examples.count, by: piece) {
      let range = start..<min(start + piece, examples.count)
      values.withUnsafeMutableBufferPointer { values in
        greatest.withUnsafeMutableBufferPointer { greatest in
          guard let values = values.baseAddress, let greatest = greatest.baseAddress else { return }
          session.logits(for: InputSlice(examples, range), into: values)
          let places = Places(values: values, greatest: greatest)
          pool.run(range.count) { example, _ in
            for unit in example * units..<(example + 1) * units { places.find(unit, size: size) }
          }
        }
      }
      for example in range {
        for unit in 0..<units {
          let index = (example - start) * units + unit
          guard greatest[index] >= 0 else { throw .valuesNotFinite(layer: node.name, example: example) }
          best[unit].offer(values[index * size + greatest[index]], example: example, place: greatest[index])
        }
      }
    }
    return TopActivating(
      layer: node.name,
      units: best.enumerated().map { unit, few in
        few.entries.map { entry in
          let position =
            shape.count == 3
            ? ReceptiveField.Position(row: entry.place / shape[2], column: entry.place % shape[2]) : nil
          return Hit(
            example: entry.example, activation: entry.value, position: position,
            field: field.rectangle(unit: unit, at: position))
        }
      })
  }

  private static func session(
    _ network: LearntNetwork, upTo node: String, pool: WorkerPool
  ) throws(InsightError) -> InferenceSession {
    do {
      let description = network.description.truncated(at: node) ?? network.description
      return try InferenceSession(Network(description, tensors: network.tensors), pool: pool)
    } catch {
      throw .engine(error)
    }
  }

  /// Where the greatest value of each map is, found by several threads.
  private struct Places: @unchecked Sendable {
    // Each thread has examples of its own.
    let values: UnsafeMutablePointer<Float>
    let greatest: UnsafeMutablePointer<Int>

    /// Notes the first place of the greatest value of a map, or -1 if a value is not finite.
    func find(_ map: Int, size: Int) {
      let values = values + map * size
      var place = 0
      for index in 0..<size {
        guard values[index].isFinite else {
          greatest[map] = -1
          return
        }
        if values[index] > values[place] { place = index }
      }
      greatest[map] = place
    }
  }

  /// The greatest few of many, of equals the earlier.
  private struct BestFew {
    let limit: Int
    var entries: [(value: Float, example: Int, place: Int)] = []

    init(limit: Int) { self.limit = limit }

    mutating func offer(_ value: Float, example: Int, place: Int) {
      if entries.count == limit {
        guard let least = entries.last, value > least.value else { return }
        entries.removeLast()
      }
      let index = entries.firstIndex { $0.value < value } ?? entries.count
      entries.insert((value, example, place), at: index)
    }
  }
}

/// Some of many inputs.
struct InputSlice<Source: InputSource>: InputSource {
  private let source: Source
  private let range: Range<Int>

  init(_ source: Source, _ range: Range<Int>) {
    self.source = source
    self.range = range
  }

  var count: Int { range.count }
  var inputCount: Int { source.inputCount }

  func write(_ places: Range<Int>, to destination: UnsafeMutablePointer<Float>) {
    source.write(
      range.lowerBound + places.lowerBound..<range.lowerBound + places.upperBound, to: destination)
  }
}
