import CNNCodecs
import CNNFiles
import CNNInterchange

/// The arguments of `cnn-infer`, sorted by what they are.
public struct InferenceInputs {
  /// Picture files in the order given, those of a folder in natural order.
  public var pictures: [String] = []
  /// Data files: data sets, IDX, pickles.
  public var data: [String] = []
  /// Folders, for an evaluation with a folder a class.
  public var folders: [String] = []

  /// Looks at every argument: a folder is a folder, a file that begins like data is data, and everything else is
  /// a picture, so that what is no picture fails as one and leaves the others alone.
  ///
  /// Standard input counts as a picture unless it begins like data; its bytes are kept in `standardInput`.
  ///
  /// - Throws: `FileError` for a folder or a sole input that cannot be opened.
  public init(_ arguments: [String], expandsFolders: Bool) throws {
    for argument in arguments {
      if argument == "-" {
        let input = try InputFile(path: argument)
        if Self.isData(try input.peek(64)) {
          data.append(argument)
          throw ToolFailure(
            path: argument, "data on standard input is not read; give the file's name", status: .usage)
        }
        pictures.append(argument)
        standardInput = input
      } else if PictureFolder.isFolder(argument) {
        if expandsFolders {
          pictures += try PictureFolder.pictures(in: argument)
        } else {
          folders.append(argument)
        }
      } else {
        do {
          if Self.isData(try InputFile(path: argument).peek(64)) {
            data.append(argument)
          } else {
            pictures.append(argument)
          }
        } catch {
          // In a batch one missing file does not stop the others: it fails as a picture.
          guard arguments.count > 1 else { throw error }
          pictures.append(argument)
        }
      }
    }
  }

  /// Standard input, opened, if `-` was among the arguments.
  public private(set) var standardInput: InputFile?

  private static func isData(_ beginning: [UInt8]) -> Bool {
    FileFormat(beginning: beginning).map { $0 != .png } ?? false
  }
}
