#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An axis: which numbers it goes from and to, and where its ticks are.
struct AxisScale: Equatable {
  /// A number that is written at the axis, or has a line only if its label is empty.
  struct Tick: Equatable {
    var value: Double
    var label: String
  }

  /// The number at the axis' beginning.
  let least: Double
  /// The number at its end; greater than `least`.
  let greatest: Double
  /// The ticks, in order.
  let ticks: [Tick]
  /// Whether equal ratios, not equal differences, are equally far apart.
  let isLogarithmic: Bool

  /// The greatest magnitude that a chart draws. What is beyond is as good as infinite, and differences of what is
  /// within do not overflow.
  static let greatestMagnitude = 1e200

  /// Whether a number can be drawn: on a logarithmic axis only positive ones.
  static func canDraw(_ value: Double, isLogarithmic: Bool = false) -> Bool {
    value.magnitude <= greatestMagnitude && (!isLogarithmic || value >= 1 / greatestMagnitude)
  }

  /// Where a number is, from 0 at the beginning to 1 at the end; numbers outside are at the nearer end.
  func fraction(of value: Double) -> Double {
    let fraction =
      isLogarithmic
      ? (log10(value) - log10(least)) / (log10(greatest) - log10(least))
      : (value - least) / (greatest - least)
    return min(max(fraction, 0), 1)
  }

  /// An axis of equal steps.
  ///
  /// - Parameters:
  ///   - range: the numbers to show; nil where there are none, which gives 0...1. If all are equal, room is made around
  ///     them.
  ///   - count: about how many ticks there should be.
  ///   - extends: whether the axis begins and ends at ticks.
  ///   - hasWholeNumbers: whether only whole numbers may have a tick.
  ///   - isCompact: whether thousands and millions are `k` and `M`.
  init(
    linear range: ClosedRange<Double>?, count: Int, extends: Bool, hasWholeNumbers: Bool = false,
    isCompact: Bool = false
  ) {
    var (least, greatest) = Self.widened(range, hasWholeNumbers: hasWholeNumbers)
    let step = DecimalStep(
      atLeast: (greatest - least) / Double(max(count, 1)), leastExponent: hasWholeNumbers ? 0 : -300)
    // A tick that misses the end by rounding errors alone is at the end.
    let first = (least / step.value - 1e-6).rounded(.up)
    let last = (greatest / step.value + 1e-6).rounded(.down)
    var numbers = (Int(first), Int(last))
    if extends {
      numbers = (
        Int((least / step.value + 1e-6).rounded(.down)), Int((greatest / step.value - 1e-6).rounded(.up))
      )
      least = step.value(numbers.0)
      greatest = step.value(numbers.1)
    }
    self.least = least
    self.greatest = greatest
    isLogarithmic = false
    guard numbers.0 <= numbers.1 else {
      ticks = []
      return
    }
    ticks = (numbers.0...numbers.1).map {
      Tick(value: step.value($0), label: step.text($0, isCompact: isCompact))
    }
  }

  /// The range, or a wider one where it is empty or too narrow for ticks.
  private static func widened(_ range: ClosedRange<Double>?, hasWholeNumbers: Bool) -> (Double, Double) {
    guard let range else { return (0, 1) }
    let (least, greatest) = (range.lowerBound, range.upperBound)
    let magnitude = max(least.magnitude, greatest.magnitude)
    if greatest - least > max(magnitude * 1e-9, 1e-200) { return (least, greatest) }
    if hasWholeNumbers, magnitude < 1e12 { return (least - 0.5, greatest + 0.5) }
    if magnitude < 1e-200 { return (0, 1) }
    return (least - magnitude * 0.1, greatest + magnitude * 0.1)
  }

  /// An axis of equal ratios from 1, 2 or 5 times a power of ten to another.
  ///
  /// - Parameters:
  ///   - range: the positive numbers to show; nil where there are none, which gives 0.1...1.
  ///   - count: how many ticks there may be.
  init(logarithmic range: ClosedRange<Double>?, count: Int) {
    let range = range ?? 0.1...1
    var first = LogarithmicTick(atMost: range.lowerBound)
    var last = LogarithmicTick(atMost: range.upperBound)
    if last.value < range.upperBound * (1 - 1e-9) || first == last { last = last.next }
    if last.number - first.number == 1, range.lowerBound == range.upperBound { first = first.previous }
    least = first.value
    greatest = last.value
    isLogarithmic = true
    let all = (first.number...last.number).map { LogarithmicTick(number: $0) }
    if all.count <= count {
      ticks = all.map { Tick(value: $0.value, label: $0.label) }
    } else {
      let powers = all.filter { $0.number % 3 == 0 }
      let stride = max(1, (powers.count + count - 1) / max(count, 1))
      // Lines without numbers show that the axis is logarithmic, as long as there is room for them.
      let hasMinorLines = stride == 1 && all.count <= 2 * count + 4
      ticks = (hasMinorLines ? all : powers.filter { ($0.number / 3) % stride == 0 }).map {
        Tick(value: $0.value, label: $0.number % 3 == 0 ? $0.label : "")
      }
    }
  }
}

