import ArgumentParser
import CNNCodecs

/// Where pictures come from beside the arguments, and which are read.
struct InputArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Read the pictures whose paths are in a file, a line each; - is standard input. Each is answered at once.",
      valueName: "file"), completion: .file())
  var filesFrom: String?

  @Flag(
    name: [.customShort("0"), .customLong("null")],
    help: "The paths of --files-from end in a zero byte each, as find -print0 writes them.")
  var isNullSeparated = false

  @Option(help: ArgumentHelp("The most pixels that a picture may have.", valueName: "n"))
  var maxPixels = PNGLimits.default.maximumPixelCount

  func validate() throws {
    guard maxPixels >= 1 else { throw ValidationError("--max-pixels must be at least 1") }
    guard !isNullSeparated || filesFrom != nil else {
      throw ValidationError("--null says how --files-from is to be read, which is not there")
    }
  }

  /// The greatest picture that is read.
  var limits: PNGLimits {
    var limits = PNGLimits.default
    limits.maximumPixelCount = maxPixels
    // A row or a column may be as long as all of it, and there are at most four samples of two bytes.
    limits.maximumWidth = max(limits.maximumWidth, maxPixels)
    limits.maximumHeight = max(limits.maximumHeight, maxPixels)
    let (bytes, overflow) = maxPixels.multipliedReportingOverflow(by: 8)
    limits.maximumSampleByteCount = max(limits.maximumSampleByteCount, overflow ? .max : bytes)
    return limits
  }
}
