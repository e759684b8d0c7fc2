#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The target of this process: the one that the environment's `FUZZ_TARGET` names.
private let target: FuzzTarget = {
  let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
    let names = FuzzTarget.all.map(\.name).joined(separator: " ")
    fail("there is no target '\(name)'; FUZZ_TARGET may be one of \(names)")
  }
  return target
}()

/// What libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
  do {
    try target.read(bytes)
  } catch {
    examine(error, inputCount: count)
  }
  return 0
}
