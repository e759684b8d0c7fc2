import CNNCodecs
import CNNFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A folder of what the network saw, a PNG for each digit, named after the picture.
///
/// `a/7.png` becomes `7.png`; a second `7.png`, of another folder, `7-2.png`. The digits of a line have their place
/// behind the name: `7.digit-1.png`.
public final class NormalizedPictures {
  private let folder: String
  private let replaces: Bool
  private var taken: Set<String> = []

  /// Opens a folder, and makes it if there is none.
  ///
  /// - Throws: `ToolFailure` if it cannot be made.
  public init(_ folder: String, replaces: Bool) throws(ToolFailure) {
    guard PictureFolder.isFolder(folder) || mkdir(folder, 0o777) == 0 else {
      throw ToolFailure(path: folder, "the folder cannot be made", status: .cannotCreate)
    }
    self.folder = folder
    self.replaces = replaces
  }

  /// Writes the digits of one picture.
  ///
  /// - Throws: `FileError` or `PNGError`.
  public func save(_ digits: [GrayImage], name: String) throws {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    var stem = last == "-" ? "stdin" : last
    if stem.utf8.count > 4, stem.lowercased().hasSuffix(".png") { stem = String(stem.dropLast(4)) }
    let free = unused(stem)
    for (index, digit) in digits.enumerated() {
      let file = digits.count == 1 ? "\(free).png" : "\(free).digit-\(index + 1).png"
      let bytes = try PNG.encode(digit)
      try OutputFile.write(to: "\(folder)/\(file)", replacing: replaces) { try $0.write(bytes) }
    }
  }

  private func unused(_ stem: String) -> String {
    var name = stem
    var number = 1
    while !taken.insert(name).inserted {
      number += 1
      name = "\(stem)-\(number)"
    }
    return name
  }
}
