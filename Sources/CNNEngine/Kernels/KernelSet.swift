import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The inner loops for one instruction set.
///
/// Results are the same to the last bit for everything that is computed with one set; between sets they differ
/// by rounding.
public struct KernelSet: @unchecked Sendable {
  // The table is immutable C data with static lifetime.
  let table: UnsafePointer<cnn_kernels>

  /// The name of the instruction set: `portable`, `avx2` or `avx512`.
  public var name: String { String(cString: table.pointee.name) }

  /// The baseline of the target, which runs everywhere.
  public static let portable = KernelSet(table: cnn_kernels_portable())

  /// All sets that this processor can run, the portable one first.
  public static let available: [KernelSet] =
    [portable] + [cnn_kernels_avx2(), cnn_kernels_avx512()].compactMap { $0.map { KernelSet(table: $0) } }

  /// The environment variable that chooses a set by name, for tests and for chasing differences.
  public static let environmentVariable = "CNN_KERNELS"

  /// The widest set that this processor can run, unless the environment asks for another one by name.
  ///
  /// A name that is unknown or cannot be run here is ignored.
  public static let best: KernelSet = {
    if let value = getenv(environmentVariable) {
      let name = String(cString: value)
      if let chosen = available.first(where: { $0.name == name }) { return chosen }
    }
    return available[available.count - 1]
  }()
}
