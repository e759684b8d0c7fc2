/// Turns the stored rows of a PNG into grey pixels: filters undone, samples unpacked, passes put in their places.
struct PNGRowDecoder {
  /// An index for which the palette has no colour, and where it is.
  struct BadIndex {
    var index: Int
    var x: Int
    var y: Int
  }

  private let header: PNGHeader
  private let converter: PNGRowConverter

  /// A decoder for the rows of `structure`, which was found in `bytes`.
  init(_ structure: PNGStructure, in bytes: [UInt8], background: UInt8, weights: ColorWeights) {
    header = structure.header
    converter = PNGRowConverter(structure, in: bytes, background: background, weights: weights)
  }

  /// Decodes all rows into `pixels`, [height, width]. Returns the first index beyond the palette, in the order of the
  /// picture, or nil if all went well.
  func decode(_ rows: PNGStoredRows, into pixels: UnsafeMutableBufferPointer<UInt8>) throws(PNGError)
    -> BadIndex?
  {
    let distance = max(1, header.storedBitsPerPixel / 8)
    let isPacked = header.bitDepth < 8
    let samples = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: isPacked ? header.width : 0)
    let grays = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: header.isInterlaced ? header.width : 0)
    defer {
      samples.deallocate()
      grays.deallocate()
    }
    var worst: BadIndex?
    for pass in header.passes {
      var previous: UnsafeMutableBufferPointer<UInt8>?
      for number in 0..<pass.rowCount {
        // What was verified a moment ago can only be missing for want of memory.
        guard let row = rows.next(1 + pass.rowByteCount) else { throw .outOfMemory }
        PNGFilter.undo(row, previous: previous, distance: distance)
        previous = row
        let y = pass.firstRow + number * pass.rowStep
        if let worst, worst.y < y { continue }
        var unfiltered = UnsafeMutableBufferPointer(rebasing: row[1...])
        if isPacked {
          unpack(unfiltered, into: samples, count: pass.columnCount)
          unfiltered = samples
        }
        let line = UnsafeMutableBufferPointer(rebasing: pixels[y * header.width..<(y + 1) * header.width])
        let target =
          header.isInterlaced ? UnsafeMutableBufferPointer(rebasing: grays[..<pass.columnCount]) : line
        if let bad = converter.convert(UnsafeBufferPointer(unfiltered), into: target) {
          let x = pass.firstColumn + bad * pass.columnStep
          if worst.map({ ($0.y, $0.x) > (y, x) }) ?? true {
            worst = BadIndex(index: Int(unfiltered[bad]), x: x, y: y)
          }
        } else if header.isInterlaced {
          for column in 0..<pass.columnCount {
            line[pass.firstColumn + column * pass.columnStep] = grays[column]
          }
        }
      }
    }
    return worst
  }

  /// Takes samples of 1, 2 or 4 bits apart, the leftmost in the highest bits, into a byte each.
  private func unpack(
    _ row: UnsafeMutableBufferPointer<UInt8>, into samples: UnsafeMutableBufferPointer<UInt8>, count: Int
  ) {
    let depth = header.bitDepth
    let mask = UInt8(truncatingIfNeeded: 1 << depth - 1)
    for index in 0..<count {
      let bit = index * depth
      samples[index] = row[bit / 8] >> UInt8(truncatingIfNeeded: 8 - depth - bit % 8) & mask
    }
  }
}
