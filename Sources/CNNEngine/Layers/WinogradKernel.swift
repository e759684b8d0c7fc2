/// What Winograd's F(2 x 2, 3 x 3) makes of a kernel: G g G^T, 4 x 4 numbers of 3 x 3.
enum WinogradKernel {
  /// The numbers of a transformed kernel, as many as a tile of the input has.
  static let places = 16

  /// Transforms kernels, [pairs, 3, 3] to [16, pairs]; in `Double`, rounded once, the same on every machine.
  static func transform(_ weight: [Float], pairs: Int, to transformed: UnsafeMutablePointer<Float>) {
    weight.withUnsafeBufferPointer { weight in
      for pair in 0..<pairs {
        func row(_ number: Int) -> SIMD3<Double> {
          let at = pair * 9 + number * 3
          return SIMD3(Double(weight[at]), Double(weight[at + 1]), Double(weight[at + 2]))
        }
        // G g by rows, then each of them by G^T.
        let (first, second, third) = (row(0), row(1), row(2))
        let outer = first + third
        let to = transformed + pair
        spread(first, to: to, pairs)
        spread((outer + second) / 2, to: to + 4 * pairs, pairs)
        spread((outer - second) / 2, to: to + 8 * pairs, pairs)
        spread(third, to: to + 12 * pairs, pairs)
      }
    }
  }

  /// G by three numbers, to four that are `distance` apart.
  private static func spread(_ g: SIMD3<Double>, to: UnsafeMutablePointer<Float>, _ distance: Int) {
    let outer = g.x + g.z
    to[0] = Float(g.x)
    to[distance] = Float((outer + g.y) / 2)
    to[2 * distance] = Float((outer - g.y) / 2)
    to[3 * distance] = Float(g.z)
  }
}
