/// An array of an HDF5 file.
public struct HDF5Dataset: Sendable {
  let contents: HDF5Contents
  let index: Int
  let description: HDF5DatasetDescription

  /// How many bytes an array may take to decode where the caller names no limit: 1 GiB.
  public static let defaultLimit = 1 << 30

  /// The dataset's number in its file.
  public var id: Int { index }
  /// The index of the dataset's header in the file, for messages about it.
  public var offset: Int { contents.nodes[index].offset }
  /// The extent of each dimension, outermost first; empty for a single element.
  public var shape: [Int] { description.space.shape }
  /// Whether the dataset has a null dataspace: no elements and no shape, so that there is no array to read.
  public var isNull: Bool { description.space.isNull }
  /// The type of its elements.
  public var type: HDF5Type { description.type }
  /// The type of its elements if they are numbers, else nil.
  public var elementType: ElementType? { description.type.elementType }
  /// The dataset's attributes, in the order of the file.
  public var attributes: [HDF5Attribute] { contents.nodes[index].attributes }

  /// The attribute with a name, compared by its UTF-8 bytes; nil if there is none.
  public func attribute(named name: String) -> HDF5Attribute? {
    attributes.first { $0.name.isExactly(name) }
  }

  /// The dataset's numbers.
  ///
  /// Data in one piece are not copied: the array lies over the file's own bytes. Chunks are put together, after
  /// their filters have been undone and checksums verified; what was never written has the dataset's fill value.
  ///
  /// - Parameters:
  ///   - limit: How many bytes may be decoded: of the array, and of all its chunks together, which may reach
  ///     beyond its edges. Data that are not copied do not count. Whoever reads many datasets of a file that may
  ///     be hostile should pass what is left of a limit for all: a dataset that was never written has any size.
  ///   - opaqueType: What opaque bytes stand for if their number fits, little-endian. Keras writes bfloat16 so,
  ///     and says it in an attribute.
  ///
  /// Throws `HDF5Error` for elements that are no numbers, for layouts and filters that are not read, for damaged
  /// data, and for arrays beyond the limit.
  public func array(limit: Int = HDF5Dataset.defaultLimit, opaqueAs opaqueType: ElementType? = nil)
    throws(HDF5Error) -> NumericArray
  {
    let elementType: ElementType
    let byteOrder: NumericArray.ByteOrder
    switch (type, opaqueType) {
    case (.number(let type, let order), _): (elementType, byteOrder) = (type, order)
    case (.opaque(let byteCount), let opaqueType?) where byteCount == opaqueType.byteCount:
      (elementType, byteOrder) = (opaqueType, .littleEndian)
    default: throw HDF5Error(.unsupported("a dataset of \(type.name)"), offset: offset)
    }
    guard !description.space.isNull else {
      throw HDF5Error(.unsupported("a dataset of a null dataspace"), offset: offset)
    }
    guard let byteCount = description.space.byteCount(elementByteCount: elementType.byteCount) else {
      throw HDF5Error(.arrayTooLarge(byteCount: nil, limit: limit), offset: offset)
    }
    let (storage, range) = try elements(byteCount, elementByteCount: elementType.byteCount, limit: limit)
    guard
      let array = NumericArray(
        elementType: elementType, shape: shape, byteOrder: byteOrder, storage: storage, range: range)
    else {
      throw HDF5Error(
        .dataLength(what: "a dataset", expected: byteCount, found: range.count),
        offset: description.layoutOffset)
    }
    return array
  }

  /// The elements' bytes: those of the file, or new ones.
  private func elements(_ byteCount: Int, elementByteCount: Int, limit: Int) throws(HDF5Error)
    -> (storage: [UInt8], range: Range<Int>)
  {
    let input = contents.input
    let layoutOffset = description.layoutOffset
    switch description.layout {
    case .compact(let range), .contiguous(let range?):
      guard range.count == byteCount else {
        throw HDF5Error(
          .dataLength(what: "a dataset", expected: byteCount, found: range.count), offset: layoutOffset)
      }
      return (input.bytes, range)
    case .contiguous(nil):
      return (try filled(byteCount, elementByteCount, limit: limit), 0..<byteCount)
    case .chunked(let chunking):
      guard chunking.shape.count == shape.count, chunking.elementByteCount == elementByteCount else {
        throw HDF5Error(
          .malformed(
            what: "a data layout",
            problem: "its chunks have other dimensions or elements than the dataset"), offset: layoutOffset)
      }
      if case .unsupported(let name) = chunking.index {
        throw HDF5Error(.unsupported(name), offset: layoutOffset)
      }
      var bytes = try filled(byteCount, elementByteCount, limit: limit)
      if let list = description.chunks {
        var decoder = HDF5ChunkDecoder(input, description.filters, chunking, limit: limit)
        for chunk in list.chunks {
          let origin = list.grid.origin(of: chunk.place)
          try decoder.decode(chunk) { HDF5ChunkPlacement.copy($0, of: chunking, at: origin, shape, &bytes) }
        }
      }
      return (bytes, 0..<byteCount)
    case .unsupported(let name): throw HDF5Error(.unsupported(name), offset: layoutOffset)
    }
  }

  /// Elements that were never written.
  private func filled(_ byteCount: Int, _ elementByteCount: Int, limit: Int) throws(HDF5Error) -> [UInt8] {
    guard byteCount <= limit else {
      throw HDF5Error(.arrayTooLarge(byteCount: byteCount, limit: limit), offset: description.layoutOffset)
    }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    guard let range = description.fillValue else { return bytes }
    guard range.count == elementByteCount else {
      throw HDF5Error(
        .dataLength(what: "a fill value", expected: elementByteCount, found: range.count),
        offset: range.lowerBound)
    }
    let value = Array(contents.input.bytes[range])
    guard value.contains(where: { $0 != 0 }) else { return bytes }
    for start in stride(from: 0, to: byteCount, by: elementByteCount) {
      for index in 0..<elementByteCount { bytes[start + index] = value[index] }
    }
    return bytes
  }
}
