import ArgumentParser
import CNNCodecs
import CNNPictures
import CNNToolSupport

/// How long sheets take to be drawn and encoded.
struct Sheets: CommandLineTool {
  static let configuration = CommandConfiguration(
    abstract: "Sheets of about ten megapixels, drawn and encoded on one thread.",
    discussion: """
      Prints a JSON line for each: filters of 5x5 random weights as blocks of 10x10 pixels in grey and in diverging \
      colours, each scaled to its own range; the same scaled together; and pictures with smooth edges in blocks of 4x4.
      """)

  @Option(help: "How often each is done; the least time counts.")
  var rounds = 3

  func validate() throws {
    guard rounds >= 1 else { throw ValidationError("--rounds must be at least 1") }
  }

  func execute() throws -> ExitStatus {
    let filters = Self.filters(count: 2601)
    let largest = filters.joined().map(abs).max() ?? 0
    guard let common = ValueRange([-largest, largest]) else { return .failure }
    let sheet = Sheet(columns: 51, scale: 10, margin: 10)
    try measure("filters, grey", sheet) { try Self.tiles(filters, .grayDarkIsLarge) }
    try measure("filters, grey, one range", sheet) { try Self.tiles(filters, .grayDarkIsLarge, common) }
    try measure("filters, diverging", sheet) { try Self.tiles(filters, .diverging) }
    try measure("filters, diverging, one range", sheet) { try Self.tiles(filters, .diverging, common) }
    let blobs = Self.blobs(count: 700)
    try measure("pictures of 28x28, grey", Sheet(columns: 28, scale: 4, margin: 8)) { blobs }
    return .success
  }

  private func measure(_ name: String, _ sheet: Sheet, tiles: () throws -> [Picture]) throws {
    let clock = ContinuousClock()
    var drawing = Duration.seconds(3600)
    var encoding = Duration.seconds(3600)
    var file: [UInt8] = []
    var pixelCount = 0
    for _ in 0..<rounds {
      let start = clock.now
      let picture = try sheet.draw(tiles: tiles())
      let drawn = clock.now
      file = try PNG.encode(picture)
      drawing = min(drawing, drawn - start)
      encoding = min(encoding, clock.now - drawn)
      pixelCount = picture.width * picture.height
    }
    let colorType = try PNG.header(file).colorType
    try CNNBenchmark.say(
      .object([
        .init("sheet", .string(name)), .init("megapixels", .number(Double(pixelCount) / 1e6)),
        .init("draw_seconds", .number(drawing / .seconds(1))),
        .init("encode_seconds", .number(encoding / .seconds(1))),
        .init("bytes", .number(Double(file.count))), .init("color_type", .string("\(colorType)")),
      ]))
  }

  private static func tiles(
    _ filters: [[Float]], _ scale: ColorScale, _ range: ValueRange? = nil
  ) throws -> [Picture] {
    try filters.map {
      guard let range = range ?? ValueRange($0) else {
        throw ToolFailure("a weight is no number", status: .badData)
      }
      return scale.tile(values: $0, width: 5, height: 5, range: range)
    }
  }

  /// Sums of four uniform numbers: about a normal distribution, as weights have it.
  private static func filters(count: Int) -> [[Float]] {
    var state: UInt64 = 1
    func uniform() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 24) - 0.5
    }
    return (0..<count).map { _ in (0..<25).map { _ in uniform() + uniform() + uniform() + uniform() } }
  }

  /// White rings on black, each elsewhere and of another size.
  private static func blobs(count: Int) -> [Picture] {
    (0..<count).map { index in
      let (x, y) = (Float(8 + index % 13), Float(8 + index % 11))
      let radius = Float(4 + index % 7)
      let pixels = (0..<784).map { place in
        let (dx, dy) = (Float(place % 28) - x, Float(place / 28) - y)
        let distance = abs((dx * dx + dy * dy).squareRoot() - radius)
        return UInt8(min(max(255 * (2.5 - distance), 0), 255))
      }
      return .gray(GrayImage(width: 28, height: 28, pixels: pixels))
    }
  }
}
