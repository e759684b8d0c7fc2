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
    let half = half(
      results.map(\.unit), width: results.map(\.field.width).max() ?? 1,
      height: results.map(\.field.height).max() ?? 1, names: names, title: title, appearance: appearance)
    _ = try half.sheet.size(tileCount: half.tileCount, width: half.width, height: half.height)
    return try half.sheet.drawOutlined(
      results.map { result in
        Picture(
          pixels: result.croppedPixels, shape: [result.shape[0], result.field.height, result.field.width])
      })
  }

  /// Finds out whether the sheet of a layer can be drawn, before the pictures are searched for.
  ///
  /// - Parameters:
  ///   - units: which there will be.
  ///   - network: the model's.
  ///   - other: that of a second model, to be drawn to the right of it, if there is one.
  ///   - names: what the units are called, as for `draw`.
  /// - Throws: `Sheet.Failure`; of two sheets that are too large with the greatest scale with which both fit.
  public static func check(
    _ layer: String, units: Range<Int>, in network: LearntNetwork, besides other: LearntNetwork? = nil,
    names: [String]? = nil, appearance: SheetAppearance = SheetAppearance()
  ) throws(Sheet.Failure) {
    func half(_ network: LearntNetwork) -> SideBySide.Half? {
      guard let shape = network.shapes[layer], let field = try? ReceptiveField(of: layer, in: network) else {
        return nil
      }
      let middle =
        shape.count == 3 ? ReceptiveField.Position(row: shape[1] / 2, column: shape[2] / 2) : nil
      let seen = field.rectangle(at: middle)
      // Two models' sheets have titles, whatever these are.
      return Self.half(
        Array(units), width: seen.width, height: seen.height, names: names,
        title: other == nil ? nil : "", appearance: appearance)
    }
    guard let first = half(network) else { return }
    guard let other else {
      _ = try first.sheet.size(tileCount: first.tileCount, width: first.width, height: first.height)
      return
    }
    guard let second = half(other) else { return }
    try SideBySide(range: nil, appearance: appearance).check((first, second))
  }

  /// Two models' results beside each other.
  ///
  /// - Throws: `Sheet.Failure`.
  public static func compare(
    _ results: ([ActivationMaximization], [ActivationMaximization]), unitNames: [String]? = nil,
    names: (String, String), appearance: SheetAppearance = SheetAppearance()
  ) throws(Sheet.Failure) -> Picture {
    try SideBySide(range: nil, appearance: appearance).draw(
      (
        draw(results.0, names: unitNames, title: names.0, appearance: appearance),
        draw(results.1, names: unitNames, title: names.1, appearance: appearance)
      ))
  }

  /// The sheet of some units, each a tile of this size.
  private static func half(
    _ units: [Int], width: Int, height: Int, names: [String]?, title: String?, appearance: SheetAppearance
  ) -> SideBySide.Half {
    let labels = units.map { unit in
      names.flatMap { $0.indices.contains(unit) ? $0[unit] : nil } ?? "\(unit)"
    }
    var sheet = appearance.sheet(
      columns: 8, scale: SheetAppearance.scale(forTileOf: width, height, side: 120), labels: labels,
      range: nil)
    if appearance.isLabelled { sheet.title = title }
    return SideBySide.Half(sheet: sheet, tileCount: units.count, width: width, height: height)
  }
}
