import ArgumentParser
import CNNCodecs
import CNNFiles
import CNNInsight
import CNNModelFile
import CNNToolSupport

@main
struct CNNExportFilters: CommandLineTool {
  static let configuration = CommandConfiguration(
    commandName: "cnn-export-filters",
    abstract: "Draw a convolution's filters as a PNG picture.",
    discussion: """
      Filters that look at a grey picture stand eight in a row; a filter with several input channels becomes a \
      row of its own, a tile for each channel. Every weight is a block of 10x10 pixels with 10 pixels of white \
      between and around the tiles; each filter is scaled to its own range, and dark is large.

        cnn-export-filters model.safetensors -o filters.png
        cnn-export-filters model.safetensors -o conv2.png --layer conv2
      """,
    version: toolVersion)

  @Argument(help: "The model file; - is standard input.", completion: .file(extensions: ["safetensors"]))
  var model: String

  @Option(
    name: .shortAndLong, help: "The PNG file to write; - is standard output.",
    completion: .file(extensions: ["png"]))
  var output: String

  @Option(help: "The convolution to draw. (default: the first)")
  var layer: String?

  @Flag(help: "Replace the output if it exists.")
  var force = false

  @Flag(name: .shortAndLong, help: "Don't print the size of the picture.")
  var quiet = false

  func validate() throws {
    if output != "-", !output.lowercased().hasSuffix(".png"), OutputFile.isRegular(output) {
      throw ValidationError("'\(output)' does not end in .png, the only format that can be written")
    }
  }

  func execute() throws -> ExitStatus {
    try OutputFile.preflight(path: output, replacing: force)
    let picture: GrayImage
    do {
      picture = try FilterSheet.draw(ModelFileArgument.load(model), layer: layer)
    } catch {
      throw ToolFailure(error, path: model)
    }
    let bytes = try PNG.encode(picture)
    try OutputFile.write(to: output, replacing: force) { file in
      try bytes.withUnsafeBytes { try file.write($0) }
    }
    if !quiet {
      Self.note("\(output): \(picture.width)x\(picture.height) pixels")
    }
    return .success
  }
}
