import CNNCodecs
import CNNFiles
import CNNInterchange

/// The arguments of `cnn-infer`, sorted by what they are.
public struct InferenceInputs {
  /// Where pictures come from, in the order given.
  private enum Pictures {
    case file(String)
    case folder(String)
    case archive(String, isCompressed: Bool)
    case list(InputFile, isNullSeparated: Bool)
  }

  /// Data files: data sets, IDX, pickles.
  public private(set) var data: [String] = []
  /// Pictures that are named one by one.
  public private(set) var files: [String] = []
  private var pictures: [Pictures] = []
  /// Standard input and pipes among the arguments. They stay open, since their first bytes, by which they were
  /// sorted, come only once.
  private var streams: [String: InputFile] = [:]

  /// Looks at every argument: a folder is a folder, a file that begins like data is data, one that begins like a tar
  /// archive is one, and everything else is a picture, so that what is no picture fails as one and leaves the others
  /// alone.
  ///
  /// - Parameters:
  ///   - list: a file with the paths of further pictures; `-` is standard input.
  ///   - isNullSeparated: whether a zero byte ends each path in the list, and not a line feed.
  ///   - evaluates: whether labelled data are expected: then a file that cannot be opened is an error. Else one
  ///     missing file among several fails as a picture.
  /// - Throws: `FileError` for a folder or a sole input that cannot be opened, `ToolFailure` for a pipe named twice.
  public init(
    _ arguments: [String], list: String? = nil, isNullSeparated: Bool = false, evaluates: Bool
  ) throws {
    let isSole = arguments.count + (list == nil ? 0 : 1) == 1
    for argument in arguments {
      if argument != "-", PictureFolder.isFolder(argument) {
        if isSole { try PictureFolder.checkReadable(argument) }
        pictures.append(.folder(argument))
        continue
      }
      do {
        guard streams[argument] == nil else {
          throw ToolFailure(path: argument, "a pipe can be read only once", status: .usage)
        }
        let file = try InputFile(path: argument)
        if file.isStream || argument == "-" { streams[argument] = file }
        let archive = try ArchivePictures.recognize(file)
        if archive.isArchive {
          pictures.append(.archive(argument, isCompressed: archive.isCompressed))
        } else if try Self.isData(file, evaluates: evaluates) {
          data.append(argument)
        } else {
          files.append(argument)
          pictures.append(.file(argument))
        }
      } catch let error as FileError {
        guard !isSole, !evaluates else { throw error }
        files.append(argument)
        pictures.append(.file(argument))
      }
    }
    if evaluates, !data.isEmpty {
      // Beside labels, pictures are sheets; elsewhere a picture has no label.
      data += files
      pictures.removeAll { if case .file = $0 { true } else { false } }
      files = []
    }
    if let list {
      pictures.append(.list(try InputFile(path: list), isNullSeparated: isNullSeparated))
    }
  }

  /// Whether a file is data and no picture. Where labelled data are expected, that is also said of what is known to be
  /// neither, so that the refusal says what it is; elsewhere it is a picture that fails and leaves the others alone.
  private static func isData(_ file: InputFile, evaluates: Bool) throws(FileError) -> Bool {
    let (format, beginning) = try FileFormat.recognize(file)
    if let format { return format != .png && (evaluates || format != .json) }
    return evaluates && UnreadFormat(beginning: beginning).map { !$0.isPicture } ?? false
  }

  /// Whether there are pictures, or what should hold some.
  public var hasPictures: Bool { !pictures.isEmpty }

  /// All pictures, in the order of the arguments, those in the list behind them.
  ///
  /// - Parameters:
  ///   - labels: the model's labels, for an evaluation: pictures get theirs from the folders that they are in, and
  ///     those in folders and archives that have none are left out.
  ///   - split: which of the folders of splits is evaluated, where a folder has them; test, else validation, else
  ///     training if nil.
  public func source(labels: [String]? = nil, split: DatasetSplit? = nil) -> any PictureSource {
    func label(_ path: String) -> Int? {
      labels.flatMap { LabelledFolder.label(ofPath: path, labels: $0) }
    }
    return ChainedPictures(
      pictures.map { pictures in
        {
          switch pictures {
          case .file(let path):
            SinglePicture(PictureItem(path, streams[path].map { .open($0) } ?? .file))
          case .folder(let path):
            if let labels {
              LabelledFolder(path, labels: labels, split: split)
            } else {
              FolderPictures(path, failsIfEmpty: true)
            }
          case .archive(let path, let isCompressed):
            try ArchivePictures(
              streams[path] ?? InputFile(path: path), isCompressed: isCompressed,
              byteLimit: PictureInference.fileLimit, label: label, leavesOutUnlabelled: labels != nil)
          case .list(let file, let isNullSeparated):
            ListedPictures(file, isNullSeparated: isNullSeparated, label: label)
          }
        }
      })
  }

  /// Reads a data file.
  ///
  /// - Throws: `FileError` or `LoadFailure`.
  public func load(_ path: String) throws -> LoadedInput {
    if let stream = streams[path] { return try LoadedInput(stream) }
    return try LoadedInput(path: path)
  }
}
