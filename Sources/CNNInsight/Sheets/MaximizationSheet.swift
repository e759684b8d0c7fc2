import CNNCodecs
import CNNPictures

/// The pictures that excite the units of a layer most, eight in a row.
///
/// They are pictures as the model's training data are: of digits that are white on black, bright is ink. Of a unit that
/// sees a part of the picture only, that part is drawn.
public enum MaximizationSheet {
  /// Draws what a search found.
  ///
  /// - Parameters:
  ///   - results: of one layer.
  ///   - names: what the units are called where the appearance has labels, by their numbers; numbers if nil.
  ///   - title: what stands above where there are labels.
  /// - Throws: `Sheet.Failure`.
  public static func draw(
    _ results: [ActivationMaximization], names: [String]? = nil, title: String? = nil,
    appearance: SheetAppearance = SheetAppearance()
  ) throws(Sheet.Failure) -> Picture {
    let width = results.map(\.field.width).max() ?? 1
    let height = results.map(\.field.height).max() ?? 1
    let labels = results.map { result in
      names.flatMap { $0.indices.contains(result.unit) ? $0[result.unit] : nil } ?? "\(result.unit)"
    }
    var sheet = appearance.sheet(
      columns: 8, scale: SheetAppearance.scale(forTileOf: width, height, side: 120), labels: labels,
      range: nil)
    if appearance.isLabelled { sheet.title = title }
    _ = try sheet.size(tileCount: results.count, width: width, height: height)
    return try sheet.drawOutlined(
      results.map { result in
        Picture(
          pixels: result.croppedPixels, shape: [result.shape[0], result.field.height, result.field.width])
      })
  }

  /// Finds out whether the sheet of a layer can be drawn, before the pictures are searched for.
  ///
  /// - Parameter units: how many there will be.
  /// - Throws: `Sheet.Failure`.
  public static func check(
    _ layer: String, units: Int, in network: LearntNetwork, appearance: SheetAppearance = SheetAppearance()
  ) throws(Sheet.Failure) {
    guard let shape = network.shapes[layer], let field = try? ReceptiveField(of: layer, in: network) else {
      return
    }
    let middle =
      shape.count == 3 ? ReceptiveField.Position(row: shape[1] / 2, column: shape[2] / 2) : nil
    let seen = field.rectangle(at: middle)
    _ = try appearance.sheet(
      columns: 8, scale: SheetAppearance.scale(forTileOf: seen.width, seen.height, side: 120), labels: nil,
      range: nil
    ).size(tileCount: units, width: seen.width, height: seen.height)
  }

  /// Two models' results beside each other.
  ///
  /// - Throws: `Sheet.Failure`.
  public static func compare(
    _ results: ([ActivationMaximization], [ActivationMaximization]), unitNames: [String]? = nil,
    names: (String, String), appearance: SheetAppearance = SheetAppearance()
  ) throws(Sheet.Failure) -> Picture {
    try SideBySide.draw(
      (
        draw(results.0, names: unitNames, title: names.0, appearance: appearance),
        draw(results.1, names: unitNames, title: names.1, appearance: appearance)
      ), range: nil, appearance: appearance)
  }
}
