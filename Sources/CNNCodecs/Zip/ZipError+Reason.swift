extension ZipError {
  /// What is wrong, as a sentence for people.
  public var reason: String {
    switch self {
    case .endsEarly(let error):
      error.reason
    case .notZip:
      "this is no zip archive: it begins neither with an entry nor with the end of an empty archive"
    case .missingEnd:
      "the zip archive is cut off: its directory, which stands at the end, is not there"
    case .endNotLast(let declared, let found, _):
      "the zip archive's end has a comment of \(declared) bytes, and \(found) bytes follow"
    case .missingRecord(let what, _):
      "\(what) of the zip archive is due here, and other bytes are found"
    case .splitArchive:
      "the zip archive is a part of several; join them first"
    case .inconsistentDirectory(let what, let declared, let found, _):
      "the zip archive's directory contradicts itself: \(what) is \(declared), and \(found) was found"
    case .tooManyEntries(let count, let limit, _):
      "the zip archive has \(count) entries; at most \(limit) are read"
    case .malformedExtra(let problem, _):
      "an extra field of the zip archive has \(problem)"
    case .badName(let problem, _):
      "a name in the zip archive \(problem)"
    case .duplicateName(let name, _):
      "the zip archive has two entries \(name.quotedForMessage)"
    case .encrypted(let name, _):
      "\(name.quotedForMessage) in the zip archive is encrypted"
    case .unknownFlags(let flags, let name, _):
      "\(name.quotedForMessage) in the zip archive has the flags 0x\(String(flags, radix: 16)), "
        + "not all of which are understood"
    case .unknownMethod(let method, let name, _):
      "\(name.quotedForMessage) in the zip archive is compressed by method \(method)"
        + (Self.methodNames[method].map { " (\($0))" } ?? "") + "; stored and deflated entries are read"
    case .localDisagrees(let field, let name, _):
      "\(name.quotedForMessage) in the zip archive has another \(field) than the directory says"
    case .overlap(let name, _):
      "another entry of the zip archive begins inside \(name.quotedForMessage)"
    case .unclaimedBytes(let count, _):
      "\(count) bytes in the zip archive belong to no entry"
    case .impossibleSize(let size, let compressedSize, let name, _):
      "\(name.quotedForMessage) in the zip archive cannot have \(size) bytes in \(compressedSize)"
    case .expandsTooMuch(let limit, _):
      "the zip archive expands to more than \(limit) bytes, the most that is read"
    case .tooLarge(let name, let size, let limit, _):
      "\(name.quotedForMessage) in the zip archive has \(size) bytes; at most \(limit) are read"
    case .corruptData(let name, let detail, _):
      "the compressed data of \(name.quotedForMessage) are damaged: \(detail)"
    case .truncatedData(let name, _):
      "the compressed data of \(name.quotedForMessage) are cut off"
    case .trailingData(let name, let count, _):
      "\(count) bytes follow the compressed data of \(name.quotedForMessage)"
    case .length(let name, let declared, let found, _):
      found > declared
        ? "\(name.quotedForMessage) in the zip archive has more than the \(declared) bytes that are declared"
        : "\(name.quotedForMessage) in the zip archive has \(found) bytes, and \(declared) are declared"
    case .checksum(let name, let declared, let computed, _):
      "\(name.quotedForMessage) in the zip archive is damaged: its CRC-32 is "
        + "\(computed.eightHexadecimalDigits), and \(declared.eightHexadecimalDigits) is declared"
    case .outOfMemory:
      "there is not enough memory to decompress"
    case .unwritableName(let name, let problem):
      "\(name.quotedForMessage) cannot be a name in a zip archive: it \(problem)"
    }
  }

  private static let methodNames: [UInt16: String] = [
    1: "shrink", 2: "reduce", 3: "reduce", 4: "reduce", 5: "reduce", 6: "implode", 9: "deflate64",
    12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES encryption",
  ]
}
