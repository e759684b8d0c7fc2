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
