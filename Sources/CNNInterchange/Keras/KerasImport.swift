import CNNCodecs
import CNNModelFile

extension ImportedNetwork {
  /// The network of a model of Keras: chains of the layers that `formats/keras.md` lists.
  ///
  /// Nothing is trusted: what cannot be taken over exactly is refused, naming the layer.
  ///
  /// - Throws: `KerasImportError`.
  public init(_ file: KerasFile) throws(KerasImportError) {
    do {
      try self.init(reading: file)
    } catch let error as KerasImportError {
      throw error
    } catch let error as JSONContentError {
      throw .config(error)
    } catch let error as HDF5Error {
      // Within an archive, places are those of the weights' own file.
      throw file.form == .variables ? .weightFile(error) : .hdf5(error)
    } catch let error as InterchangeError {
      throw .weights(error)
    } catch {
      throw .config(JSONContentError(path: "", problem: "cannot be read: \(error)"))
    }
  }

  private init(reading file: KerasFile) throws {
    let model = try KerasModelReader(JSONNode(file.config))
    guard let input = model.inputShape, input.value != .null else { throw KerasImportError.noInputShape }
    var chain = try KerasChain(shape: input, layers: model.layers, store: KerasStore(file))
    for layer in model.layers { try chain.read(layer) }
    try chain.checkEnd()
    if let last = model.layers.last { try chain.leaveOutSigmoid(last) }

    let network = NetworkDescription(chain: chain.layers, inputShape: chain.inputShape)
    let shapes: [String: [Int]]
    do { shapes = try network.inferShapes() } catch { throw KerasImportError.graph(error) }
    let output = shapes[network.output] ?? []
    guard output.count == 1, output[0] <= WeightImport.maximumOutputCount else {
      throw KerasImportError.outputShape(output)
    }
    var layout = ForeignLayout.channelsLast
    layout.flatten = chain.flattenOrder
    let mapping = WeightMapping(network: network, networkName: "the model", shapes: shapes, layout: layout)
    let weights = ForeignWeights(chain.arrays.map(\.array), naming: .keras)
    let (tensors, fates, error) = try mapping.map(mapping.pairing(of: weights))
    let isMade = chain.arrays.map(\.isMade)
    self.init(
      network: network, outputCount: output[0], tensors: tensors,
      fates: fates.enumerated().filter { $0.offset >= isMade.count || !isMade[$0.offset] }.map(\.element),
      largestRelativeError: error, notes: chain.notes, preprocessing: chain.preprocessing)
  }
}
