import CNNCodecs
import CNNFiles

/// A folder of what the network saw, a PNG for each digit, named after the picture.
///
/// `a/7.png` becomes `7.png`; a second `7.png`, of another folder, `7-2.png`. The digits of a line have their place
/// behind the name: `7.digit-1.png`.
public final class NormalizedPictures {
  private let folder: String
  private let replaces: Bool
  private var taken: Set<String> = []

  /// Makes the folder, or takes one that is there.
  ///
  /// - Parameter replaces: whether the folder may hold something already, and files of the same name are replaced.
  /// - Throws: `ToolFailure` if the folder cannot be made or is not empty.
  public init(_ folder: String, replaces: Bool) throws(ToolFailure) {
    try OutputFolder.make(folder, replacing: replaces)
    self.folder = folder
    self.replaces = replaces
  }

  /// Writes the digits of one picture.
  ///
  /// - Throws: `FileError` or `PNGError`.
  public func save(_ digits: [GrayImage], name: String) throws {
    let last = InputFile.baseName(of: name)
    var stem = last == "-" ? "stdin" : last
    if stem.utf8.count > 4, stem.lowercased().hasSuffix(".png") { stem = String(stem.dropLast(4)) }
    let names = unused(OutputFolder.sanitized(stem, byteLimit: 200), digits: digits.count)
    for (digit, name) in zip(digits, names) {
      let bytes = try PNG.encode(digit)
      try OutputFile.write(to: "\(folder)/\(name).png", replacing: replaces) { try $0.write(bytes) }
    }
  }

  /// Names for the digits of a picture that no other has.
  private func unused(_ stem: String, digits: Int) -> [String] {
    var free = stem
    var number = 1
    while true {
      let names = digits == 1 ? [free] : (1...max(digits, 1)).map { "\(free).digit-\($0)" }
      if taken.isDisjoint(with: names) {
        taken.formUnion(names)
        return names
      }
      number += 1
      free = "\(stem)-\(number)"
    }
  }
}
