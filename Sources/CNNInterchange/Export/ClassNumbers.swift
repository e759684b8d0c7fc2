import CNNCodecs

/// The numbers that stand for classes where a format has no place for their names.
///
/// A class is a number from 0 on in a native file. Where all classes are called by numbers of their own (folders `5`,
/// `6` and `7`), these are written: a seven stays a seven.
struct ClassNumbers {
  private let names: [String]
  /// The number that each class is called by; nil where some have other names, or all have their own number anyway.
  let numbers: [Int64]?

  init(_ names: [String]) {
    self.names = names
    let parsed = names.compactMap { name in
      Int64(name).flatMap { $0 >= 0 && $0 <= Int32.max && String($0) == name ? $0 : nil }
    }
    let isUsable =
      parsed.count == names.count && Set(parsed).count == names.count
      && parsed != (0..<Int64(names.count)).map { $0 }
    numbers = isUsable && !names.isEmpty ? parsed : nil
  }

  /// The most classes that a note names.
  private static let greatestNamedCount = 16

  /// Which number stands for which class, if that is not what everybody expects.
  var note: String? {
    if numbers != nil { return "labels are the numbers that the classes are called by" }
    guard names != names.indices.map(String.init) else { return nil }
    let shown = names.prefix(Self.greatestNamedCount).enumerated().map { "\($0) is \($1.quotedForMessage)" }
    let more = names.count > shown.count ? " and so on" : ""
    return names.isEmpty ? nil : "label \(shown.joined(separator: ", "))\(more)"
  }

  /// The same pictures with these numbers for labels.
  func applied(to split: LabelledArrays) -> LabelledArrays {
    guard let numbers, let labels = split.labels, let classes = labels.integers() else { return split }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(classes.count)
    let isSmall = numbers.allSatisfy { $0 <= 255 }
    for index in classes {
      // A label without a name stays what it is.
      let number = numbers.indices.contains(Int(index)) ? numbers[Int(index)] : index
      if isSmall, let byte = UInt8(exactly: number) {
        bytes.append(byte)
      } else {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    guard
      let renumbered = NumericArray(
        elementType: isSmall ? .uint8 : .int64, shape: [classes.count], storage: bytes, range: 0..<bytes.count
      )
    else { return split }
    var result = LabelledArrays(
      split: split.split, images: split.images, imagesName: split.imagesName, labels: renumbered,
      labelsName: split.labelsName, divisor: split.divisor)
    result.notes = split.notes
    return result
  }
}
