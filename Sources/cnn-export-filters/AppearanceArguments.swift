import ArgumentParser
import CNNInsight

/// How the picture looks.
struct AppearanceArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      What goes from white to black: each filter (or map) by itself, or the whole layer, with --compare that of both \
      models. (default: filter)
      """, valueName: "filter|layer"))
  var scaling: SheetAppearance.Scaling?

  @Option(
    help: ArgumentHelp(
      """
      gray: dark is large; diverging: blue below 0, white at 0, red above. (default: gray; filters that read the colours \
      of a picture are drawn in them)
      """, valueName: "gray|diverging"))
  var colors: SheetAppearance.Colors?

  @Option(
    help: ArgumentHelp(
      "How many tiles stand in a row. (default: 8, or the channels of one filter)", valueName: "n"))
  var columns: Int?

  @Option(
    help: ArgumentHelp(
      "How many pixels wide and high each number is drawn. (default: 10, less for large tiles)",
      valueName: "n"))
  var scale: Int?

  @Flag(
    help: """
      Write names and numbers below the tiles (3:17 is filter 3, channel 17), and below all, where everything has one \
      range, a bar that says which.
      """)
  var labels = false

  func validate() throws {
    guard (1...1_000_000).contains(columns ?? 1) else {
      throw ValidationError("--columns must be from 1 to 1000000")
    }
    guard (1...10_000).contains(scale ?? 1) else { throw ValidationError("--scale must be from 1 to 10000") }
  }

  /// The appearance.
  var appearance: SheetAppearance {
    SheetAppearance(
      scaling: scaling ?? .filter, colors: colors, columns: columns, scale: scale, isLabelled: labels)
  }

  /// The options for numbers, of which pictures have none.
  var optionForNumbers: String? { scaling != nil ? "--scaling" : colors != nil ? "--colors" : nil }
}

extension SheetAppearance.Scaling: ExpressibleByArgument {}
extension SheetAppearance.Colors: ExpressibleByArgument {}
