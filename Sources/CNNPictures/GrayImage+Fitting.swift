import CNNCodecs

extension GrayImage {
  /// Every pixel's complement: ink bright on dark becomes ink dark on bright, and back.
  public func inverted() -> GrayImage {
    GrayImage(width: width, height: height, pixels: pixels.map { 255 - $0 })
  }

  /// The mean of the outermost rows and columns: what the paper looks like.
  public var borderMean: Double {
    var sum = 0
    var count = 0
    for y in 0..<height {
      let step = y == 0 || y == height - 1 ? 1 : max(width - 1, 1)
      for x in stride(from: 0, to: width, by: step) {
        sum += Int(pixels[y * width + x])
        count += 1
      }
    }
    return count == 0 ? 0 : Double(sum) / Double(count)
  }

  /// The picture at another size, each new pixel the mean of the area that it covers.
  ///
  /// *Edge cases*: enlarging repeats pixels, blending where the areas cut across them; an empty picture stays
  /// as it is.
  ///
  /// - Precondition: both sizes are positive.
  public func resampled(width newWidth: Int, height newHeight: Int) -> GrayImage {
    precondition(newWidth > 0 && newHeight > 0, "a picture of \(newWidth)x\(newHeight) pixels")
    guard width > 0, height > 0, newWidth != width || newHeight != height else { return self }
    let columns = AreaSpan.spans(from: width, to: newWidth)
    let rows = AreaSpan.spans(from: height, to: newHeight)
    // First along the rows, then along the columns.
    var narrowed = [Double](repeating: 0, count: height * newWidth)
    for y in 0..<height {
      for (x, span) in columns.enumerated() {
        narrowed[y * newWidth + x] = span.mean { Double(pixels[y * width + $0]) }
      }
    }
    var result = [UInt8](repeating: 0, count: newWidth * newHeight)
    for (y, span) in rows.enumerated() {
      for x in 0..<newWidth {
        let value = span.mean { narrowed[$0 * newWidth + x] }
        result[y * newWidth + x] = UInt8(min(max(value.rounded(), 0), 255))
      }
    }
    return GrayImage(width: newWidth, height: newHeight, pixels: result)
  }

  /// The picture scaled to fit into `width` x `height` with its proportions kept, in the middle of `background`.
  ///
  /// A picture that has the size already is returned as it is.
  ///
  /// - Precondition: both sizes are positive.
  public func fitted(width targetWidth: Int, height targetHeight: Int, background: UInt8) -> GrayImage {
    guard width != targetWidth || height != targetHeight else { return self }
    var canvas = [UInt8](repeating: background, count: targetWidth * targetHeight)
    guard width > 0, height > 0 else {
      return GrayImage(width: targetWidth, height: targetHeight, pixels: canvas)
    }
    let scale = min(Double(targetWidth) / Double(width), Double(targetHeight) / Double(height))
    let scaled = resampled(
      width: min(max(Int((Double(width) * scale).rounded()), 1), targetWidth),
      height: min(max(Int((Double(height) * scale).rounded()), 1), targetHeight))
    let left = (targetWidth - scaled.width) / 2
    let top = (targetHeight - scaled.height) / 2
    for y in 0..<scaled.height {
      for x in 0..<scaled.width {
        canvas[(top + y) * targetWidth + left + x] = scaled.pixels[y * scaled.width + x]
      }
    }
    return GrayImage(width: targetWidth, height: targetHeight, pixels: canvas)
  }
}

/// The source pixels that a target pixel covers along one axis, the first and the last of them in part.
private struct AreaSpan {
  let first: Int
  let weights: [Double]

  static func spans(from source: Int, to target: Int) -> [AreaSpan] {
    let ratio = Double(source) / Double(target)
    return (0..<target).map { index in
      let start = Double(index) * ratio
      let end = min(Double(index + 1) * ratio, Double(source))
      let first = min(Int(start), source - 1)
      let last = min(max(Int(end.rounded(.up)), first + 1), source)
      let weights = (first..<last).map { max(0, min(end, Double($0 + 1)) - max(start, Double($0))) }
      return AreaSpan(first: first, weights: weights)
    }
  }

  func mean(_ value: (Int) -> Double) -> Double {
    var sum = 0.0
    var total = 0.0
    for (index, weight) in weights.enumerated() {
      sum += weight * value(first + index)
      total += weight
    }
    return total > 0 ? sum / total : value(first)
  }
}
