import CNNCodecs
import CNNModelFile
import Testing

@Suite struct ShapeInferenceTests {
  private typealias Node = NetworkDescription.Node

  private func chain(_ input: [Int], _ operations: [(String, Operation)]) -> NetworkDescription {
    var previous = "input"
    var nodes: [NetworkDescription.Node] = []
    for (name, operation) in operations {
      nodes.append(.init(name: name, operation: operation, inputs: [previous]))
      previous = name
    }
    return NetworkDescription(inputShape: input, nodes: nodes, output: previous)
  }

  private func conv(
    _ from: Int, _ to: Int, _ kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1
  ) -> Operation {
    .conv2d(
      .init(
        inputChannels: from, outputChannels: to, kernelSize: .init(kernel, kernel),
        stride: .init(stride, stride), padding: .init(all: padding), dilation: .init(dilation, dilation),
        groups: groups))
  }

  private func pool(_ kernel: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false) -> Operation
  {
    .maxPool2d(
      .init(
        kernelSize: .init(kernel, kernel), stride: stride.map { .init($0, $0) },
        padding: .init(all: padding), ceilMode: ceilMode))
  }

  private func shape(_ input: [Int], _ operation: Operation) throws -> [Int]? {
    try chain(input, [("layer", operation)]).inferShapes()["layer"]
  }

  private func refusal(_ input: [Int], _ operation: Operation) -> GraphError? {
    do {
      _ = try chain(input, [("layer", operation)]).inferShapes()
      return nil
    } catch {
      return error
    }
  }

