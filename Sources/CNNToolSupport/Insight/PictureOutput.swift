public import CNNCodecs
import CNNFiles

/// Where pictures of a network go: one file, or a folder with a file for each layer.
public struct PictureOutput {
  private let path: String
  private let isFolder: Bool
  private let replacing: Bool
  private var taken: Set<String> = []

  /// A single picture's file; `-` is standard output.
  ///
  /// - Throws: `FileError` if it cannot be written, before long work.
  public init(file path: String, replacing: Bool) throws {
    try OutputFile.preflight(path: path, replacing: replacing)
    (self.path, isFolder, self.replacing) = (path, false, replacing)
  }

  /// A folder: one that is made for the first picture, or one that is there and empty, or that `replacing` allows to
  /// write into.
  ///
  /// - Throws: `ToolFailure` if it cannot be written into, before long work.
  public init(folder path: String, replacing: Bool) throws {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    try OutputFolder.preflight(path, replacing: replacing)
    (self.path, isFolder, self.replacing) = (path, true, replacing)
  }

  /// Writes a picture.
  ///
  /// - Parameter layer: the layer that it is of, by which it is called in a folder; a single file has its name already.
  /// - Returns: what to tell of it: `filters.png: 490x250 pixels`.
  /// - Throws: `FileError`, `ToolFailure` if the folder cannot be made, or `PNGError` if there is no memory.
  public mutating func write(_ picture: Picture, layer: String) throws -> String {
    let bytes = try PNG.encode(picture)
    // Only now, so that where nothing can be drawn no folder is left. The second picture finds one that isn't empty.
    if isFolder, taken.isEmpty { try OutputFolder.make(path, replacing: replacing) }
    let target = isFolder ? "\(path)/\(unused(OutputFolder.sanitized(layer, byteLimit: 200))).png" : path
    try OutputFile.write(to: target, replacing: replacing) { file in
      try bytes.withUnsafeBytes { try file.write($0) }
    }
    return "\(target): \(picture.width)x\(picture.height) pixels"
  }

  /// A name that no other layer's picture has, also where large and small letters are the same.
  private mutating func unused(_ name: String) -> String {
    var free = name
    var number = 1
    while !taken.insert(free.lowercased()).inserted {
      number += 1
      free = "\(name)-\(number)"
    }
    return free
  }
}
