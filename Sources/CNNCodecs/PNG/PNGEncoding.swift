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

  /// The smallest file among those of several filters.
  func smallest() throws(PNGError) -> [UInt8] {
    var best: [UInt8] = []
    for filter in [cpng_filter_none, cpng_filter_up, cpng_filter_repeats, cpng_filter_adaptive] {
      let file = try encode(filter, level: 9)
      if best.isEmpty || file.count < best.count { best = file }
    }
    return best
  }

  private func encode(_ filter: cpng_filter, level: Int32) throws(PNGError) -> [UInt8] {
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
          filter: filter, compression_level: level)
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
