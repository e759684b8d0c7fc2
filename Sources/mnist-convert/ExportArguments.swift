import ArgumentParser
import CNNCodecs
import CNNFiles
import CNNInterchange
import CNNToolSupport

/// What is written: the format, and what goes with some formats only.
struct ExportArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The format to write: safetensors (the native one), npz, onnx, csv, csv.gz; into a folder that -o names: idx, \
      idx.gz (MNIST's own files), png (train/7/00012.png), csv and csv.gz (with a slash behind the folder). \
      (default: what the output's ending says)
      """, valueName: "format"),
    completion: .list(["safetensors"] + ExportFormat.allCases.map(\.rawValue)))
  var to: String?

  @Option(
    help: ArgumentHelp(
      """
      The type of floating-point numbers in safetensors and npz files: f32, f16, or bf16 (safetensors alone). \
      (default: as they are)
      """, valueName: "f32|f16|bf16"))
  var dtype: DType?

  @Option(
    help: ArgumentHelp("Export this split of the data alone.", valueName: "train|valid|test"))
  var only: DatasetSplit?

  /// The names of floating-point types on the command line.
  enum DType: String, ExpressibleByArgument, CaseIterable {
    case f32
    case f16
    case bf16

    var elementType: ElementType {
      switch self {
      case .f32: .float32
      case .f16: .float16
      case .bf16: .bfloat16
      }
    }
  }

  /// The format to export to; nil for the native one.
  ///
  /// - Throws: `ValidationError` for a format that is not written, or an output whose ending says none.
  func format(output: String) throws -> ExportFormat? {
    if let to {
      if to == "safetensors" { return nil }
      guard let format = ExportFormat(rawValue: to) else { throw ValidationError(Self.unknown(format: to)) }
      return format
    }
    if output == "-" || output.lowercased().hasSuffix(".safetensors") { return nil }
    if let format = Self.format(ending: output) { return format }
    if let ending = Self.pickles.first(where: { output.lowercased().hasSuffix(".\($0)") }) {
      throw ValidationError(
        "'\(output)': \(ending) files are pickles, which are never written, since whoever reads one runs what is in it; "
          + "npz holds the same arrays")
    }
    guard OutputFile.isRegular(output) || output.hasSuffix("/") else { return nil }
    throw ValidationError(
      "'\(output)' ends in none of .safetensors, \(Self.endings); use --to to say the format "
        + "(safetensors writes the native one under any name; idx and png fill a folder)")
  }

  /// Whether the output is a folder.
  func isFolder(_ format: ExportFormat, output: String) -> Bool {
    format.isAlwaysFolder || (format.mayBeFolder && (output.hasSuffix("/") || PictureFolder.isFolder(output)))
  }

  /// - Throws: `ValidationError` for what does not go together.
  func validate(output: String) throws {
    guard let format = try format(output: output) else {
      if only != nil { throw ValidationError("--only goes with exports; native files hold all splits") }
      return
    }
    if output.lowercased().hasSuffix(".safetensors") {
      throw ValidationError(
        format.isAlwaysFolder
          ? "'\(output)' is a native file's name; name a folder for --to \(format.rawValue)"
          : "'\(output)' is a native file's name; end it in .\(format.rawValue) for --to \(format.rawValue)")
    }
    if let other = Self.format(ending: output), other != format {
      throw ValidationError(
        "'\(output)' ends in .\(other.rawValue), and --to asks for \(format.rawValue); give one of the two")
    }
    if format.isAlwaysFolder, output == "-" {
      throw ValidationError("--to \(format.rawValue) writes several files; name a folder with -o")
    }
    guard let dtype else { return }
    guard format == .npz else {
      let held = format == .onnx ? "ONNX files hold float32" : "\(format.name) files hold pixels as they are"
      throw ValidationError("--dtype goes with safetensors and npz; \(held)")
    }
    if dtype == .bf16 {
      throw ValidationError(
        "--dtype bf16: NumPy has no bfloat16; f16 and f32 go with npz, bf16 with safetensors")
    }
  }

  /// The format that an output's ending says; of a folder too, if that can be one: `tables.csv/`.
  private static func format(ending output: String) -> ExportFormat? {
    if let format = ExportFormat(path: output) { return format }
    var name = output[...]
    while name.hasSuffix("/") { name.removeLast() }
    guard let format = ExportFormat(path: String(name)), format.mayBeFolder else { return nil }
    return format
  }

  /// Endings of pickles, and formats that are some.
  private static let pickles = ["pickle", "pkl", "pt", "pth", "joblib"]

  private static let endings = ExportFormat.allCases.filter { !$0.isAlwaysFolder }.map { ".\($0.rawValue)" }
    .joined(separator: ", ")

  private static func unknown(format: String) -> String {
    if pickles.contains(format) {
      return
        "--to \(format): pickles are never written, since whoever reads one runs what is in it; npz holds the "
        + "same arrays"
    }
    let known = ["safetensors"] + ExportFormat.allCases.map(\.rawValue)
    return "--to \(format): written are \(known.joined(separator: ", "))"
  }
}
