/// What an object header says of a dataset.
struct HDF5DatasetDescription: Sendable {
  let space: HDF5Dataspace
  let type: HDF5Type
  let layout: HDF5Layout
  let layoutOffset: Int
  let filters: [HDF5Filter]
  /// The bytes of an element that was never written; nil for zeros.
  let fillValue: Range<Int>?
  /// The chunks that were written; nil if the data are not in chunks, or none is readable.
  let chunks: HDF5ChunkList?

  init(_ input: HDF5Input, _ header: HDF5ObjectHeader, _ account: inout HDF5Account) throws(HDF5Error) {
    func required(_ kind: HDF5Message.Kind, _ what: String) throws(HDF5Error) -> HDF5Message {
      guard let message = try header.message(kind, what) else {
        throw HDF5Error(
          .malformed(what: "a dataset", problem: "it has no message about \(what)"), offset: header.offset)
      }
      return message
    }
    func refuseShared(_ message: HDF5Message, _ what: String) throws(HDF5Error) {
      guard !message.isShared else {
        throw HDF5Error(.unsupported("\(what) that objects share"), offset: message.range.lowerBound)
      }
    }
    let spaceMessage = try required(.dataspace, "its shape")
    try refuseShared(spaceMessage, "a dataspace")
    var cursor = spaceMessage.cursor(input, "a dataspace")
    space = try HDF5Dataspace(parsing: &cursor)

    let typeMessage = try required(.datatype, "its type")
    if typeMessage.isShared {
      type = .unsupported("a datatype that is kept elsewhere in the file")
    } else {
      cursor = typeMessage.cursor(input, "a datatype")
      type = try HDF5Type(parsing: &cursor)
    }

    let layoutMessage = try required(.layout, "the data's layout")
    try refuseShared(layoutMessage, "a data layout")
    layoutOffset = layoutMessage.range.lowerBound
    cursor = layoutMessage.cursor(input, "a data layout")
    let layout = try HDF5Layout(parsing: &cursor, input)
    if case .contiguous(let range?) = layout { try account.charge(range.count, at: layoutOffset) }
    if try header.message(.externalFiles, "external files") != nil {
      self.layout = .unsupported("a dataset whose data are in another file")
    } else {
      self.layout = layout
    }

    if let message = try header.message(.filters, "filters") {
      try refuseShared(message, "a filter pipeline")
      cursor = message.cursor(input, "a filter pipeline")
      filters = try HDF5Filter.pipeline(parsing: &cursor)
    } else {
      filters = []
    }

    if let message = try header.message(.fillValue, "the fill value") {
      try refuseShared(message, "a fill value")
      cursor = message.cursor(input, "a fill value")
      fillValue = try HDF5FillValue.parse(&cursor)
    } else if let message = try header.message(.oldFillValue, "the fill value") {
      try refuseShared(message, "a fill value")
      cursor = message.cursor(input, "a fill value")
      fillValue = try HDF5FillValue.parseOld(&cursor)
    } else {
      fillValue = nil
    }
    chunks = try Self.chunks(
      input, space, type, layout, isFiltered: !filters.isEmpty, layoutOffset: layoutOffset, &account)
  }

  private static func chunks(
    _ input: HDF5Input, _ space: HDF5Dataspace, _ type: HDF5Type, _ layout: HDF5Layout, isFiltered: Bool,
    layoutOffset: Int, _ account: inout HDF5Account
  ) throws(HDF5Error) -> HDF5ChunkList? {
    guard case .chunked(let chunking) = layout, let address = chunking.address,
      let size = type.byteCount, chunking.elementByteCount == size,
      chunking.shape.count == space.shape.count, let byteCount = space.byteCount(elementByteCount: size),
      byteCount > 0
    else { return nil }
    return try HDF5ChunkList(
      input, space, chunking, address: address, isFiltered: isFiltered, layoutOffset: layoutOffset, &account)
  }
}