  @Test func lenetHasTheShapesOfTheTutorials() throws {
    let lenet = chain(
      [1, 28, 28],
      [
        ("conv1", conv(1, 20, 5)), ("relu1", .relu), ("pool1", pool(2)), ("conv2", conv(20, 50, 5)),
        ("pool2", pool(2)), ("bn", .batchNorm(.init(features: 50))), ("flatten", .flatten),
        ("fc1", .linear(.init(inputFeatures: 800, outputFeatures: 500))), ("tanh", .tanh),
        ("dropout", .dropout(.init(rate: 0.5))),
        ("fc2", .linear(.init(inputFeatures: 500, outputFeatures: 10, hasBias: false))),
      ])
    let shapes = try lenet.inferShapes()
    #expect(
      lenet.nodes.map { shapes[$0.name] } == [
        [20, 24, 24], [20, 24, 24], [20, 12, 12], [50, 8, 8], [50, 4, 4], [50, 4, 4], [800], [500], [500],
        [500],
        [10],
      ])
    #expect(
      lenet.parameters.map { "\($0.name) \($0.parameter.shape) \($0.parameter.elementType.safetensorsName)" }
        == [
          "conv1.weight [20, 1, 5, 5] F32", "conv1.bias [20] F32", "conv2.weight [50, 20, 5, 5] F32",
          "conv2.bias [50] F32", "bn.weight [50] F32", "bn.bias [50] F32", "bn.running_mean [50] F32",
          "bn.running_var [50] F32", "bn.num_batches_tracked [] I64", "fc1.weight [500, 800] F32",
          "fc1.bias [500] F32", "fc2.weight [10, 500] F32",
        ])
  }

  /// The expected extents are what torch.nn.Conv2d and MaxPool2d 2.x give.
  @Test func extentsArePyTorchs() throws {
    #expect(try shape([4, 28, 28], conv(4, 6, 3, stride: 2, padding: 1)) == [6, 14, 14])
    #expect(
      try shape([4, 28, 28], conv(4, 6, 3, stride: 3, padding: 2, dilation: 2, groups: 2)) == [6, 10, 10])
    #expect(try shape([4, 5, 5], conv(4, 8, 5, groups: 4)) == [8, 1, 1])
    #expect(try shape([1, 7, 7], pool(2)) == [1, 3, 3])
    #expect(try shape([1, 7, 7], pool(2, ceilMode: true)) == [1, 4, 4])
    #expect(try shape([1, 7, 7], pool(3, stride: 2, padding: 1)) == [1, 4, 4])
    #expect(try shape([1, 6, 6], pool(3, stride: 2, padding: 1, ceilMode: true)) == [1, 4, 4])
    // The third window would begin in the bottom padding.
    #expect(try shape([1, 3, 3], pool(2, stride: 3, padding: 1, ceilMode: true)) == [1, 2, 2])
    #expect(try shape([1, 5, 5], pool(2, stride: 4, padding: 0, ceilMode: true)) == [1, 2, 2])
    let odd = Operation.conv2d(
      .init(
        inputChannels: 1, outputChannels: 1, kernelSize: .init(2, 3), stride: .init(1, 2),
        padding: .init(top: 0, left: 1, bottom: 1, right: 0)))
    #expect(try shape([1, 4, 6], odd) == [1, 4, 3])
  }

  @Test func errorsNameTheLayerAndBothShapes() {
    let network = chain(
      [1, 28, 28], [("conv1", conv(1, 30, 5)), ("pool1", pool(2)), ("conv2", conv(20, 50, 5))])
    #expect(
      throws: GraphError.shapeMismatch(
        node: "conv2", takes: "20 channels", input: "pool1", shape: [30, 12, 12])
    ) {
      try network.inferShapes()
    }
    #expect(
      GraphError.shapeMismatch(node: "conv2", takes: "20 channels", input: "pool1", shape: [30, 12, 12])
        .description
        == "conv2: takes 20 channels, and pool1 gives [30, 12, 12]")
    #expect(
      refusal([1, 4, 4], conv(1, 1, 5))
        == .kernelTooLarge(node: "layer", kernel: [5, 5], input: "input", shape: [1, 4, 4]))
    #expect(
      refusal([1, 4, 4], conv(1, 1, 3, padding: 1, dilation: 3))
        == .kernelTooLarge(node: "layer", kernel: [7, 7], input: "input", shape: [1, 6, 6]))
    #expect(
      refusal([1, 4, 4], .linear(.init(inputFeatures: 16, outputFeatures: 2)))?.description
        == "layer: takes 16 values in a row (a flatten layer makes them), and the network's input gives [1, 4, 4]"
    )
    #expect(
      refusal([4], pool(2))
        == .shapeMismatch(node: "layer", takes: "[channels, height, width]", input: "input", shape: [4]))
    #expect(
      refusal([2, 3], .batchNorm(.init(features: 2)))
        == .shapeMismatch(node: "layer", takes: "2 channels", input: "input", shape: [2, 3]))
  }

  @Test func attributesOutOfRangeAreRefused() {
    func attribute(_ input: [Int], _ operation: Operation) -> String? {
      guard case .attribute(node: "layer", let name, let value, _) = refusal(input, operation) else {
        return nil
      }
      return "\(name) \(value)"
    }
    #expect(attribute([1, 4, 4], conv(1, 1, 0)) == "kernel_size 0")
    #expect(attribute([1, 4, 4], conv(1, 1, 2, stride: 0)) == "stride 0")
    #expect(attribute([1, 4, 4], conv(1, 1, 2, padding: -1)) == "padding [-1, -1, -1, -1]")
    #expect(attribute([1, 4, 4], conv(1, 1, 2, dilation: .max)) == "dilation \(Int.max)")
    #expect(attribute([1, 4, 4], conv(1, 1, .min)) == "kernel_size \(Int.min)")
    #expect(attribute([1, 4, 4], conv(1, -1, 2)) == "out_channels -1")
    #expect(attribute([4, 4, 4], conv(4, 6, 2, groups: 4)) == "groups 4")
    #expect(attribute([4, 4, 4], conv(4, 6, 2, groups: 0)) == "groups 0")
    #expect(attribute([1, 4, 4], pool(2, padding: 2)) == "padding [2, 2, 2, 2]")
    #expect(attribute([1, 4, 4], pool(2, stride: 1 << 31)) == "stride 2147483648")
    #expect(attribute([4], .linear(.init(inputFeatures: 0, outputFeatures: 1))) == "in_features 0")
    #expect(attribute([4], .dropout(.init(rate: 1))) == "p 1.0")
    #expect(attribute([4], .dropout(.init(rate: .nan))) == "p nan")
    #expect(attribute([4], .batchNorm(.init(features: 4, epsilon: 0))) == "eps 0.0")
    #expect(attribute([4], .batchNorm(.init(features: 4, momentum: 1.5))) == "momentum 1.5")
  }

  @Test func absurdSizesAreRefused() {
    let huge = 2_147_483_647
    #expect(refusal([], .relu) == .inputShape([]))
    #expect(refusal([1, 2, 3, 4], .relu) == .inputShape([1, 2, 3, 4]))
    #expect(refusal([1, -2, 3], .relu) == .inputShape([1, -2, 3]))
    #expect(refusal([huge + 1], .relu) == .inputShape([huge + 1]))
    #expect(refusal([huge, huge, huge], .flatten) == .tooManyElements(node: "input", limit: 1 << 28))
    // The product of these extents is beyond Int, and the output is small.
    #expect(
      refusal([1 << 28, huge, huge], pool(1, stride: huge)) == .tooManyElements(node: "input", limit: 1 << 28)
    )
    #expect(refusal([1 << 28 + 1], .relu) == .tooManyElements(node: "input", limit: 1 << 28))
    #expect(
      refusal([1, 1 << 14, 1 << 14], conv(1, 2, 1)) == .tooManyElements(node: "layer", limit: 1 << 28))
    #expect(refusal([1 << 28], .relu) == nil)
    #expect(
      refusal([1 << 20], .linear(.init(inputFeatures: 1 << 20, outputFeatures: 1 << 11)))
        == .parameterTooLarge(node: "layer", shape: [1 << 11, 1 << 20], limit: huge))
    #expect(
      refusal([1, 1 << 14, 1 << 14], conv(1, huge, 1 << 14))
        == .parameterTooLarge(
          node: "layer", shape: [huge, 1, 1 << 14, 1 << 14], limit: huge))
    // No layer alone, but all together.
    let many = chain([1 << 20], (0..<300).map { ("relu\($0)", .relu) })
    #expect(throws: GraphError.tooManyElements(node: "relu256", limit: 1 << 28)) { try many.inferShapes() }
  }

  @Test func graphsThatDoNotHangTogetherAreRefused() {
    func refusal(_ nodes: [(String, [String])], output: String) -> GraphError? {
      let network = NetworkDescription(
        inputShape: [4], nodes: nodes.map { .init(name: $0.0, operation: .relu, inputs: $0.1) },
        output: output)
      do {
        _ = try network.inferShapes()
        return nil
      } catch {
        return error
      }
    }
    #expect(refusal([], output: "a") == .noNodes)
    #expect(refusal([("a", ["input"])], output: "a") == nil)
    #expect(refusal([("a", ["input"])], output: "b") == .unknownOutput("b"))
    #expect(refusal([("a", ["input"])], output: "input") == .unknownOutput("input"))
    #expect(refusal([("a", ["x"])], output: "a") == .unknownInput(node: "a", input: "x"))
    #expect(refusal([("a", ["a"])], output: "a") == .inputComesLater(node: "a", input: "a"))
    #expect(
      refusal([("a", ["b"]), ("b", ["input"])], output: "a") == .inputComesLater(node: "a", input: "b"))
    #expect(refusal([("a", [])], output: "a") == .inputCount(node: "a", expected: 1, found: 0))
    #expect(
      refusal([("a", ["input", "input"])], output: "a") == .inputCount(node: "a", expected: 1, found: 2))
    #expect(refusal([("a", ["input"]), ("a", ["a"])], output: "a") == .duplicateName("a"))
    #expect(refusal([("a", ["input"]), ("b", ["input"])], output: "b") == .deadEnd("a"))
    #expect(refusal([("a", ["input"]), ("b", ["a"])], output: "a") == .deadEnd("b"))
    for name in ["", "a.b", "a/b", "a\n", "input", "optimizer", "ema", "best"] {
      #expect(refusal([(name, ["input"])], output: name) == .nodeName(name))
    }
  }
}
