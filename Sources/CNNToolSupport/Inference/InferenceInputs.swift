import CNNCodecs
import CNNFiles
import CNNInterchange

/// The arguments of `cnn-infer`, sorted by what they are.
public struct InferenceInputs {
  /// Picture files in the order given, those of a folder in natural order.
  public private(set) var pictures: [String] = []
  /// Data files: data sets, IDX, pickles.
  public private(set) var data: [String] = []
  /// Folders, for an evaluation with a folder a class.
  public private(set) var folders: [String] = []
  /// Standard input and pipes among the arguments. They stay open, since their first bytes, by which they were
  /// sorted, come only once.
  public private(set) var streams: [String: InputFile] = [:]

  /// Looks at every argument: a folder is a folder, a file that begins like data is data, and everything else is
  /// a picture, so that what is no picture fails as one and leaves the others alone.
  ///
  /// - Parameter evaluates: whether labelled data are expected: folders are kept as they are, and a file that cannot
  ///   be opened is an error. Else folders stand for the pictures in them, and one missing file among several fails
  ///   as a picture.
  /// - Throws: `FileError` for a folder or a sole input that cannot be opened, `ToolFailure` for a pipe named twice.
  public init(_ arguments: [String], evaluates: Bool) throws {
    for argument in arguments {
      if argument != "-", PictureFolder.isFolder(argument) {
        if evaluates {
          folders.append(argument)
        } else {
          pictures += try PictureFolder.pictures(in: argument)
        }
        continue
      }
      do {
        guard streams[argument] == nil else {
          throw ToolFailure(path: argument, "a pipe can be read only once", status: .usage)
        }
        let file = try InputFile(path: argument)
        let isData = FileFormat(beginning: try file.peek(64)).map { $0 != .png } ?? false
        if isData { data.append(argument) } else { pictures.append(argument) }
        if file.isStream || argument == "-" { streams[argument] = file }
      } catch let error as FileError {
        guard arguments.count > 1, !evaluates else { throw error }
        pictures.append(argument)
      }
    }
  }

  /// Reads a data file.
  ///
  /// - Throws: `FileError` or `LoadFailure`.
  public func load(_ path: String) throws -> LoadedInput {
    if let stream = streams[path] { return try LoadedInput(stream) }
    return try LoadedInput(path: path)
  }
}
