import CKernels

/// What Winograd's F(2 x 2, 3 x 3) makes of a kernel: G g G^T, 4 x 4 numbers of 3 x 3.
enum WinogradKernel {
  /// The numbers of a transformed kernel, as many as a tile of the input has.
  static let places = 16

  /// Transforms kernels, [pairs, 3, 3] to [16, pairs]; in `Double`, rounded once, the same on every machine.
  static func transform(
    _ weight: UnsafePointer<Float>, pairs: Int, to transformed: UnsafeMutablePointer<Float>
  ) {
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

  /// What packs the kernels of one place: to the kernels it is a convolution of 1 x 1.
  static func product(inputs: Int, outputs: Int) -> cnn_block_convolution {
    var product = cnn_block_convolution()
    product.input_channels = Int32(inputs)
    product.output_channels = Int32(outputs)
    product.kernel_height = 1
    product.kernel_width = 1
    return product
  }

  /// Where a transformed kernel has what one turned by half a turn has at `place`: the first and the last row change
  /// places and so do the columns; those between are sums that stay what they are.
  static func turned(_ place: Int) -> Int {
    let order = [3, 1, 2, 0]
    return order[place / 4] * 4 + order[place % 4]
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
