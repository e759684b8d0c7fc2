/// What is wrong with a file of PyTorch.
public enum TorchError: FormatError, Equatable {
  /// The file is neither of PyTorch's containers.
  case notTorch(offset: Int)
  /// The zip archive is at fault.
  case zip(ZipError)
  /// A program of TorchScript, which holds code beside its tensors.
  case torchScript
  /// The archive has no `data.pkl` in a folder at its top, or several.
  case pickleCount(Int)
  /// An entry that every archive of PyTorch has is missing.
  case missingEntry(name: String)
  /// An entry says something else than it may: its content, cut.
  case unknownSetting(name: String, found: String, offset: Int?)
  /// The pickle is at fault. Places are those of the decompressed pickle if it is compressed, else those of the file.
  case pickle(PickleError, isDecompressed: Bool)
  /// A storage that a tensor needs is not in the file; `offset` is where the pickle names it.
  case missingStorage(key: String, offset: Int?)
  /// A storage has another size than the pickle says; `offset` is where it begins.
  case storageSize(key: String, expected: Int, found: Int, offset: Int?)

  /// One of the small pickles at the beginning of the legacy container is not what it has to be.
  case malformedLegacy(problem: String, offset: Int)
  /// The legacy container ends early.
  case endsEarly(InputEndsEarly)
  /// The legacy container goes on behind its last storage.
  case trailingBytes(count: Int, offset: Int)

  /// The tensors share storages so often that they claim more than `limit` bytes together.
  case sharedTooMuch(limit: Int)
  /// There are more tensors than are read.
  case tooManyTensors(limit: Int)
  /// A tensor has a name longer than names are; `offset` is where the pickle has it.
  case nameTooLong(limit: Int, offset: Int?)
  /// There are no tensors.
  case noTensors

  /// Where in the file the trouble begins; nil where no single byte is to blame, and inside what is compressed.
  public var offset: Int? {
    switch self {
    case .notTorch(let offset), .malformedLegacy(_, let offset), .trailingBytes(_, let offset): offset
    case .unknownSetting(_, _, let offset), .missingStorage(_, let offset), .storageSize(_, _, _, let offset),
      .nameTooLong(_, let offset):
      offset
    case .zip(let error): error.offset
    case .pickle(let error, let isDecompressed): isDecompressed ? nil : error.offset
    case .endsEarly(let error): error.offset
    case .torchScript, .pickleCount, .missingEntry, .sharedTooMuch, .tooManyTensors, .noTensors: nil
    }
  }

  /// What is wrong, as a sentence for people.
  public var reason: String {
    switch self {
    case .notTorch:
      return "this is no file of PyTorch: it is neither a zip archive nor begins with PyTorch's magic number"
    case .zip(let error): return error.reason
    case .torchScript:
      return "this is a TorchScript program; save the model's state_dict() with torch.save"
    case .pickleCount(0):
      return "the zip archive has no data.pkl in a folder, so it is not PyTorch's"
    case .pickleCount(let count):
      return "the zip archive has \(count) files data.pkl, and PyTorch's have one"
    case .missingEntry(let name): return "the archive lacks \(name.quotedForMessage)"
    case .unknownSetting(let name, let found, _):
      return "\(name) is \(found.quotedForMessage), which is not known"
    case .pickle(let error, let isDecompressed):
      let place = isDecompressed ? error.offset.map { "in data.pkl, decompressed byte \($0): " } ?? "" : ""
      return place + error.reason
    case .missingStorage(let key, _): return "the storage \(key) of a tensor is not in the file"
    case .storageSize(let key, let expected, let found, _):
      return "the storage \(key) has \(found) bytes, and its tensors need \(expected)"
    case .malformedLegacy(let problem, _): return "the file has \(problem)"
    case .endsEarly(let error): return error.reason
    case .trailingBytes(let count, _): return "the file goes on for \(count) bytes behind its last storage"
    case .sharedTooMuch(let limit):
      return "the tensors share their storages and claim more than \(limit) bytes together"
    case .tooManyTensors(let limit): return "the file has more than \(limit) tensors"
    case .nameTooLong(let limit, _): return "a tensor's name is longer than \(limit) bytes"
    case .noTensors: return "the file has no tensors"
    }
  }
}
