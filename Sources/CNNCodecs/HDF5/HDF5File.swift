/// An HDF5 file: groups of groups and datasets, as Keras, h5py and MATLAB write it.
///
/// The subset that is read is described in `formats/hdf5.md`. All groups, names, attributes, descriptions of
/// datasets and indices of chunks are read at once; the data themselves only when asked for, and data in one piece stay
/// where they are.
///
///     let file = try HDF5File(parsing: bytes)
///     if case .dataset(let kernel)? = file["model_weights/conv1/conv1/kernel:0"] {
///       print(kernel.shape, try kernel.array().floats().values)
///     }
public struct HDF5File: Sendable {
  let contents: HDF5Contents

  /// The greatest number of groups, datasets and named datatypes together.
  public static let maximumObjectCount = 1 << 20

  /// Reads everything but data from `bytes`, which arrays go on to share.
  ///
  /// Takes time and memory linear in the input. Throws `HDF5Error` where the file is damaged, and for versions of
  /// structures that are not read; datasets and attributes of types that are not read do no harm until they are
  /// asked for.
  public init(parsing bytes: [UInt8]) throws(HDF5Error) {
    contents = try HDF5Walk.contents(try HDF5Superblock(parsing: bytes))
  }

  /// Whether `bytes`, the beginning of a file, have HDF5's signature where it may stand.
  public static func isRecognized(_ bytes: [UInt8]) -> Bool {
    HDF5Superblock.start(in: bytes) != nil
  }

  /// The group that everything is in.
  public var root: HDF5Group { HDF5Group(contents: contents, index: 0) }

  /// How many groups, datasets and other objects there are.
  public var objectCount: Int { contents.nodes.count }

  /// The object at a path such as `model_weights/conv1`, slashes before and behind which are ignored; nil if there
  /// is none. Soft links are not followed. The empty path is the root group.
  ///
  /// - Complexity: linear in the numbers of links of the groups on the way.
  public subscript(path: String) -> HDF5Object? {
    root[path]
  }

  /// A dataset and where it was found.
  public struct Entry: Sendable {
    /// The names from the root group on, with slashes between them.
    public let path: String
    /// The dataset.
    public let dataset: HDF5Dataset
  }

  /// All datasets, depth first, the links of each group in order; each once, by the first path that leads to it.
  ///
  /// Throws `HDF5Error` if the paths together take more than 16 MiB and the length of the file, which nests names
  /// of absurd length.
  public func datasets() throws(HDF5Error) -> [Entry] {
    let maximum = contents.input.bytes.count + 1 << 24
    var total = 0
    var result: [Entry] = []
    var isMet = [Bool](repeating: false, count: contents.nodes.count)
    var pending: [(index: Int, path: String)] = [(0, "")]
    while let (index, path) = pending.popLast() {
      guard !isMet[index] else { continue }
      isMet[index] = true
      switch contents.nodes[index].kind {
      case .dataset(let description):
        let dataset = HDF5Dataset(contents: contents, index: index, description: description)
        result.append(Entry(path: path, dataset: dataset))
      case .group(let links):
        var inner: [(index: Int, path: String)] = []
        for link in links {
          guard case .object(let target) = link.target, !isMet[target] else { continue }
          let innerPath = path.isEmpty ? link.name : path + "/" + link.name
          total += innerPath.utf8.count
          guard total <= maximum else {
            throw HDF5Error(
              .limitExceeded(what: "bytes in paths", maximum: maximum), offset: contents.nodes[index].offset)
          }
          inner.append((target, innerPath))
        }
        pending.append(contentsOf: inner.reversed())
      case .other: break
      }
    }
    return result
  }
}
