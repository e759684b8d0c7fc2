/// A pickle of PyTorch, and where the storages are that its tensors need.
struct TorchContent {
  /// What holds the bytes of a storage.
  enum Place {
    /// An entry of a zip archive, which is verified when it is needed.
    case entry(ZipArchive, ZipEntry)
    /// Bytes of the file.
    case range(Range<Int>)
  }

  let arena: PickleArena
  let root: Pickle.ID
  /// The place of each storage, by its index; nil for those that the file lacks.
  let places: [Place?]
  /// Where the pickle names each storage; nil where that is inside compressed data.
  let referenceOffsets: [Int?]
  let byteOrder: NumericArray.ByteOrder
  let isDecompressed: Bool

  init(
    _ interpreter: PickleInterpreter, root: Pickle.ID, byteOrder: NumericArray.ByteOrder,
    isDecompressed: Bool,
    places: [Place?]
  ) {
    arena = interpreter.arena
    self.root = root
    self.byteOrder = byteOrder
    self.isDecompressed = isDecompressed
    self.places = places
    var offsets = [Int?](repeating: nil, count: places.count)
    for node in arena.nodes where node.kind == .storage && !isDecompressed {
      offsets[node.first] = node.offset
    }
    referenceOffsets = offsets
  }

  /// How many bytes the storages have that are in the file, decompressed. What they declare is within the archive's
  /// own limits.
  var storageByteCount: Int {
    places.reduce(0) { sum, place in
      switch place {
      case nil: sum
      case .range(let range): sum + range.count
      case .entry(_, let entry): sum + entry.size
      }
    }
  }

  /// How many bytes a tensor or an array claims, be they shared or not.
  func byteCount(of id: Pickle.ID) -> Int {
    let node = arena[id]
    guard node.kind == .tensor else { return node.kind == .array ? arena.arrays[node.first].count : 0 }
    let tensor = arena.torch.tensors[node.first]
    return NumericArray.byteCount(elementType: tensor.elementType, shape: dimensions(tensor.shape)) ?? 0
  }

  /// The numbers of a tuple, all of which are known to be integers.
  func dimensions(_ tuple: Pickle.ID) -> [Int] {
    arena.children(of: tuple).compactMap { arena.integer(of: $0) }
  }
}

/// The storages that have been looked at, each once.
struct TorchStorages {
  private let content: TorchContent
  private var contents: [ZipContent?]

  init(_ content: TorchContent) {
    self.content = content
    contents = [ZipContent?](repeating: nil, count: content.places.count)
  }

  /// The array of a tensor, or the array of NumPy that `id` is.
  mutating func array(of id: Pickle.ID) throws(TorchError) -> NumericArray {
    let node = content.arena[id]
    guard node.kind == .tensor else {
      guard let array = content.arena.array(of: id) else { throw failure(.neverBuilt("a NumPy array"), node) }
      return array
    }
    let tensor = content.arena.torch.tensors[node.first]
    let storage = try verified(tensor.storage)
    let shape = content.dimensions(tensor.shape)
    let strides = content.dimensions(tensor.strides)
    let size = tensor.elementType.byteCount
    let byteCount = content.byteCount(of: id)
    let order = Self.memoryOrder(shape: shape, strides: strides)
    let start = byteCount == 0 ? storage.range.lowerBound : storage.range.lowerBound + tensor.offset * size
    let array: NumericArray?
    if let order {
      array = NumericArray(
        elementType: tensor.elementType, shape: shape, memoryOrder: order, byteOrder: content.byteOrder,
        storage: storage.storage, range: start..<start + byteCount)
    } else {
      let bytes = StridedElements(
        start: start, elementByteCount: size, shape: shape,
        // The stride of a dimension of one element leads nowhere and may be any number.
        byteStrides: zip(shape, strides).map { $0 == 1 ? 0 : $1 * size }
      ).gathered(from: storage.storage)
      array = NumericArray(
        elementType: tensor.elementType, shape: shape, byteOrder: content.byteOrder, storage: bytes,
        range: 0..<bytes.count)
    }
    guard let array else {
      throw failure(.torch(.malformedTensor(problem: "a shape that does not fit its storage")), node)
    }
    return array
  }

  private func failure(_ kind: PickleError.Kind, _ node: PickleNode) -> TorchError {
    .pickle(PickleError(kind, offset: node.offset), isDecompressed: content.isDecompressed)
  }

  private mutating func verified(_ index: Int) throws(TorchError) -> ZipContent {
    if let known = contents[index] { return known }
    let record = content.arena.torch.storages[index]
    let verified: ZipContent
    let offset: Int
    switch content.places[index] {
    case nil: throw .missingStorage(key: record.key, offset: content.referenceOffsets[index])
    case .range(let range):
      verified = ZipContent(storage: content.arena.input, range: range, isDecompressed: false)
      offset = range.lowerBound
    case .entry(let archive, let entry):
      offset = entry.dataRange.lowerBound
      guard entry.size == record.byteCount else {
        throw .storageSize(key: record.key, expected: record.byteCount, found: entry.size, offset: offset)
      }
      do { verified = try archive.content(of: entry) } catch { throw .zip(error) }
    }
    guard verified.range.count == record.byteCount else {
      throw .storageSize(
        key: record.key, expected: record.byteCount, found: verified.range.count, offset: offset)
    }
    contents[index] = verified
    return verified
  }

  /// The order in which elements without gaps or repetitions lie in memory, or nil for any other arrangement.
  private static func memoryOrder(shape: [Int], strides: [Int]) -> NumericArray.MemoryOrder? {
    if shape.contains(0) { return .rowMajor }
    func isDense(_ axes: some Sequence<Int>) -> Bool {
      var expected = 1
      for axis in axes where shape[axis] != 1 {
        if strides[axis] != expected { return false }
        expected *= shape[axis]
      }
      return true
    }
    if isDense(shape.indices.reversed()) { return .rowMajor }
    return isDense(shape.indices) ? .columnMajor : nil
  }
}
