/// What Winograd's F(2 x 2, 3 x 3) makes of a kernel: G g G^T, 4 x 4 numbers of 3 x 3.
enum WinogradKernel {
  /// The numbers of a transformed kernel, as many as a tile of the input has.
  static let places = 16

  /// Transforms kernels, [pairs, 3, 3] to [16, pairs]; in `Double`, rounded once, the same on every machine.
  static func transform(_ weight: [Float], pairs: Int, to transformed: UnsafeMutablePointer<Float>) {
    weight.withUnsafeBufferPointer { weight in
      for pair in 0..<pairs {
        let g = weight[(pair * 9)..<(pair * 9 + 9)].map(Double.init)
        // Rows first: the columns of G g, then its rows by G^T.
        let columns = (0..<3).map { spread(SIMD3(g[$0], g[3 + $0], g[6 + $0])) }
        for row in 0..<4 {
          let values = spread(SIMD3(columns[0][row], columns[1][row], columns[2][row]))
          for column in 0..<4 { transformed[(row * 4 + column) * pairs + pair] = Float(values[column]) }
        }
      }
    }
  }

  /// G by three numbers.
  private static func spread(_ g: SIMD3<Double>) -> SIMD4<Double> {
    SIMD4(g.x, (g.x + g.y + g.z) / 2, (g.x - g.y + g.z) / 2, g.z)
  }
}
