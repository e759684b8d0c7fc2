import CNNCodecs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How far a digit leans, by its second moments: the line of the rows' centres of mass.
struct Slant {
  /// Columns to the left for each row downwards (a digit that leans to the right has more than 0).
  let shear: Double

  /// The slant as an angle from the upright, positive to the right.
  var degrees: Double { atan(shear) * 180 / .pi }

  /// More than 45 degrees is no slant but a digit that lies.
  private static let steepest = 1.0

  /// Measures the ink in `box`.
  init(of ink: [UInt8], width: Int, box: PixelRectangle) {
    var (mass, sumX, sumY, sumXY, sumYY) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for y in box.y..<box.bottom {
      for x in box.x..<box.right {
        let value = Double(ink[y * width + x])
        let (column, row) = (Double(x - box.x), Double(y - box.y))
        mass += value
        sumX += value * column
        sumY += value * row
        sumXY += value * column * row
        sumYY += value * row * row
      }
    }
    let covariance = sumXY - sumX * sumY / max(mass, 1)
    let variance = sumYY - sumY * sumY / max(mass, 1)
    shear = variance > 0 ? min(max(-covariance / variance, -Self.steepest), Self.steepest) : 0
  }

  /// The ink in `box`, each row moved so that the digit stands upright, and its new box.
  func removed(from ink: [UInt8], width: Int, box: PixelRectangle) -> (
    [UInt8], width: Int, box: PixelRectangle
  ) {
    let margin = Int((abs(shear) * Double(box.height) / 2).rounded(.up)) + 1
    let newWidth = box.width + 2 * margin
    var result = [UInt8](repeating: 0, count: newWidth * box.height)
    var (left, right, top, bottom) = (newWidth, 0, box.height, 0)
    let strongest = ink.max() ?? 0
    for y in 0..<box.height {
      let shift = shear * (Double(y) + 0.5 - Double(box.height) / 2) + Double(margin)
      let whole = Int(shift.rounded(.down))
      let part = shift - Double(whole)
      let row = (box.y + y) * width
      for x in 0..<newWidth {
        let source = x - whole
        func value(_ column: Int) -> Double {
          (0..<box.width).contains(column) ? Double(ink[row + box.x + column]) : 0
        }
        let moved = UInt8((value(source) * (1 - part) + value(source - 1) * part).rounded())
        result[y * newWidth + x] = moved
        if moved > strongest / 12 {
          left = min(left, x)
          right = max(right, x + 1)
          top = min(top, y)
          bottom = y + 1
        }
      }
    }
    guard left < right else { return (ink, width, box) }
    return (result, newWidth, PixelRectangle(x: left, y: top, width: right - left, height: bottom - top))
  }
}
