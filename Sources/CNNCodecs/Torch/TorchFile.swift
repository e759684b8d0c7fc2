/// What `torch.save` wrote: the tensors of a file of PyTorch, read without Python.
///
/// Both containers are read: the zip archive of PyTorch 1.6 and later, and the legacy one, a stream of pickles with
/// the storages behind. The pickle inside can make tensors, NumPy arrays and plain containers; every other call is
/// refused. `formats/torch.md` says what is read and what is refused.
///
///     let file = try TorchFile(parsing: bytes)
///     for tensor in file.stateDictionary?.tensors ?? [] { print(tensor.name, tensor.array.shape) }
public struct TorchFile: Sendable {
  /// How a file is put together.
  public enum Container: Sendable, Equatable {
    /// A zip archive, with an entry for each storage.
    case zip
    /// Several pickles in a row, and the storages behind them.
    case legacy
  }

  /// A tensor, or an array of NumPy, with its name.
  public struct Tensor: Sendable {
    /// The key in a dict; a place in a list is `[0]`, as is a key that is no text.
    public let name: String
    /// The numbers, over the bytes of the file where they lie there in order, else over a copy in order.
    public let array: NumericArray
  }

  /// The tensors that lie side by side in one container of the pickle, in its order.
  public struct Group: Sendable {
    /// The way to the container from the root: empty for the root itself, else as `state_dict` or
    /// `optimizer.state[0]`. Fit to be printed.
    public let path: String
    /// The tensors, at least one.
    public let tensors: [Tensor]
  }

  /// A plain value beside the tensors.
  public struct Value: Sendable, Equatable {
    /// The way to it from the root, fit to be printed.
    public let path: String
    /// The value as text, fit to be printed and cut: `12`, `0.5`, `adam`.
    public let text: String
  }

  /// The most tensors that are read: 65,536.
  public static let greatestTensorCount = 1 << 16
  /// The most bytes of UTF-8 in a tensor's name: 1,024.
  public static let greatestNameLength = 1024
  /// The most values that are listed: 256.
  public static let greatestValueCount = 256

  /// How the file is put together.
  public let container: Container
  /// All tensors, by the containers that they lie in, in the order of the file. At least one group.
  public let groups: [Group]
  /// The numbers, texts, booleans and Nones of the root dict and of the dicts in it, in the order of the file: the
  /// first `greatestValueCount` of them.
  public let values: [Value]

  /// The most bytes that all tensors may claim together in a file of `size` bytes, or with storages of so many that
  /// were compressed: eight times as many and 16 MiB. Weights that layers share are counted for each; so are elements that a tensor repeats.
  public static func sharingLimit(size: Int) -> Int {
    let (product, overflow) = max(size, 0).multipliedReportingOverflow(by: 8)
    return overflow || product > Int.max - (1 << 24) ? Int.max : product + (1 << 24)
  }

  /// Whether a file that begins with `prefix` is in the legacy container: it begins with a pickle of PyTorch's magic
  /// number. 32 bytes are enough.
  public static func isLegacy(_ prefix: some Sequence<UInt8>) -> Bool { TorchLegacy.isLegacy(prefix) }

  /// Whether a zip archive is PyTorch's: it has a `data.pkl` in a folder at its top.
  public static func isTorch(_ archive: ZipArchive) -> Bool {
    archive.entries.contains { TorchArchive.root(ofPickle: $0) != nil }
  }

  /// Reads the file `bytes`, which the tensors go on to share. Storages that tensors need are verified.
  ///
  /// - Throws: a `TorchError` for anything that is not read, and for damage.
  public init(parsing bytes: [UInt8], limits: PickleLimits = .default) throws(TorchError) {
    if ZipArchive.isZip(bytes) {
      let archive: ZipArchive
      do { archive = try ZipArchive(parsing: bytes) } catch { throw .zip(error) }
      try self.init(archive, limits: limits)
    } else if Self.isLegacy(bytes.prefix(32)) {
      let legacy = try TorchLegacy(parsing: bytes, limits: limits)
      try self.init(legacy.content, in: .legacy, size: bytes.count)
    } else {
      throw .notTorch(offset: 0)
    }
  }

  /// Reads a zip archive as a file of PyTorch.
  ///
  /// - Throws: a `TorchError` for anything that is not read, and for damage.
  public init(_ archive: ZipArchive, limits: PickleLimits = .default) throws(TorchError) {
    let content = try TorchArchive(archive, limits: limits).content
    try self.init(content, in: .zip, size: archive.bytes.count)
  }

  private init(_ content: TorchContent, in container: Container, size: Int) throws(TorchError) {
    self.container = container
    var walk = TorchWalk(content)
    try walk.run()
    guard !walk.groups.isEmpty else { throw .noTensors }
    let limit = Self.sharingLimit(size: max(size, content.storageByteCount))
    // What the tensors claim is known before a storage is looked at.
    var claimed = 0
    for item in walk.groups.joined() {
      let byteCount = content.byteCount(of: item.id)
      guard byteCount <= limit - claimed else { throw .sharedTooMuch(limit: limit) }
      claimed += byteCount
    }
    var storages = TorchStorages(content)
    var groups: [Group] = []
    for (path, items) in zip(walk.paths, walk.groups) {
      var tensors: [Tensor] = []
      for item in items {
        tensors.append(Tensor(name: item.name, array: try storages.array(of: item.id)))
      }
      groups.append(Group(path: path, tensors: tensors))
    }
    self.groups = groups
    values = walk.values
  }

  /// The group that is the network's `state_dict`, by the habits of those who save checkpoints: the value of
  /// `state_dict`, `model_state_dict`, `model_state`, `model`, `network`, `net`, `module`, `weights` or `params`, the
  /// first of these that there is; else the root, or the only group. Nil if none of this decides.
  public var stateDictionary: Group? {
    let habits = [
      "state_dict", "model_state_dict", "model_state", "model", "network", "net", "module", "weights",
      "params",
    ]
    for path in habits + [""] {
      if let group = groups.first(where: { $0.path.isExactly(path) }) { return group }
    }
    return groups.count == 1 ? groups[0] : nil
  }
}
