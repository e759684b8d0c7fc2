import CNNCodecs
import CNNFiles
import CNNInterchange

extension Export {
  /// Finds out whether an export can be written, before long work, and leaves nothing behind.
  ///
  /// - Throws: `FileError` or `ToolFailure`, as `write(to:replacing:)` does for a path that cannot be written.
  public static func preflight(path: String, isFolder: Bool, replacing: Bool) throws {
    if isFolder {
      try OutputFolder.preflight(path, replacing: replacing)
    } else {
      try OutputFile.preflight(path: path, replacing: replacing)
    }
  }

  /// Writes the file, or the folder with its files, each of which appears whole or not at all.
  ///
  /// - Parameter replacing: whether an existing file may be replaced, or a folder may hold something already; there
  ///   files of the same names are replaced and others stay.
  /// - Throws: `FileError`, `ToolFailure` for a folder, a codec's error for what the format cannot hold.
  public func write(to path: String, replacing: Bool) throws {
    guard isFolder else {
      for file in files {
        try OutputFile.write(to: path, replacing: replacing) { try file.write(to: $0) }
      }
      return
    }
    try OutputFolder.make(path, replacing: replacing)
    var made: Set<String> = []
    for file in files {
      var folder = path
      for name in file.name.utf8.split(separator: UInt8(ascii: "/")).dropLast() {
        folder = PictureFolder.join(folder, String(Substring(name)))
        if made.insert(folder).inserted { try OutputFolder.make(folder, replacing: true) }
      }
      let output = PictureFolder.join(path, file.name)
      try OutputFile.write(to: output, replacing: replacing) { try file.write(to: $0) }
    }
  }

  /// What was written where there are several files, what the format has no place for, and what else there is to know.
  public var summary: String {
    var text = ""
    if isFolder {
      let greatestListing = 8
      text +=
        files.count <= greatestListing
        ? "files: \(files.map(\.name).joined(separator: ", "))\n" : "files: \(files.count)\n"
    }
    if !lost.isEmpty {
      text += "left out, as \(format.name) has no place for it: \(lost.map(\.name).joined(separator: ", "))\n"
    }
    for note in notes { text += "note: \(note)\n" }
    return text
  }

  /// The members that describe the export in a JSON object.
  public var jsonMembers: [JSONValue.Member] {
    [
      .init("format", .string(format.rawValue)), .init("files", .number(Double(files.count))),
      .init("left_out", .array(lost.map { .string($0.rawValue) })),
      .init("notes", .array(notes.map { .string($0) })),
    ]
  }
}

extension RoundedFile {
  /// What the numbers lost, as a line.
  public var summary: String {
    guard error != RoundingError() else { return "\(elementType.name): no number changed\n" }
    var text =
      "\(elementType.name): numbers changed by at most \(NumberFormat.short(error.largest)), and by at most "
      + "\(NumberFormat.short(error.largestRelative)) of themselves"
    if error.vanishedCount > 0 {
      let count = error.vanishedCount
      text += "; \(count) too small for it became 0"
    }
    return text + "\n"
  }

  /// The members that describe the rounding in a JSON object.
  public var jsonMembers: [JSONValue.Member] {
    [
      .init("dtype", .string(elementType.name)), .init("largest_rounding_error", .number(error.largest)),
      .init("largest_relative_rounding_error", .number(error.largestRelative)),
      .init("rounded_to_zero", .number(Double(error.vanishedCount))),
    ]
  }
}
