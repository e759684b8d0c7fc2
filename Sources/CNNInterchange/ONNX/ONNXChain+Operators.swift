import CNNCodecs
import CNNModelFile

extension ONNXChain {
  /// Reads one node: a layer, a constant, a part of a shape, or something that changes nothing.
  mutating func read(_ view: ONNXNodeView) throws(ONNXImportError) {
    guard view.node.domain.isEmpty || view.node.domain.isExactly("ai.onnx") else {
      throw view.error(
        "the operator belongs to \(view.node.domain.quotedForMessage); only ONNX's own operators are read")
    }
    if let output = view.furtherOutput(among: wanted) {
      throw view.error("its further output \(output.quotedForMessage) is used, which is not supported")
    }
    if try readShapeArithmetic(view) { return }
    if let softmax, !["Identity", "Flatten", "Reshape"].contains(view.node.operatorType) {
      throw view.error(
        "stands behind \(softmax.node.operatorType), which is read only as the end of a network")
    }
    switch view.node.operatorType {
    case "Conv": try readConvolution(view)
    case "MaxPool": try readMaxPool(view)
    case "AveragePool": try readAveragePool(view)
    case "GlobalAveragePool": try readGlobalPool(view, isMaximum: false)
    case "GlobalMaxPool": try readGlobalPool(view, isMaximum: true)
    case "ReduceMean": try readReduction(view, isMaximum: false)
    case "ReduceMax": try readReduction(view, isMaximum: true)
    case "Gemm": try readGemm(view)
    case "MatMul": try readMatMul(view)
    case "Add": try readAdd(view)
    case "Mul": try readMul(view)
    case "BatchNormalization": try readBatchNormalization(view)
    case "Relu": try readActivation(view, "relu", .relu)
    case "Sigmoid": try readActivation(view, "sigmoid", .sigmoid)
    case "Tanh": try readActivation(view, "tanh", .tanh)
    case "Dropout": try readDropout(view)
    case "Flatten": try readFlatten(view)
    case "Reshape": try readReshape(view)
    case "Softmax", "LogSoftmax": try readSoftmax(view)
    default: throw view.error(Self.advice(for: view.node.operatorType, isFirst: layers.isEmpty))
    }
  }

  private mutating func readActivation(_ view: ONNXNodeView, _ kind: String, _ operation: Operation)
    throws(ONNXImportError)
  {
    try checkChain(view)
    try view.checkAttributes([])
    append(ImportedLayer(kind: kind, operation: operation), shape: shape, view)
  }

  private mutating func readDropout(_ view: ONNXNodeView) throws(ONNXImportError) {
    try checkChain(view)
    try view.checkAttributes(["ratio", "seed"])
    var rate = try view.float("ratio", default: 0.5).shortestDecimal
    if let ratio = try constant(1, of: view, "the ratio") {
      guard ratio.array.elementCount == 1, ratio.array.elementType.isFloatingPoint else {
        throw view.error("the ratio should be one number")
      }
      rate = Float(ratio.array.doubles()[0]).shortestDecimal
    }
    if let mode = try constant(2, of: view, "training_mode") {
      guard mode.array.elementCount == 1, mode.array.integers() == [0] else {
        throw view.error("is in training mode; export the network for inference (model.eval())")
      }
    }
    guard rate >= 0, rate < 1 else {
      throw view.error("the ratio is \(rate); it should be at least 0 and less than 1")
    }
    append(ImportedLayer(kind: "dropout", operation: .dropout(.init(rate: rate))), shape: shape, view)
  }

  private mutating func readSoftmax(_ view: ONNXNodeView) throws(ONNXImportError) {
    try checkChain(view)
    try view.checkAttributes(["axis"])
    let axis = try view.integer("axis", default: -1)
    guard shape.count == 1, axis == 1 || axis == -1 else {
      throw view.error("should turn one row of values for each picture into probabilities")
    }
    softmax = view
    notes.append(
      "\(view.node.operatorType) at the end is left out: the network's output is its logits")
    passOn(view)
  }

  /// Why a node is not read and what could be done.
  private static func advice(for operatorType: String, isFirst: Bool) -> String {
    let arithmetic = ["Sub", "Div", "Cast", "Pow", "Sqrt", "Neg", "Clip"]
    if isFirst, arithmetic.contains(operatorType) {
      return
        "prepares the network's input; export the network without its preprocessing, and state that separately"
    }
    switch operatorType {
    case "Sum", "Concat", "Sub", "Div", "Max", "Min", "Mean", "Where", "Einsum":
      return "joins or scales values; only chains of layers are read, without residual or parallel branches"
    case "LpPool", "GlobalLpPool", "MaxUnpool", "MaxRoiPool":
      return "this pooling is not among the layers here; MaxPool and AveragePool, also global, are"
    case "LeakyRelu", "PRelu", "Elu", "Selu", "Celu", "Gelu", "HardSigmoid", "HardSwish", "Softplus",
      "Softsign",
      "ThresholdedRelu", "Mish", "Clip", "Erf":
      return "this activation is not among the layers here; Relu, Sigmoid and Tanh are"
    case "Transpose":
      return "moves the axes of what a layer gives; export the network with channels first (NCHW)"
    case "Pad": return "pads on its own; give the padding to the convolution or the pooling behind it"
    case "QLinearConv", "QLinearMatMul", "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear",
      "ConvInteger", "MatMulInteger":
      return "quantised networks are not read; export the network before it is quantised"
    case "If", "Loop", "Scan": return "control flow is not read; export the network by tracing it"
    case "RNN", "LSTM", "GRU": return "recurrent layers are not among the layers here"
    case "ArgMax", "TopK":
      return "picks classes; export the network with its logits as the output"
    case "LayerNormalization", "InstanceNormalization", "GroupNormalization", "LRN", "LpNormalization":
      return "this normalisation is not among the layers here; BatchNormalization is"
    default:
      return
        "this operator is not read; formats/onnx.md lists those that are: Conv, MaxPool, AveragePool, both also global, "
        + "Gemm, MatMul with Add, BatchNormalization, Relu, Sigmoid, Tanh, Dropout, Flatten, Reshape, and Softmax at the "
        + "end among them"
    }
  }
}
