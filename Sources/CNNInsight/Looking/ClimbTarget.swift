import CNNCodecs
import CNNEngine
import CNNModelFile

/// The number of a network whose growth makes a unit grow: what a search climbs.
///
/// It is the unit's number in the middle of its map. Where that cannot fall below a value, as behind a ReLU, there is
/// no slope to begin with, so the search climbs the number before the activation, which rises with it; before a pooling
/// the number in the middle of the window.
struct ClimbTarget {
  /// The node, or `input`.
  private(set) var node: String
  /// The number's place in the node's value.
  private(set) var place: Int
  /// What the number depends on; the whole picture for a number that looks at nothing but padding.
  let field: PixelRectangle

  init(layer: String, unit: Int, in network: LearntNetwork) throws(InsightError) {
    var node = layer
    var shape = network.shapes[layer] ?? []
    var position = shape.count == 3 ? ReceptiveField.Position(row: shape[1] / 2, column: shape[2] / 2) : nil
    var unit = unit
    for next in network.description.nodes.reversed().drop(while: { $0.name != layer }) {
      let before = network.shapes[next.inputs[0]] ?? []
      switch next.operation {
      case .relu, .sigmoid, .tanh, .dropout: break
      case .flatten:
        guard before.count == 3 else { break }
        let inMap = unit % (before[1] * before[2])
        unit /= before[1] * before[2]
        position = .init(row: inMap / before[2], column: inMap % before[2])
      case .maxPool2d(let window):
        guard let place = position else { break }
        position = .init(
          row: Self.middle(
            place.row, window.kernelSize.height, window.stride.height, window.padding.top, before[1]),
          column: Self.middle(
            place.column, window.kernelSize.width, window.stride.width, window.padding.left, before[2]))
      case .conv2d, .linear, .batchNorm:
        node = next.name
        shape = network.shapes[node] ?? []
        (self.node, place) = (node, Self.place(unit, position, shape))
        field = try Self.field(node, unit, position, network)
        return
      }
    }
    shape = network.description.inputShape
    (self.node, place) = (NetworkDescription.inputName, Self.place(unit, position, shape))
    field = try Self.field(self.node, unit, position, network)
  }

  private static func field(
    _ node: String, _ unit: Int, _ position: ReceptiveField.Position?, _ network: LearntNetwork
  ) throws(InsightError) -> PixelRectangle {
    let field = try ReceptiveField(of: node, in: network).rectangle(unit: unit, at: position)
    guard field.width > 0, field.height > 0 else {
      return PixelRectangle(x: 0, y: 0, width: network.pictureShape[2], height: network.pictureShape[1])
    }
    return field
  }

  /// The middle of a window, within what it reads.
  private static func middle(_ place: Int, _ size: Int, _ stride: Int, _ before: Int, _ extent: Int) -> Int {
    min(max(place * stride - before + size / 2, 0), extent - 1)
  }

  private static func place(_ unit: Int, _ position: ReceptiveField.Position?, _ shape: [Int]) -> Int {
    guard let position, shape.count == 3 else { return unit }
    return (unit * shape[1] + position.row) * shape[2] + position.column
  }
}
