import CNNCodecs
import CNNEngine
import CNNModelFile
import Testing

@testable import CNNInsight

@Suite struct ReceptiveFieldTests {
  private func convolution(
    _ inputs: Int, _ outputs: Int, _ size: Int, stride: Int = 1, padding: Operation.Padding = .init(all: 0),
    dilation: Int = 1
  ) -> CNNModelFile.Operation {
    .conv2d(
      .init(
        inputChannels: inputs, outputChannels: outputs, kernelSize: .init(size, size),
        stride: .init(stride, stride), padding: padding, dilation: .init(dilation, dilation)))
  }

  /// With weights that are all positive, a number's slope is positive exactly where it reads.
  @Test(arguments: [1, 2]) func itIsWhereTheSlopeIsNotZero(dilation: Int) throws {
    let network = try chain(
      [1, 17, 14],
      [
        ("conv1", convolution(1, 2, 3, stride: 2, padding: .init(top: 2, left: 0, bottom: 1, right: 3))),
        ("conv2", convolution(2, 2, 2, padding: .init(all: 1), dilation: dilation)),
        ("conv3", convolution(2, 2, 3)),
      ]
    ) { _, values in values = values.map { abs($0) + 0.1 } }
    let session = try GradientSession(network, maximumBatch: 1, pool: WorkerPool(threadCount: 1))
    session.run([Float](repeating: 1, count: network.inputCount), count: 1)
    for layer in ["conv1", "conv2", "conv3"] {
      let shape = try #require(network.shapes[layer])
      let field = try ReceptiveField(of: layer, in: network)
      for place in 0..<shape[1] * shape[2] {
        var seeds = [Float](repeating: 0, count: shape.reduce(1, *))
        seeds[place] = 1
        let slope = try #require(session.gradients(of: layer, seeds: seeds, at: ["input"])["input"])
        let read = slope.indices.filter { slope[$0] > 0 }
        let found = field.rectangle(at: .init(row: place / shape[2], column: place % shape[2]))
        let (rows, columns) = (read.map { $0 / 14 }, read.map { $0 % 14 })
        guard let top = rows.min(), let bottom = rows.max(), let left = columns.min(),
          let right = columns.max()
        else {
          #expect(found.width == 0 || found.height == 0, "\(layer), place \(place)")
          continue
        }
        let expected = PixelRectangle(x: left, y: top, width: right + 1 - left, height: bottom + 1 - top)
        // At an edge, where a dilated kernel is cut between two of its weights, it may be a little too large.
        let isCut =
          found.x == 0 || found.y == 0 || found.x + found.width == 14 || found.y + found.height == 17
        if dilation == 1 || !isCut {
          #expect(found == expected, "\(layer), place \(place)")
        } else {
          #expect(found.x <= left && found.x + found.width > right, "\(layer), place \(place)")
          #expect(found.y <= top && found.y + found.height > bottom, "\(layer), place \(place)")
        }
      }
    }
  }

  @Test func poolingsAndLinearLayersCount() throws {
    let network = try smallNetwork()
    func rectangle(_ layer: String, unit: Int = 0, _ row: Int? = nil, _ column: Int = 0) throws
      -> PixelRectangle
    {
      try ReceptiveField(of: layer, in: network).rectangle(
        unit: unit, at: row.map { .init(row: $0, column: column) })
    }
    #expect(try rectangle("conv1", 2, 3) == PixelRectangle(x: 3, y: 2, width: 3, height: 3))
    #expect(try rectangle("relu1", 9, 7) == PixelRectangle(x: 7, y: 9, width: 3, height: 3))
    #expect(try rectangle("pool1", 1, 2) == PixelRectangle(x: 4, y: 2, width: 4, height: 4))
    #expect(try rectangle("conv2", 2, 1) == PixelRectangle(x: 2, y: 4, width: 8, height: 8))
    // A flattened picture keeps its places: number 11 is channel 1, row 2, column 1.
    #expect(try rectangle("flatten", unit: 11) == PixelRectangle(x: 2, y: 4, width: 8, height: 8))
    #expect(try rectangle("fc", unit: 1) == PixelRectangle(x: 0, y: 0, width: 10, height: 12))
    #expect(try ReceptiveField(of: "fc", in: network).isWhole)
    #expect(throws: InsightError.self) { try ReceptiveField(of: "fc9", in: network) }
  }
}
