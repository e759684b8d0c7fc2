import CZlib

/// Decompresses a PNG's image data once, to find that they are whole and sound: the zlib header (RFC 1950), every
/// filter byte, the exact length, the Adler-32, and that nothing follows it.
///
/// So no memory is taken for a picture whose data are not there. The rows of a small picture, which fit into the
/// working memory of the check, are kept; those of a large one are decompressed again.
struct PNGImageDataCheck {
  private static let scratchByteCount = 1 << 16
  /// Room behind the last row: zlib's fast loop needs that much for every step.
  private static let scratchSlack = 320

  private let structure: PNGStructure
  /// The image data of all chunks: those of a single chunk where they are, those of several joined.
  private let data: [UInt8]
  private let dataRange: Range<Int>

  /// A check of the image data of `structure`, which was found in `bytes`.
  init(_ structure: PNGStructure, in bytes: [UInt8]) {
    self.structure = structure
    if structure.imageData.count == 1 {
      data = bytes
      dataRange = structure.imageData[0]
    } else {
      var joined: [UInt8] = []
      joined.reserveCapacity(structure.imageData.reduce(0) { $0 + $1.count })
      for range in structure.imageData { joined.append(contentsOf: bytes[range]) }
      data = joined
      dataRange = 0..<joined.count
    }
  }

  /// Verifies everything, and returns the rows from the first on.
  func run() throws(PNGError) -> PNGStoredRows {
    var rows = StoredRows(structure.header)
    let start = dataRange.lowerBound
    guard dataRange.count >= 2 else { throw tooShort(rows) }
    let zlibHeader = UInt16(data[start]) << 8 | UInt16(data[start + 1])
    // Method 8, a window of at most 32 kilobytes, no preset dictionary, and a multiple of 31.
    guard zlibHeader >> 8 & 0x0F == 8, zlibHeader >> 12 <= 7, zlibHeader & 0x20 == 0, zlibHeader % 31 == 0
    else {
      throw .badZlibHeader(zlibHeader, offset: fileOffset(start))
    }
    let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(
      capacity: min(Self.scratchByteCount, rows.expectedByteCount + Self.scratchSlack))
    let kept = PNGStoredRows(owning: scratch)
    let (end, computed, isKept) = try inflateRows(&rows, from: start + 2, into: scratch)
    guard rows.missingByteCount == 0 else { throw tooShort(rows) }
    guard dataRange.upperBound - end >= 4 else { throw tooShort(rows) }
    let declared = data[end..<end + 4].reduce(0) { $0 << 8 | UInt32($1) }
    guard declared == computed else {
      throw .imageDataChecksum(declared: declared, computed: computed, offset: fileOffset(end))
    }
    guard end + 4 == dataRange.upperBound else {
      throw .imageDataTooLong(expected: rows.expectedByteCount, offset: fileOffset(end + 4))
    }
    if isKept { return kept }
    let greatest = structure.header.passes.map(\.rowByteCount).max() ?? 0
    guard let again = PNGStoredRows(inflating: data, start + 2..<end, greatestByteCount: 1 + greatest) else {
      throw .outOfMemory
    }
    return again
  }

  /// Decompresses all rows from index `position` of `data` on; returns the index behind, the rows' Adler-32, and
  /// whether `scratch` holds them all.
  private func inflateRows(
    _ rows: inout StoredRows, from position: Int, into scratch: UnsafeMutableBufferPointer<UInt8>
  ) throws(PNGError) -> (end: Int, checksum: UInt32, isKept: Bool) {
    guard let stream = InflateStream() else { throw .outOfMemory }
    var position = position
    var checksum = adler32_z(0, nil, 0)
    var stepCount = 0
    while true {
      let step = data.withUnsafeBufferPointer {
        stream.step(from: UnsafeBufferPointer(rebasing: $0[position..<dataRange.upperBound]), into: scratch)
      }
      let output = UnsafeBufferPointer(rebasing: scratch[..<step.produced])
      checksum = adler32_z(checksum, output.baseAddress, output.count)
      switch rows.take(output) {
      case nil: break
      case .unknownFilter(let filter, let row):
        throw .unknownFilter(filter, row: row, offset: structure.imageDataOffset)
      case .tooLong:
        throw .imageDataTooLong(expected: rows.expectedByteCount, offset: fileOffset(position))
      }
      position += step.consumed
      stepCount += 1
      switch step.status {
      case .ended: return (position, UInt32(truncatingIfNeeded: checksum), stepCount == 1)
      case .unfinished where step.consumed == 0 && step.produced == 0: throw tooShort(rows)
      case .unfinished: break
      case .corrupt(let detail): throw .corruptImageData(detail: detail, offset: fileOffset(position))
      case .outOfMemory: throw .outOfMemory
      }
    }
  }

  private func tooShort(_ rows: StoredRows) -> PNGError {
    .imageDataTooShort(
      expected: rows.expectedByteCount, found: rows.expectedByteCount - rows.missingByteCount,
      offset: fileOffset(dataRange.upperBound))
  }

  /// Where in the file the byte at `index` of `data` is; the end of the last chunk's data for an index behind.
  private func fileOffset(_ index: Int) -> Int {
    if structure.imageData.count == 1 { return index }
    var start = 0
    for range in structure.imageData {
      if index < start + range.count { return range.lowerBound + index - start }
      start += range.count
    }
    return structure.imageData.last?.upperBound ?? 0
  }
}

/// Counts a picture's stored rows, each a byte that names its filter and then the samples, as they come.
private struct StoredRows {
  enum Fault {
    case unknownFilter(UInt8, row: Int)
    case tooLong
  }

  /// What all rows take.
  let expectedByteCount: Int
  /// What is still to come of it.
  private(set) var missingByteCount: Int

  private let passes: [(rowCount: Int, rowByteCount: Int)]
  private var pass = 0
  private var rowInPass = 0
  private var row = 0
  private var missingInRow = 0

  init(_ header: PNGHeader) {
    passes = header.passes.map { ($0.rowCount, $0.rowByteCount) }
    expectedByteCount = passes.reduce(0) { $0 + $1.rowCount * (1 + $1.rowByteCount) }
    missingByteCount = expectedByteCount
  }

  /// Takes the next bytes, and returns what is wrong with them.
  mutating func take(_ bytes: UnsafeBufferPointer<UInt8>) -> Fault? {
    var index = 0
    while index < bytes.count {
      if missingInRow > 0 {
        let count = min(missingInRow, bytes.count - index)
        index += count
        missingInRow -= count
        missingByteCount -= count
        continue
      }
      if pass < passes.count, rowInPass == passes[pass].rowCount {
        pass += 1
        rowInPass = 0
      }
      guard pass < passes.count else { return .tooLong }
      guard bytes[index] <= 4 else { return .unknownFilter(bytes[index], row: row) }
      missingInRow = passes[pass].rowByteCount
      index += 1
      missingByteCount -= 1
      rowInPass += 1
      row += 1
    }
    return nil
  }
}
