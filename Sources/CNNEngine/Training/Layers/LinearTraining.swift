import CKernels
import CNNModelFile

/// A fully connected layer in training, with the ReLU that follows it.
///
/// Forward and backward are three products over the whole batch, cut into tiles of rows and columns. Every number is
/// one sum in ascending order, so the tiles have no say in it.
final class LinearTraining: WholeBatchLayer, @unchecked Sendable {
  // Tiles write to different parts of every buffer.
  private let hasReLU: Bool
  private let weight: ParameterStore.Entry
  private let bias: ParameterStore.Entry?
  let inputCount: Int
  let outputCount: Int
  var isTrained: Bool { weight.isTrained }

  /// The weights as [ceil(O / 16)][I][16] for the forward product ...
  private let forwardPanels: FloatBuffer
  /// ... and as [ceil(I / 16)][O][16] for the gradient of the input.
  private let backwardPanels: FloatBuffer
  /// The batch's inputs as [ceil(I / 16)][B][16] for the gradient of the weights.
  private let inputPanels: FloatBuffer
  /// The output's gradient as [O, B].
  private let turnedGradient: FloatBuffer
  private let paddedBias: FloatBuffer
  private let zeros: FloatBuffer

  private static let panel = Int(CNN_LINEAR_PANEL)

  /// - Parameter batch: the most images of a batch.
  init(
    _ operation: Operation.Linear, weight: ParameterStore.Entry, bias: ParameterStore.Entry?, hasReLU: Bool,
    batch: Int
  ) {
    self.weight = weight
    self.bias = bias
    self.hasReLU = hasReLU
    inputCount = operation.inputFeatures
    outputCount = operation.outputFeatures
    let outputPanels = Self.panels(outputCount)
    let panels = Self.panels(inputCount)
    forwardPanels = FloatBuffer(count: outputPanels * inputCount * Self.panel)
    backwardPanels = FloatBuffer(count: panels * outputCount * Self.panel)
    inputPanels = FloatBuffer(count: panels * batch * Self.panel)
    turnedGradient = FloatBuffer(count: outputCount * batch)
    paddedBias = FloatBuffer(count: outputPanels * Self.panel)
    zeros = FloatBuffer(count: panels * Self.panel)
  }

  private static func panels(_ count: Int) -> Int { (count + panel - 1) / panel }

  func prepare(kernels: KernelSet) {
    let table = kernels.table.pointee
    table.pack_transposed(
      Int32(inputCount), Int32(outputCount), weight.weights.pointer, forwardPanels.pointer)
    table.pack_rows(Int32(outputCount), Int32(inputCount), weight.weights.pointer, backwardPanels.pointer)
    if let bias { paddedBias.pointer.update(from: bias.weights.pointer, count: outputCount) }
  }

  func forward(
    _ count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, pool: WorkerPool,
    kernels: KernelSet
  ) {
    product(
      rows: count, depth: inputCount, columns: outputCount, left: input, panels: forwardPanels,
      bias: paddedBias, activation: hasReLU ? CNN_RELU : CNN_IDENTITY, into: output, pool: pool,
      kernels: kernels)
  }

  func backward(
    _ count: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
    doutput: UnsafeMutablePointer<Float>, dinput: UnsafeMutablePointer<Float>?, pool: WorkerPool,
    kernels: KernelSet
  ) {
    let table = kernels.table.pointee
    if hasReLU { table.drelu(count * outputCount, output, doutput, doutput) }
    if let dinput {
      product(
        rows: count, depth: outputCount, columns: inputCount, left: doutput, panels: backwardPanels,
        bias: zeros, activation: CNN_IDENTITY, into: dinput, pool: pool, kernels: kernels)
    }
    guard isTrained else { return }
    table.pack_rows(Int32(count), Int32(inputCount), input, inputPanels.pointer)
    for image in 0..<count {
      for output in 0..<outputCount {
        turnedGradient.pointer[output * count + image] = doutput[image * outputCount + output]
      }
    }
    product(
      rows: outputCount, depth: count, columns: inputCount, left: turnedGradient.pointer, panels: inputPanels,
      bias: zeros, activation: CNN_IDENTITY, into: weight.gradient.pointer, pool: pool, kernels: kernels)
    if let bias {
      bias.gradient.pointer.update(repeating: 0, count: outputCount)
      for image in 0..<count {
        table.add(outputCount, doutput + image * outputCount, bias.gradient.pointer)
      }
    }
  }

  /// [rows, depth] times [depth, columns], in tiles of at most 48 rows and 16 panels.
  private func product(
    rows: Int, depth: Int, columns: Int, left: UnsafePointer<Float>, panels: FloatBuffer, bias: FloatBuffer,
    activation: cnn_activation, into result: UnsafeMutablePointer<Float>, pool: WorkerPool, kernels: KernelSet
  ) {
    let tileRows = 48
    let tilePanels = 16
    let rowTiles = (rows + tileRows - 1) / tileRows
    let columnTiles = (Self.panels(columns) + tilePanels - 1) / tilePanels
    pool.run(rowTiles * columnTiles) { tile, _ in
      let (columnTile, rowTile) = tile.quotientAndRemainder(dividingBy: rowTiles)
      let row = rowTile * tileRows
      let column = columnTile * tilePanels * Self.panel
      kernels.table.pointee.linear(
        Int32(min(tileRows, rows - row)), Int32(depth),
        Int32(min(tilePanels * Self.panel, columns - column)), Int32(columns), left + row * depth,
        panels.pointer + column * depth, bias.pointer + column, activation,
        result + row * columns + column)
    }
  }
}
