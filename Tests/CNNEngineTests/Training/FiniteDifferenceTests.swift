import CNNModelFile
import Testing

@testable import CNNEngine

/// The gradient of every operation that can be trained against differences of the loss.
@Suite struct FiniteDifferenceTests {
  typealias Layer = GradientCheck.Layer

  /// A network whose gradients are checked.
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let check: @Sendable () throws -> GradientCheck

    init(_ name: String, _ check: @escaping @Sendable () throws -> GradientCheck) {
      testDescription = name
      self.check = check
    }
  }

  private static func conv(
    _ name: String, _ inputs: Int, _ outputs: Int, _ height: Int, _ width: Int,
    _ values: GradientCheck.Values,
    change: (inout Operation.Convolution) -> Void = { _ in }
  ) -> Layer {
    var operation = Operation.Convolution(
      inputChannels: inputs, outputChannels: outputs, kernelSize: .init(height, width))
    change(&operation)
    return Layer(name: name, operation: .conv2d(operation), values: values)
  }

  private static func linear(
    _ name: String, _ inputs: Int, _ outputs: Int, _ values: GradientCheck.Values = .free,
    hasBias: Bool = true
  ) -> Layer {
    Layer(
      name: name,
      operation: .linear(.init(inputFeatures: inputs, outputFeatures: outputs, hasBias: hasBias)),
      values: values)
  }

  private static func pool(
    _ size: Int, stride: Int, padding: Operation.Padding = .init(all: 0), ceilMode: Bool = false
  ) -> Layer {
    Layer(
      name: "pool",
      operation: .maxPool2d(
        .init(
          kernelSize: .init(size, size), stride: .init(stride, stride), padding: padding, ceilMode: ceilMode)
      ))
  }

  private static func batchNorm(_ features: Int) -> Layer {
    Layer(name: "bn", operation: .batchNorm(.init(features: features)))
  }

  private static func dropout(_ scaling: Operation.Dropout.Scaling) -> Layer {
    Layer(name: "dropout", operation: .dropout(.init(rate: 0.4, scaling: scaling)))
  }

  private static let relu = Layer(name: "relu", operation: .relu)
  private static let tanh = Layer(name: "tanh", operation: .tanh)
  private static let sigmoid = Layer(name: "sigmoid", operation: .sigmoid)
  private static let flatten = Layer(name: "flatten", operation: .flatten)

  static let cases: [Case] = [
    // The first layer of two has a gradient only by way of the second one's data gradient.
    Case("convolutions behind each other") {
      try GradientCheck(
        inputShape: [2, 6, 7],
        [
          conv("conv1", 2, 3, 3, 3, .free), tanh, conv("conv2", 3, 4, 2, 3, .free), flatten,
          linear("fc", 36, 3),
        ], seed: 1)
    },
    Case("stride") {
      try GradientCheck(
        inputShape: [1, 9, 10],
        [
          conv("conv1", 1, 3, 3, 2, .free) { $0.stride = .init(2, 1) }, tanh,
          conv("conv2", 3, 2, 2, 3, .free) { $0.stride = .init(1, 3) }, flatten, linear("fc", 18, 3),
        ], seed: 2)
    },
    Case("padding, different on each side") {
      try GradientCheck(
        inputShape: [2, 5, 4],
        [
          conv("conv1", 2, 3, 3, 3, .free) { $0.padding = .init(top: 2, left: 0, bottom: 1, right: 1) }, tanh,
          conv("conv2", 3, 2, 3, 3, .free) { $0.padding = .init(top: 0, left: 2, bottom: 1, right: 0) },
          flatten, linear("fc", 30, 3),
        ], seed: 3)
    },
    Case("dilation, with stride and padding") {
      try GradientCheck(
        inputShape: [2, 8, 9],
        [
          conv("conv1", 2, 3, 3, 2, .free) {
            $0.dilation = .init(2, 3)
            $0.padding = .init(all: 1)
          }, tanh,
          conv("conv2", 3, 2, 2, 2, .free) {
            $0.dilation = .init(1, 2)
            $0.stride = .init(2, 2)
            $0.padding = .init(all: 1)
          }, flatten, linear("fc", 32, 3),
        ], seed: 4)
    },
    Case("groups, and one for each channel; no bias") {
      try GradientCheck(
        inputShape: [4, 6, 6],
        [
          conv("conv1", 4, 6, 3, 3, .free) {
            $0.groups = 2
            $0.hasBias = false
          }, tanh,
          conv("conv2", 6, 6, 3, 3, .free) {
            $0.groups = 6
            $0.padding = .init(all: 1)
          }, flatten, linear("fc", 96, 3, hasBias: false),
        ], seed: 5)
    },
    Case("a 5x5 convolution with ReLU and pooling, as in lenet") {
      try GradientCheck(
        inputShape: [1, 12, 12],
        [
          conv("conv1", 1, 3, 5, 5, .ladder), relu, pool(2, stride: 2), conv("conv2", 3, 4, 3, 3, .free),
          tanh,
          flatten, linear("fc", 16, 3),
        ], batch: 11, seed: 6)
    },
    Case("more channels and columns than a vector has room for") {
      try GradientCheck(
        inputShape: [1, 17, 17],
        [
          conv("conv1", 1, 18, 4, 4, .ladder), relu, pool(2, stride: 2),
          conv("conv2", 18, 17, 3, 3, .free) { $0.padding = .init(all: 1) }, tanh, flatten,
          linear("fc", 833, 3),
        ], batch: 3, seed: 21)
    },
    // Without padding: zeros beside each other are the greatest of a window together.
    Case("a 3x3 convolution of many channels with ReLU and pooling") {
      try GradientCheck(
        inputShape: [16, 9, 8],
        [
          conv("conv1", 16, 17, 3, 3, .ladder), relu, pool(2, stride: 2), flatten, linear("fc", 153, 3),
        ], batch: 3, seed: 22)
    },
    Case("ReLU behind a padded convolution") {
      try GradientCheck(
        inputShape: [2, 6, 6],
        [
          conv("conv1", 2, 4, 3, 3, .ladder) { $0.padding = .init(all: 1) }, relu,
          Layer(name: "relu2", operation: .relu), flatten, linear("fc", 144, 3),
        ], seed: 7)
    },
    Case("ReLU that lets a channel through or not, between convolutions") {
      try GradientCheck(
        inputShape: [1, 7, 7],
        [
          conv("conv1", 1, 3, 3, 3, .free), tanh, conv("conv2", 3, 4, 3, 3, .gated), relu, flatten,
          linear("fc", 36, 3),
        ], seed: 8)
    },
    Case("overlapping, padded pooling fused to a convolution") {
      try GradientCheck(
        inputShape: [1, 9, 9],
        [
          conv("conv1", 1, 3, 3, 3, .ladder),
          pool(3, stride: 2, padding: .init(top: 1, left: 0, bottom: 1, right: 2)), flatten,
          linear("fc", 48, 3),
        ], seed: 9)
    },
    Case("overlapping pooling of its own, windows that are not full") {
      try GradientCheck(
        inputShape: [2, 8, 8],
        [
          conv("conv1", 2, 3, 2, 2, .ladder), tanh, pool(3, stride: 2, ceilMode: true), sigmoid, flatten,
          linear("fc", 27, 3),
        ], seed: 10)
    },
    Case("windows of 2 x 2 that reach over the edge, fused to a convolution") {
      try GradientCheck(
        inputShape: [1, 9, 9],
        [
          conv("conv1", 1, 3, 3, 3, .ladder), relu, pool(2, stride: 2, ceilMode: true), flatten,
          linear("fc", 48, 3),
        ], seed: 22)
    },
    Case("pooling with gaps between windows") {
      try GradientCheck(
        inputShape: [1, 10, 10],
        [
          conv("conv1", 1, 3, 3, 3, .ladder), relu, pool(2, stride: 3), flatten, linear("fc", 27, 3),
        ], seed: 11)
    },
    Case("linear layers with ReLU, sigmoid and tanh, with and without bias") {
      try GradientCheck(
        inputShape: [18],
        [
          linear("fc1", 18, 9, .ladder), relu, linear("fc2", 9, 7, hasBias: false), sigmoid,
          linear("fc3", 7, 5, .gated), Layer(name: "relu2", operation: .relu), linear("fc4", 5, 6), tanh,
          linear("fc5", 6, 4, hasBias: false),
        ], batch: 19, seed: 12)
    },
    Case("batch normalisation of planes, with ReLU and pooling") {
      try GradientCheck(
        inputShape: [1, 11, 11],
        [
          conv("conv1", 1, 4, 3, 3, .ladder) { $0.hasBias = false }, batchNorm(4), relu, pool(2, stride: 2),
          flatten,
          linear("fc", 64, 3),
        ], batch: 6, seed: 13)
    },
    Case("batch normalisation of planes, between convolutions") {
      try GradientCheck(
        inputShape: [1, 8, 7],
        [
          conv("conv1", 1, 3, 3, 3, .free), batchNorm(3), tanh, conv("conv2", 3, 2, 3, 3, .free), sigmoid,
          flatten, linear("fc", 24, 3),
        ], batch: 9, seed: 22)
    },
    Case("batch normalisation of vectors") {
      try GradientCheck(
        inputShape: [9],
        [linear("fc1", 9, 6), batchNorm(6), tanh, linear("fc2", 6, 3)], batch: 12, seed: 14)
    },
    Case("batch normalisation that is frozen") {
      try GradientCheck(
        inputShape: [1, 9, 9],
        [
          conv("conv1", 1, 3, 3, 3, .ladder) { $0.hasBias = false }, batchNorm(3), relu,
          conv("conv2", 3, 2, 3, 3, .free), flatten,
          linear("fc", 50, 3),
        ], frozen: ["bn"], seed: 15)
    },
    Case("a frozen layer between two that learn") {
      try GradientCheck(
        inputShape: [1, 7, 7],
        [
          conv("conv1", 1, 3, 3, 3, .free), tanh, conv("conv2", 3, 3, 3, 3, .free), sigmoid, flatten,
          linear("fc1", 27, 4), tanh, linear("fc2", 4, 3),
        ].enumerated().map { $0 == 6 ? Layer(name: "tanh2", operation: .tanh) : $1 },
        frozen: ["conv2", "fc1"], seed: 16)
    },
    Case("dropout scaled in training") {
      try GradientCheck(
        inputShape: [9],
        [linear("fc1", 9, 12), tanh, dropout(.training), linear("fc2", 12, 3)], batch: 8, seed: 17)
    },
    Case("dropout scaled at inference, of planes") {
      try GradientCheck(
        inputShape: [1, 6, 6],
        [
          conv("conv1", 1, 3, 3, 3, .free), tanh, dropout(.inference), conv("conv2", 3, 2, 2, 2, .free),
          flatten, linear("fc", 18, 3),
        ], seed: 18)
    },
    Case("dropout scaled at inference that is frozen") {
      try GradientCheck(
        inputShape: [9],
        [linear("fc1", 9, 12), tanh, dropout(.inference), linear("fc2", 12, 3)], frozen: ["dropout"],
        seed: 19)
    },
    Case("cross-entropy with label smoothing") { try losses(.softmaxCrossEntropy(labelSmoothing: 0.2)) },
    Case("mean squared error") { try losses(.meanSquaredError) },
  ]

  private static func losses(_ loss: Loss) throws -> GradientCheck {
    try GradientCheck(
      inputShape: [1, 6, 6],
      [conv("conv1", 1, 3, 3, 3, .free), tanh, flatten, linear("fc", 48, 7)], loss: loss, batch: 9, seed: 20)
  }

  @Test(arguments: cases) func gradientsAreDerivativesOfTheLoss(_ example: Case) throws {
    let check = try example.check()
    for kernels in KernelSet.available {
      let (found, compared) = try check.mismatches(kernels: kernels)
      #expect(found.isEmpty, "\(kernels.name): \(found)")
      #expect(compared >= 10)
    }
  }

  /// The comparison itself: gradients of a loss that is smoothed a hundredth too little must not pass.
  @Test func aGradientThatIsALittleWrongIsFound() throws {
    let check = try Self.losses(.softmaxCrossEntropy(labelSmoothing: 0.1))
    let wrong = try check.mismatches(differenceLoss: .softmaxCrossEntropy(labelSmoothing: 0.11))
    #expect(Set(wrong.found.map(\.tensor)).count == 4)
    #expect(wrong.found.count > wrong.compared / 2)
  }
}
