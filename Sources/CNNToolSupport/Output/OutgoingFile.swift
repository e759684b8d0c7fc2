import CNNCodecs
import CNNInterchange
import CNNModelFile

/// A native file on its way out, be it as it is or into another format, and what there is to tell of the way.
public struct OutgoingFile {
  /// What is written or exported.
  public private(set) var file: ModelFile
  /// What became of every array and of the whole, for people.
  public private(set) var summary: String
  /// The same, an object a line; the last one is about the export or the rounding, if there was one.
  public var json: [JSONValue] { lines + (members.isEmpty ? [] : [.object(members)]) }

  private var lines: [JSONValue]
  private var members: [JSONValue.Member] = []
  /// The input, where a native file goes on as it is.
  private let native: LoadedInput?
  /// The file to name where its content is to blame; nil if there are several.
  private let path: String?

  /// A native file as it is.
  public init(_ file: ModelFile, from input: LoadedInput) {
    self.file = file
    native = input
    path = input.path
    summary = ""
    lines = []
  }

  /// What foreign files became.
  public init(_ conversion: Conversion, from inputs: [LoadedInput]) {
    file = conversion.file
    native = nil
    path = inputs.count == 1 ? inputs[0].path : nil
    summary = conversion.summary
    lines = conversion.json
  }

  /// Gives floating-point numbers another type.
  ///
  /// - Parameters:
  ///   - option: what the user calls the type, for the provenance.
  ///   - isExported: whether an export follows; without one, a native file must change to be worth writing.
  /// - Throws: `ToolFailure`.
  public mutating func round(
    to type: ElementType, option: String, isExported: Bool, tool: String, version: String
  ) throws {
    let rounded: RoundedFile
    do {
      rounded = try RoundedFile(file, to: type)
    } catch {
      throw ToolFailure(error, path: path)
    }
    guard rounded.isChanged || native == nil || isExported else {
      throw ToolFailure(
        path: path,
        "this is a native \(file.manifest.kind.rawValue) file already, and its numbers are \(type.name); there is "
          + "nothing to convert", status: .badData)
    }
    file = rounded.file
    if let native {
      file.manifest.provenance = Provenance(tool: tool, version: version, sources: [native.source])
    }
    if rounded.isChanged { file.manifest.provenance.options.append(("dtype", .string(option))) }
    summary += rounded.summary
    members = (isExported ? [] : [.init("format", .string("safetensors"))]) + rounded.jsonMembers
  }

  /// Makes an export of the file.
  ///
  /// - Throws: `ToolFailure`.
  public mutating func export(
    as format: ExportFormat, options: Export.Options, tool: String, version: String
  ) throws -> Export {
    do {
      let export = try Export(file, as: format, options: options, tool: tool, version: version)
      summary += export.summary
      members = export.jsonMembers + members
      return export
    } catch {
      throw ToolFailure(error, path: path)
    }
  }
}
