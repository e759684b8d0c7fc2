import CKernels

/// One axis of a convolution: outputs in runs that see the same positions of the kernel.
///
/// In the middle all positions count, at the edges some lie in the padding. The kernels leave those out instead of
/// multiplying by zeros.
enum AxisRuns {
  /// What an output sees: kernel positions `tap`, `tap` + step ... and the input of the first of them.
  private struct View: Hashable {
    var tap: Int
    var taps: Int
    var input: Int
  }

  /// The runs of a convolution's outputs.
  ///
  /// - Parameters:
  ///   - padding: before the first input.
  static func forward(
    input: Int, output: Int, kernel: Int, stride: Int, dilation: Int, padding: Int
  ) -> [cnn_run] {
    let views = (0..<output).map { place in
      let start = place * stride - padding
      let first = start < 0 ? (-start + dilation - 1) / dilation : 0
      let end = start < input ? min(kernel, (input - 1 - start) / dilation + 1) : 0
      return first < end
        ? View(tap: first, taps: end - first, input: start + first * dilation)
        : View(tap: 0, taps: 0, input: 0)
    }
    return runs(views, tapStep: 1, tapInput: dilation)
  }

  /// All outputs as one run, as if the padding were there: `input` may be negative.
  static func unclipped(output: Int, kernel: Int, stride: Int, dilation: Int, padding: Int) -> cnn_run {
    cnn_run(
      count: Int32(output), output: 0, output_step: 1, input: Int32(-padding), input_step: Int32(stride),
      taps: Int32(kernel), tap: 0, tap_step: 1, tap_input: Int32(dilation))
  }

  /// The runs of a convolution's inputs, each of which sees the outputs that it went into: for the gradient.
  static func gradient(
    input: Int, output: Int, kernel: Int, stride: Int, dilation: Int, padding: Int
  ) -> [cnn_run] {
    // Kernel positions that reach the same inputs are this far apart.
    let tapStep = stride / greatestCommonDivisor(stride, dilation)
    let tapOutput = dilation * tapStep / stride
    // An input at i is seen through position k where i + padding - k * dilation is a multiple of the stride.
    var firstTaps: [Int: Int] = [:]
    for tap in 0..<min(kernel, tapStep) { firstTaps[tap * dilation % stride] = tap }
    let views = (0..<input).map { place in
      let none = View(tap: 0, taps: 0, input: 0)
      guard var tap = firstTaps[(place + padding) % stride] else { return none }
      var target = (place + padding - tap * dilation) / stride
      // Skip positions whose output is beyond the last; outputs fall as positions rise.
      if target >= output {
        let skipped = (target - output) / tapOutput + 1
        tap += skipped * tapStep
        target -= skipped * tapOutput
      }
      guard tap < kernel, target >= 0 else { return none }
      let count = min((kernel - 1 - tap) / tapStep, target / tapOutput) + 1
      return View(tap: tap, taps: count, input: target)
    }
    return runs(views, tapStep: tapStep, tapInput: -tapOutput)
  }

  /// Puts places that see the same kernel positions, at equal distances, into runs.
  private static func runs(_ views: [View], tapStep: Int, tapInput: Int) -> [cnn_run] {
    struct Key: Hashable {
      var tap: Int
      var taps: Int
    }
    var places: [Key: [Int]] = [:]
    for (place, view) in views.enumerated() {
      places[Key(tap: view.tap, taps: view.taps), default: []].append(place)
    }
    var result: [cnn_run] = []
    for (key, places) in places {
      var start = 0
      while start < places.count {
        let first = places[start]
        var count = 1
        var (step, inputStep) = (1, 0)
        if start + 1 < places.count {
          step = places[start + 1] - first
          inputStep = views[places[start + 1]].input - views[first].input
          while start + count < places.count, places[start + count] == first + count * step,
            views[places[start + count]].input == views[first].input + count * inputStep
          {
            count += 1
          }
        }
        result.append(
          cnn_run(
            count: Int32(count), output: Int32(first), output_step: Int32(step),
            input: Int32(views[first].input), input_step: Int32(inputStep), taps: Int32(key.taps),
            tap: Int32(key.tap), tap_step: Int32(tapStep), tap_input: Int32(tapInput)))
        start += count
      }
    }
    return result.sorted { $0.output < $1.output }
  }

  private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }
}
