import CPNG

/// One way to store a picture: its samples, what they mean, and the search for the filter that suits them.
struct PNGEncoding {
  /// What a sample means.
  enum Kind {
    case gray
    case rgb
    /// An index into these colours: red, green and blue of each.
    case palette([UInt8])
  }

  let width: Int
  let height: Int
  let samples: [UInt8]
  let kind: Kind

  /// How samples are made smaller.
  private struct Method {
    var filter: cpng_filter
    var search: cpng_search
    var level: Int32
  }

  private static let filters = [
    cpng_filter_none, cpng_filter_sub, cpng_filter_up, cpng_filter_average, cpng_filter_paeth,
    cpng_filter_adaptive, cpng_filter_repeats,
  ]

  /// The smallest file of those that are worth trying.
  ///
  /// Up to `pixelsTriedWhole` pixels, the files are made and compared; of more, a sample of the rows tells which is
  /// likely to be the smallest.
  func smallest() throws(PNGError) -> [UInt8] {
    if width <= Self.pixelsTriedWhole / height { return try best(isWhole: true).file }
    return try encode(sample().best(isWhole: false).method)
  }

  /// A file without filters, compressed as well as zlib can: about what suits small pictures of ink.
  func quick() throws(PNGError) -> [UInt8] {
    try encode(Method(filter: cpng_filter_none, search: cpng_search_all, level: 9))
  }

  /// The smallest file, and how it was made.
  ///
  /// Runs alone are found so quickly that every filter is tried with them. The thorough search follows for the filter
  /// that was best then and for those that suit it where it finds what runs don't show: none, and none but for rows
  /// that repeat. In the smallest pictures it follows for all.
  private func best(isWhole: Bool) throws(PNGError) -> (file: [UInt8], method: Method) {
    var best = try attempt(cpng_filter_none, cpng_search_runs, level: 9)
    for filter in Self.filters.dropFirst() {
      let next = try attempt(filter, cpng_search_runs, level: 9)
      if next.file.count < best.file.count { best = next }
    }
    let bestWithRuns = best.method.filter
    // Level 9 makes files a twentieth smaller than level 6. It takes little longer where there are hardly but runs, and
    // up to ten times as long elsewhere.
    let isMostlyRuns = best.file.count <= samples.count / 16
    let limit = isMostlyRuns ? Self.runSamplesAtHighestLevel : Self.samplesAtHighestLevel
    let level: Int32 = isWhole && samples.count <= limit ? 9 : 6
    for filter in Self.filters
    where samples.count <= Self.samplesTriedWithAll || filter == bestWithRuns || filter == cpng_filter_none
      || filter == cpng_filter_repeats
    {
      let next = try attempt(filter, cpng_search_all, level: level)
      if next.file.count < best.file.count { best = next }
    }
    return best
  }

  private func attempt(
    _ filter: cpng_filter, _ search: cpng_search, level: Int32
  ) throws(PNGError) -> (file: [UInt8], method: Method) {
    let method = Method(filter: filter, search: search, level: level)
    return (try encode(method), method)
  }

  /// A picture of some rows: four bands, evenly spread.
  private func sample() -> PNGEncoding {
    let pitch = samples.count / height
    let bandCount = 4
    let bandHeight = max(Self.sampleSize / (bandCount * pitch), 1)
    guard bandCount * bandHeight < height else { return self }
    var rows: [UInt8] = []
    rows.reserveCapacity(bandCount * bandHeight * pitch)
    for band in 0..<bandCount {
      // The first begins at the top, the last ends at the bottom.
      let top = band * (height - bandHeight) / (bandCount - 1)
      rows += samples[top * pitch..<(top + bandHeight) * pitch]
    }
    return PNGEncoding(width: width, height: bandCount * bandHeight, samples: rows, kind: kind)
  }

  private static let pixelsTriedWhole = 1 << 20
  private static let samplesTriedWithAll = 1 << 14
  private static let samplesAtHighestLevel = 1 << 18
  private static let runSamplesAtHighestLevel = 1 << 20
  private static let sampleSize = 1 << 20

  private func encode(_ method: Method) throws(PNGError) -> [UInt8] {
    guard let columns = UInt32(exactly: width), let rows = UInt32(exactly: height) else {
      throw .libpng(detail: "the picture has more columns or rows than a PNG can have")
    }
    var channelCount: Int32 = 1
    var colors: [UInt8] = []
    switch kind {
    case .gray: break
    case .rgb: channelCount = 3
    case .palette(let palette): colors = palette
    }
    var buffer = cpng_buffer()
    var diagnosis = cpng_diagnosis()
    let status = samples.withUnsafeBufferPointer { samples in
      colors.withUnsafeBufferPointer { colors in
        guard let pixels = samples.baseAddress else { return cpng_failed }
        var picture = cpng_picture(
          pixels: pixels, width: columns, height: rows, channel_count: channelCount,
          palette: colors.isEmpty ? nil : colors.baseAddress, color_count: Int32(colors.count / 3),
          filter: method.filter, search: method.search, compression_level: method.level)
        return cpng_encode(&picture, &buffer, &diagnosis)
      }
    }
    defer { cpng_release(&buffer) }
    switch status {
    case cpng_ok: return [UInt8](UnsafeBufferPointer(start: buffer.bytes, count: buffer.count))
    case cpng_out_of_memory: throw .outOfMemory
    default: throw .libpng(detail: diagnosis.text)
    }
  }
}

extension cpng_diagnosis {
  /// libpng's reason, and its last warning where there was one.
  var text: String {
    func string<Characters>(_ characters: Characters) -> String {
      withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    let reason = string(message)
    let remark = string(warning)
    return remark.isEmpty ? reason : "\(reason) (\(remark))"
  }
}
