import CKernels
import CNNTestSupport
import Testing

@testable import CNNEngine

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The accuracy that the kernels promise for sigmoid and tanh.
@Suite struct ExponentialTests {
  private func values(
    _ function: (Int, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void, _ inputs: [Float]
  )
    -> [Float]
  {
    [Float](unsafeUninitializedCapacity: inputs.count) { buffer, count in
      if let base = buffer.baseAddress { function(inputs.count, inputs, base) }
      count = inputs.count
    }
  }

  /// Floats of every exponent, both signs, and a fine grid where networks live.
  private var inputs: [Float] {
    let coarse = stride(from: UInt32(0), to: 0x7F80_0000, by: 40_009).map { Float(bitPattern: $0) }
    let fine = (0..<40_000).map { Float($0) * 0x1p-10 }
    return (coarse + fine).flatMap { [$0, -$0] }
  }

  @Test func sigmoidIsWithinThreeUnitsInTheLastPlace() {
    let inputs = inputs
    for kernels in KernelSet.available {
      let found = values({ kernels.table.pointee.sigmoid($0, $1, $2) }, inputs)
      for (x, y) in zip(inputs, found) {
        let expected = 1 / (1 + exp(-Double(x)))
        // Below the normal numbers the result may be zero.
        let unit = Double(Float(expected).ulp)
        let error = abs(Double(y) - expected)
        #expect(error <= (expected < 0x1p-126 ? 0x1p-126 : 3 * unit), "\(kernels.name): sigmoid(\(x)) = \(y)")
      }
    }
  }

  @Test func hyperbolicTangentIsWithinOneAndAHalf() {
    let inputs = inputs
    for kernels in KernelSet.available {
      let found = values({ kernels.table.pointee.tanh($0, $1, $2) }, inputs)
      for (x, y) in zip(inputs, found) {
        let expected = Glibc.tanh(Double(x))
        let unit = Double(Float(expected).ulp)
        let error = abs(Double(y) - expected)
        #expect(
          error <= (abs(expected) < 0x1p-126 ? 0x1p-126 : 1.5 * unit), "\(kernels.name): tanh(\(x)) = \(y)")
      }
    }
  }

  @Test func edgesAreExact() {
    let edges: [Float] = [0, -0.0, .infinity, -.infinity, .nan, 200, -200]
    for kernels in KernelSet.available {
      let sigmoid = values({ kernels.table.pointee.sigmoid($0, $1, $2) }, edges)
      #expect(sigmoid[..<4] == [0.5, 0.5, 1, 0])
      #expect(sigmoid[4].isNaN && sigmoid[5] == 1 && sigmoid[6] == 0)
      let tanh = values({ kernels.table.pointee.tanh($0, $1, $2) }, edges)
      #expect(tanh[..<4] == [0, 0, 1, -1] && tanh[1].sign == .minus)
      #expect(tanh[4].isNaN && tanh[5] == 1 && tanh[6] == -1)
    }
  }

  @Test func anElementHasTheSameBitsWhereverItStands() {
    let inputs = (0..<37).map { Float($0) * 0.21 - 4 }
    for kernels in KernelSet.available {
      let together = values({ kernels.table.pointee.tanh($0, $1, $2) }, inputs)
      let alone = inputs.flatMap { values({ kernels.table.pointee.tanh($0, $1, $2) }, [$0]) }
      #expect(together.map(\.bitPattern) == alone.map(\.bitPattern))
    }
  }
}
