import CNNCodecs
import CNNModelFile

/// What part of the input the numbers of a layer depend on.
///
/// A window of a convolution or a pooling reads a rectangle of what is before it; the rectangles of all layers on the
/// way are followed back to the input. Padding is no part of the input, so rectangles end where the input does. Behind a
/// linear layer every number depends on all of the input. Where an edge cuts a dilated kernel between two of its
/// weights, the rectangle reaches to the edge all the same.
public struct ReceptiveField: Sendable, Equatable {
  /// A row and a column of a map, counted from 0.
  public struct Position: Sendable, Hashable {
    /// Counted from the top.
    public var row: Int
    /// Counted from the left.
    public var column: Int

    /// A position.
    public init(row: Int, column: Int) {
      self.row = row
      self.column = column
    }
  }

  /// How a layer's positions read along one axis.
  private struct Window: Equatable {
    var size: Int
    var stride: Int
    var dilation: Int
    var before: Int
    /// The extent of what is read.
    var extent: Int

    /// What is read for a range of positions, within what there is.
    func reads(_ range: Range<Int>) -> Range<Int> {
      guard !range.isEmpty else { return 0..<0 }
      let first = range.lowerBound * stride - before
      let last = (range.upperBound - 1) * stride - before + dilation * (size - 1)
      return max(first, 0)..<max(min(last + 1, extent), max(first, 0))
    }
  }

  private var rows: [Window] = []
  private var columns: [Window] = []
  private let inputHeight: Int
  private let inputWidth: Int
  /// Whether the numbers depend on all of the input.
  public private(set) var isWhole = false
  /// The layer's [C, H, W] where its numbers are a picture flattened; nil otherwise.
  private var flattened: [Int]?

  /// The field of a layer.
  ///
  /// - Parameter layer: the name of a node, or `input`, each of whose pixels depends on itself.
  /// - Throws: `InsightError.noSuchLayer`.
  public init(of layer: String, in network: LearntNetwork) throws(InsightError) {
    let isInput = layer == NetworkDescription.inputName
    let target = isInput ? layer : try network.layer(named: layer).name
    let picture = network.pictureShape
    (inputHeight, inputWidth) = (picture[1], picture[2])
    isWhole = network.description.inputShape.count < 3
    for node in network.description.nodes where !isInput {
      let shape = network.shapes[node.inputs[0]] ?? []
      switch node.operation {
      case .conv2d(let operation):
        append(
          operation.kernelSize, operation.stride, operation.dilation, operation.padding, shape: shape)
      case .maxPool2d(let operation):
        append(
          operation.kernelSize, operation.stride, .init(1, 1), operation.padding, shape: shape)
      case .linear: isWhole = true
      case .flatten: if shape.count == 3 { flattened = shape }
      case .relu, .sigmoid, .tanh, .batchNorm, .dropout: break
      }
      if node.name == target { break }
    }
  }

  private mutating func append(
    _ size: Operation.Size, _ stride: Operation.Size, _ dilation: Operation.Size,
    _ padding: Operation.Padding, shape: [Int]
  ) {
    rows.append(
      Window(
        size: size.height, stride: stride.height, dilation: dilation.height, before: padding.top,
        extent: shape[1]))
    columns.append(
      Window(
        size: size.width, stride: stride.width, dilation: dilation.width, before: padding.left,
        extent: shape[2]))
  }

  /// The part of the input that a number of the layer depends on.
  ///
  /// - Parameters:
  ///   - unit: the channel, or the number's place in a row of numbers.
  ///   - position: where it is in its map; nil for a row of numbers.
  /// - Returns: a rectangle in the input, of no width or height where a window reads nothing but padding.
  public func rectangle(unit: Int = 0, at position: Position? = nil) -> PixelRectangle {
    var position = position
    if !isWhole, position == nil, let flattened {
      let place = unit % (flattened[1] * flattened[2])
      position = Position(row: place / flattened[2], column: place % flattened[2])
    }
    guard !isWhole, let position else {
      return PixelRectangle(x: 0, y: 0, width: inputWidth, height: inputHeight)
    }
    let rows = rows.reversed().reduce(position.row..<position.row + 1) { $1.reads($0) }
    let columns = columns.reversed().reduce(position.column..<position.column + 1) { $1.reads($0) }
    return PixelRectangle(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
  }
}
