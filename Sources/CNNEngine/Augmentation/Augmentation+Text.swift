import CNNCodecs

/// Text that describes no augmentation.
public enum AugmentationTextError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A word that is neither a preset's name nor a part with its value.
  case unknown(String)
  /// There is no part of this name.
  case unknownPart(String)
  /// A preset's name is not the first in the list.
  case presetNotFirst(String)
  /// A part stands in the list twice.
  case repeated(String)
  /// A part's value is no number, or no two numbers where there should be two.
  case notANumber(part: String, value: String)
  /// A part's value is beyond what it may be.
  case outOfRange(part: String, value: String, allowed: String)

  /// One sentence that says what is understood.
  public var description: String {
    let parts = AugmentationPart.allCases.map(\.example).joined(separator: ",")
    switch self {
    case .unknown(let text):
      return "there is no augmentation \(text.quotedForMessage); give none, light, digits, or any of \(parts)"
    case .unknownPart(let name):
      return "augmentation has no part \(name.quotedForMessage); its parts, with examples, are \(parts)"
    case .presetNotFirst(let name):
      return "\(name) sets every part of an augmentation, so it has to come first"
    case .repeated(let name):
      return "\(name) is given twice"
    case .notANumber(let part, let value):
      let wanted = part == AugmentationPart.elastic.rawValue ? "two numbers, strength:smoothness" : "a number"
      let example = AugmentationPart(rawValue: part)?.example ?? ""
      return "\(part) takes \(wanted), as in \(example), not \(value.quotedForMessage)"
    case .outOfRange(let part, let value, let allowed):
      return "\(part) is \(value), and may be \(allowed)"
    }
  }
}

/// The parts as they are called in text, in the order in which they are printed.
private enum AugmentationPart: String, CaseIterable {
  case shift, rotate, scale, shear, elastic, thickness, erase

  var example: String {
    switch self {
    case .shift: "shift=2"
    case .rotate: "rotate=10"
    case .scale: "scale=0.1"
    case .shear: "shear=5"
    case .elastic: "elastic=34:4"
    case .thickness: "thickness=0.5"
    case .erase: "erase=0.1"
    }
  }
}

extension Augmentation: CustomStringConvertible {
  /// The presets with their names.
  public static let presets: [(name: String, augmentation: Augmentation)] = [
    ("none", .none), ("light", .light), ("digits", .digits),
  ]

  /// The augmentation that a text describes: the name of a preset, or parts with their values after a comma each,
  /// or a preset and then the parts in which it is changed.
  ///
  ///     light
  ///     shift=2,rotate=10,scale=0.1,shear=5,elastic=34:4,thickness=0.5,erase=0.1
  ///     digits,erase=0
  ///
  /// The parts are those that `init(shift:rotation:scale:shear:...)` takes; `elastic` is strength and smoothness.
  /// What is not named is off.
  ///
  /// - Throws: `AugmentationTextError` for anything else.
  public init(parsing text: String) throws(AugmentationTextError) {
    var values: [AugmentationPart: [Float]] = [:]
    var base = Augmentation.none
    for (index, item) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
      let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { String($0).trimmed }
      if sides.count == 1 {
        guard let preset = Self.presets.first(where: { $0.name == sides[0] }) else {
          throw AugmentationPart(rawValue: sides[0]) == nil
            ? .unknown(sides[0]) : .notANumber(part: sides[0], value: "")
        }
        guard index == 0 else { throw .presetNotFirst(preset.name) }
        base = preset.augmentation
        continue
      }
      guard let part = AugmentationPart(rawValue: sides[0]) else { throw .unknownPart(sides[0]) }
      guard values[part] == nil else { throw .repeated(part.rawValue) }
      values[part] = try Self.numbers(part, sides[1])
    }
    func value(_ part: AugmentationPart, _ index: Int, else standard: Float) -> Float {
      values[part]?[index] ?? standard
    }
    self.init(
      shift: value(.shift, 0, else: base.shift),
      rotation: value(.rotate, 0, else: base.rotation),
      scale: value(.scale, 0, else: base.scale),
      shear: value(.shear, 0, else: base.shear),
      elasticStrength: value(.elastic, 0, else: base.elasticStrength),
      elasticSmoothness: value(.elastic, 1, else: base.elasticSmoothness),
      thickness: value(.thickness, 0, else: base.thickness),
      erasing: value(.erase, 0, else: base.erasing))
  }

  /// The numbers of a part: one, or strength and smoothness of `elastic`, whose smoothness may be left out when
  /// the strength is 0.
  private static func numbers(
    _ part: AugmentationPart, _ text: String
  ) throws(AugmentationTextError) -> [Float] {
    var limits = [limit(part)]
    var texts = [text]
    if part == .elastic {
      limits.append(Limit.elasticSmoothness)
      texts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      if texts.count == 1, Float(texts[0]) == 0 { return [0, Augmentation.none.elasticSmoothness] }
    }
    var numbers: [Float] = []
    for text in texts {
      // The standard library stops at a zero byte and takes what stands before it.
      guard !text.utf8.contains(0), let number = Float(text), number.isFinite, texts.count == limits.count
      else {
        throw .notANumber(part: part.rawValue, value: texts.joined(separator: ":"))
      }
      numbers.append(number)
    }
    for (number, limit) in zip(numbers, limits) where !limit.contains(number) {
      let ranges = limits.map { "\($0.lowerBound.brief) to \($0.upperBound.brief)" }
      let allowed = part == .elastic ? "\(ranges[0]) in strength and \(ranges[1]) in smoothness" : ranges[0]
      throw .outOfRange(part: part.rawValue, value: text, allowed: allowed)
    }
    return numbers
  }

  private static func limit(_ part: AugmentationPart) -> ClosedRange<Float> {
    switch part {
    case .shift: Limit.shift
    case .rotate: Limit.rotation
    case .scale: Limit.scale
    case .shear: Limit.shear
    case .elastic: Limit.elasticStrength
    case .thickness: Limit.thickness
    case .erase: Limit.erasing
    }
  }

  /// A preset's name if this is one, or else what `parts` says. `init(parsing:)` takes it back.
  public var description: String {
    Self.presets.first { $0.augmentation == self }?.name ?? parts
  }

  /// The parts that are on with their values, `none` if there are none. `init(parsing:)` takes it back, and it stays
  /// true should a preset's strengths be changed one day.
  public var parts: String {
    let parts = AugmentationPart.allCases.compactMap { part -> String? in
      let (value, second): (Float, Float?) =
        switch part {
        case .shift: (shift, nil)
        case .rotate: (rotation, nil)
        case .scale: (scale, nil)
        case .shear: (shear, nil)
        case .elastic: (elasticStrength, elasticSmoothness)
        case .thickness: (thickness, nil)
        case .erase: (erasing, nil)
        }
      return value == 0 ? nil : "\(part.rawValue)=\(value.brief)\(second.map { ":\($0.brief)" } ?? "")"
    }
    return parts.isEmpty ? "none" : parts.joined(separator: ",")
  }
}

extension Float {
  /// The shortest text that is read back as this number, without a fraction of zero.
  fileprivate var brief: String {
    let text = description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

extension String {
  /// The text without spaces around it.
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
