import CNNCodecs
import CNNInterchange
import CNNModelFile

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension FuzzTarget {
  /// Any file from end to end, as `mnist-convert` takes it: recognised, read, converted, written as a native file, read
  /// again.
  static let load = FuzzTarget("load") { bytes in
    let file = fuzz_memory_file(bytes, bytes.count)
    require(file >= 0, "no file in memory can be had")
    defer { close(file) }
    let input = try LoadedInput(path: "/proc/self/fd/\(file)", limit: 1 << 26)
    _ = input.contentName
    _ = input.arraySummaries
    let converted: ModelFile
    if case .modelFile(let model) = input.content {
      converted = model
    } else {
      converted = try Conversion([input], options: Conversion.Options(), tool: "fuzz", version: "1").file
    }
    let written = try ModelFileWriter.encode(converted)
    require(written.count <= 64 * bytes.count + 1 << 28, "\(bytes.count) bytes became \(written.count)")
    require(
      try ModelFileReader.read(from: PieceSource(written, size: 1 << 12)) == converted.sorted,
      "what was converted is read as something else")
  }
}

extension ModelFile {
  /// The same file with its tensors in the order in which they are written.
  fileprivate var sorted: ModelFile {
    ModelFile(
      manifest: manifest,
      tensors: tensors.sorted { a, b in
        let (size, otherSize) = (a.elementType.byteCount, b.elementType.byteCount)
        return size != otherSize ? size > otherSize : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
      })
  }
}