/// The steps 1, 2 and 5 times a power of ten, which make ticks that are easily read.
struct DecimalStep: Equatable {
  let digit: Int
  let exponent: Int

  /// The least step that is not less than `size`.
  init(atLeast size: Double, leastExponent: Int) {
    var exponent = max(Int(log10(max(size, 1e-300)).rounded(.down)), leastExponent)
    var digit = 10
    let scaled = size / Self.power(exponent)
    // A size such as 0.2 may come out as 2.0000000000000004 powers of ten.
    for candidate in [5, 2, 1] where Double(candidate) >= scaled * (1 - 1e-9) { digit = candidate }
    if digit == 10 {
      digit = 1
      exponent += 1
    }
    self.digit = digit
    self.exponent = exponent
  }

  var value: Double { value(1) }

  /// So many steps.
  func value(_ count: Int) -> Double {
    exponent < 0
      ? Double(count * digit) / Self.power(-exponent) : Double(count * digit) * Self.power(exponent)
  }

  /// So many steps in digits, as exact as a tick is.
  func text(_ count: Int, isCompact: Bool = false) -> String {
    let units = count * digit
    if units == 0 { return "0" }
    let sign = units < 0 ? "-" : ""
    var digits = String(units.magnitude)
    if (-6..<0).contains(exponent) {
      digits = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + digits
      return sign + digits.dropLast(-exponent) + "." + digits.suffix(-exponent)
    }
    if exponent >= 0, digits.count + exponent <= (isCompact ? 12 : 6) {
      let whole = units * Int(Self.power(exponent))
      return isCompact ? Self.compact(whole) : sign + Self.grouped(String(whole.magnitude))
    }
    let power = exponent + digits.count - 1
    while digits.count > 1, digits.hasSuffix("0") { digits.removeLast() }
    if digits.count > 1 { digits.insert(".", at: digits.index(after: digits.startIndex)) }
    return "\(sign)\(digits)e\(power)"
  }

  private static func grouped(_ digits: String) -> String {
    digits.count < 5 ? digits : "\(digits.dropLast(3)),\(digits.suffix(3))"
  }

  private static func compact(_ whole: Int) -> String {
    for (unit, name) in [(1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")]
    where whole.magnitude >= unit && whole % (unit / 100) == 0 {
      let hundredths = whole.magnitude / UInt(unit / 100)
      return (whole < 0 ? "-" : "") + SVGWriter.number(Double(hundredths) / 100) + name
    }
    return String(whole)
  }

  /// A power of ten, to the last bit.
  static func power(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? 0 }
}

/// A tick of a logarithmic axis: number 0 is 1, number 1 is 2, number 2 is 5, number 3 is 10.
struct LogarithmicTick: Equatable {
  let number: Int

  init(number: Int) { self.number = number }

  /// The greatest tick that is not greater than a positive number.
  init(atMost value: Double) {
    let exponent = Int(log10(value).rounded(.down))
    var number = exponent * 3 - 1
    while Self(number: number + 1).value <= value * (1 + 1e-9) { number += 1 }
    self.number = number
  }

  private var exponent: Int { Int((Double(number) / 3).rounded(.down)) }
  private var digit: Int { [1, 2, 5][number - exponent * 3] }

  var value: Double {
    exponent < 0 ? Double(digit) / DecimalStep.power(-exponent) : Double(digit) * DecimalStep.power(exponent)
  }
  var next: Self { Self(number: number + 1) }
  var previous: Self { Self(number: number - 1) }

  var label: String {
    if (-3..<0).contains(exponent) {
      return "0." + String(repeating: "0", count: -exponent - 1) + String(digit)
    }
    if (0...3).contains(exponent) { return String(digit) + String(repeating: "0", count: exponent) }
    return "\(digit)e\(exponent)"
  }
}
