import CNNModelFile

/// The definition of every operation, written down as plainly as it can be, in `Double`: what the engine is
/// held against.
enum Oracle {
  /// A batch of arrays: [N, ...shape].
  struct Batch {
    var count: Int
    var shape: [Int]
    var values: [Double]

    var imageCount: Int { shape.reduce(1, *) }
  }

  static func convolution(
    _ x: Batch, _ op: Operation.Convolution, weight: [Float], bias: [Float]
  ) -> Batch {
    let (height, width) = (x.shape[1], x.shape[2])
    let outHeight =
      (height + op.padding.top + op.padding.bottom - op.dilation.height * (op.kernelSize.height - 1) - 1)
      / op.stride.height + 1
    let outWidth =
      (width + op.padding.left + op.padding.right - op.dilation.width * (op.kernelSize.width - 1) - 1)
      / op.stride.width + 1
    let groupIn = op.inputChannels / op.groups
    let groupOut = op.outputChannels / op.groups
    var y = Batch(count: x.count, shape: [op.outputChannels, outHeight, outWidth], values: [])
    for n in 0..<x.count {
      for o in 0..<op.outputChannels {
        for oy in 0..<outHeight {
          for ox in 0..<outWidth {
            var sum = bias.isEmpty ? 0 : Double(bias[o])
            for i in 0..<groupIn {
              for ky in 0..<op.kernelSize.height {
                for kx in 0..<op.kernelSize.width {
                  let iy = oy * op.stride.height + ky * op.dilation.height - op.padding.top
                  let ix = ox * op.stride.width + kx * op.dilation.width - op.padding.left
                  guard (0..<height).contains(iy), (0..<width).contains(ix) else { continue }
                  let channel = o / groupOut * groupIn + i
                  let w = weight[((o * groupIn + i) * op.kernelSize.height + ky) * op.kernelSize.width + kx]
                  sum += Double(w) * x.values[((n * x.shape[0] + channel) * height + iy) * width + ix]
                }
              }
            }
            y.values.append(sum)
          }
        }
      }
    }
    return y
  }

  static func linear(_ x: Batch, _ op: Operation.Linear, weight: [Float], bias: [Float]) -> Batch {
    var y = Batch(count: x.count, shape: [op.outputFeatures], values: [])
    for n in 0..<x.count {
      for o in 0..<op.outputFeatures {
        var sum = bias.isEmpty ? 0 : Double(bias[o])
        for k in 0..<op.inputFeatures {
          sum += Double(weight[o * op.inputFeatures + k]) * x.values[n * op.inputFeatures + k]
        }
        y.values.append(sum)
      }
    }
    return y
  }

  static func maxPool(_ x: Batch, _ op: Operation.Pooling, output: [Int]) -> Batch {
    let (height, width) = (x.shape[1], x.shape[2])
    var y = Batch(count: x.count, shape: output, values: [])
    for plane in 0..<x.count * x.shape[0] {
      for oy in 0..<output[1] {
        for ox in 0..<output[2] {
          var best = -Double.infinity
          for ky in 0..<op.kernelSize.height {
            for kx in 0..<op.kernelSize.width {
              let iy = oy * op.stride.height + ky - op.padding.top
              let ix = ox * op.stride.width + kx - op.padding.left
              guard (0..<height).contains(iy), (0..<width).contains(ix) else { continue }
              best = max(best, x.values[(plane * height + iy) * width + ix])
            }
          }
          y.values.append(best)
        }
      }
    }
    return y
  }
}
