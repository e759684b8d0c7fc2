import CNNCodecs
import CNNPictures

/// Where a network looks, as heat over the picture that it sees.
public enum SaliencySheet {
  /// Draws the picture, and then a copy with each map over it.
  ///
  /// Heat goes from 0 to the greatest value of each map; what speaks against the class has none.
  ///
  /// - Parameters:
  ///   - picture: as the network sees it; colours become grey below the heat.
  ///   - maps: of the picture's size.
  ///   - showsPicture: whether the picture itself comes first.
  ///   - title: what stands above where the appearance has labels.
  /// - Throws: `Sheet.Failure`.
  /// - Precondition: the maps have the picture's size.
  public static func draw(
    _ picture: Picture, maps: [SaliencyMap], showsPicture: Bool = true, title: String? = nil,
    appearance: SheetAppearance = SheetAppearance()
  ) throws(Sheet.Failure) -> Picture {
    let gray = picture.grayImage
    var tiles: [Picture] = showsPicture ? [picture] : []
    tiles += maps.map { .rgb(Overlay.blend(gray, heat: $0.normalized)) }
    var sheet = appearance.sheet(
      columns: max(tiles.count, 1),
      scale: SheetAppearance.scale(forTileOf: picture.width, picture.height, side: 240),
      labels: (showsPicture ? ["picture"] : []) + maps.map { name(of: $0.method) }, range: nil)
    if appearance.isLabelled { sheet.title = title }
    return try sheet.draw(tiles: tiles)
  }

  /// What people call a method.
  public static func name(of method: Saliency.Method) -> String {
    switch method {
    case .gradient: "gradient"
    case .gradCAM: "Grad-CAM"
    case .occlusion: "occlusion"
    }
  }
}
