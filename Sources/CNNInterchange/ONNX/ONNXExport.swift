import CNNCodecs
import CNNModelFile

/// A model as an ONNX file that ONNX Runtime and its like take as it is.
///
/// The input `input` is F32 [N, C, H, W] behind the preprocessing, N free; the output `logits` is F32 [N, classes].
/// Names of layers and tensors stay; labels and preprocessing are canonical JSON in `metadata_props`. The same model
/// gives the same bytes. The inverse is `ImportedNetwork`, less what `notes` says.
public struct ONNXExport: Sendable {
  /// What the version of the format is that files are written in: 8, of 2021, with operator set 17.
  public static let irVersion: Int64 = 8
  /// The version of ONNX's operator set that nodes refer to: every runtime since 2022 knows it.
  public static let operatorSet: Int64 = 17
  /// The most bytes that Google's own protocol buffers library takes.
  static let maximumByteCount = 1 << 31 - 1

  /// The model.
  public let model: ONNXModel
  /// What ONNX cannot hold and was left out, as sentences without a leading capital or a full stop.
  public let notes: [String]

  /// Makes an ONNX model of a model or a checkpoint.
  ///
  /// - Parameters:
  ///   - producer: the program that writes the file, as the file names it.
  ///   - version: that program's version.
  /// - Throws: `ONNXExportError`.
  public init(_ file: ModelFile, producer: String = "cnn-toolchain", version: String = "")
    throws(ONNXExportError)
  {
    guard let network = file.manifest.network, let preprocessing = file.manifest.preprocessing else {
      throw .noNetwork(file.manifest.kind)
    }
    let shapes: [String: [Int]]
    do { shapes = try network.inferShapes() } catch { throw .graph(error) }
    var builder = ONNXGraphBuilder(file: file, network: network)
    for node in network.nodes { try builder.add(node) }
    let metadata: [ONNXModel.Property]
    do {
      metadata = try ONNXMetadata.properties(labels: file.manifest.labels, preprocessing: preprocessing)
    } catch {
      throw .metadata("\(error)")
    }
    let float = ONNXElementType.code(of: .float32)
    func extents(_ shape: [Int]) -> [ONNXValueInfo.Extent] {
      [.free("N")] + shape.map { .fixed(Int64($0)) }
    }
    model = ONNXModel(
      irVersion: Self.irVersion, operatorSets: [.init(version: Self.operatorSet)], producerName: producer,
      producerVersion: version,
      graph: ONNXGraph(
        name: "network", nodes: builder.finishedNodes, initializers: builder.initializers,
        inputs: [
          ONNXValueInfo(
            name: ONNXGraphBuilder.inputName, elementType: float, shape: extents(network.inputShape))
        ],
        outputs: [
          ONNXValueInfo(
            name: ONNXGraphBuilder.outputName, elementType: float,
            shape: extents(shapes[network.output] ?? []))
        ]),
      metadata: metadata)
    var notes = builder.notes
    if file.manifest.kind == .checkpoint {
      notes.append("the state of the training is left out; only the weights are there")
    }
    self.notes = notes
  }

  /// The bytes of the file.
  ///
  /// - Throws: `ONNXExportError.tooLarge` beyond 2 GiB, which no other program would read.
  public func bytes() throws(ONNXExportError) -> [UInt8] {
    let bytes = model.encoded()
    guard bytes.count <= Self.maximumByteCount else { throw .tooLarge(bytes.count) }
    return bytes
  }

  /// The bytes of the ONNX file that `file` makes.
  ///
  /// - Throws: `ONNXExportError`.
  public static func bytes(
    of file: ModelFile, producer: String = "cnn-toolchain", version: String = ""
  ) throws(ONNXExportError) -> [UInt8] {
    try ONNXExport(file, producer: producer, version: version).bytes()
  }
}

/// A file that cannot become an ONNX model.
public enum ONNXExportError: FormatError, Equatable {
  /// The file holds no network.
  case noNetwork(Manifest.Kind)
  /// The network makes no sense.
  case graph(GraphError)
  /// A layer's tensor is missing or of another shape.
  case tensor(String)
  /// Labels or preprocessing cannot be written as JSON.
  case metadata(String)
  /// The file would have more bytes than other programs read.
  case tooLarge(Int)

  /// Always nil: nothing is wrong with bytes.
  public var offset: Int? { nil }

  /// What is wrong, as a sentence fragment.
  public var reason: String {
    switch self {
    case .noNetwork(let kind): "a \(kind.rawValue) holds no network that ONNX could express"
    case .graph(let error): error.reason
    case .tensor(let name):
      "tensor \(name.quotedForMessage) is missing or has another shape than its layer takes"
    case .metadata(let problem): "labels and preprocessing cannot be written: \(problem)"
    case .tooLarge(let count): "the ONNX file would have \(count) bytes; no program reads more than 2 GiB"
    }
  }
}
