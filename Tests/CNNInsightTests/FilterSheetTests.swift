import CNNCodecs
import CNNInsight
import CNNInterchange
import CNNModelFile
import CNNTestSupport
import Testing

@Suite struct FilterSheetTests {
  @Test func theFirstConvolutionIsDrawnAsTheBookDoes() throws {
    let model = try SampleModel.make()
    let sheet = try FilterSheet.draw(model)
    #expect(sheet.width == 490)
    #expect(sheet.height == 250)
    let weights = try #require(model.tensor(named: "conv1.weight")).floats()
    for filter in 0..<30 {
      let values = weights[filter * 25..<(filter + 1) * 25]
      let (least, greatest) = (try #require(values.min()), try #require(values.max()))
      let left = 10 + filter % 8 * 60
      let top = 10 + filter / 8 * 60
      for (index, value) in values.enumerated() {
        let gray = (255 * Double(greatest - value) / Double(greatest - least)).rounded()
        // The middle of the block and its corners.
        for (x, y) in [(5, 5), (0, 0), (9, 9)] {
          let pixel = sheet.pixels[(top + index / 5 * 10 + y) * 490 + left + index % 5 * 10 + x]
          #expect(abs(Double(pixel) - gray) <= 1)
        }
      }
    }
    // The places of a 31st and 32nd filter stay white.
    #expect(sheet.pixels[(10 + 3 * 60) * 490 + 10 + 6 * 60] == 255)
  }

  @Test func aDeeperConvolutionHasARowForEachFilter() throws {
    let network = try Architecture(name: "lenet").network(outputs: 10)
    let tensors = network.nodes.flatMap { node in
      node.operation.parameters.map {
        Tensor(
          name: "\(node.name).\($0.suffix)", shape: $0.shape,
          values: (0..<$0.shape.reduce(1, *)).map { Float($0 % 7) })
      }
    }
    var model = ModelFile(
      manifest: Manifest(
        kind: .model, network: network, labels: (0..<10).map(String.init), preprocessing: Preprocessing(),
        provenance: Provenance(tool: "t", version: "0")), tensors: tensors)
    let sheet = try FilterSheet.draw(model, layer: "conv2")
    #expect(sheet.width == 20 * 60 + 10)
    #expect(sheet.height == 50 * 60 + 10)

    #expect(throws: FilterSheet.Failure.noSuchLayer("conv3", convolutions: ["conv1", "conv2"])) {
      try FilterSheet.draw(model, layer: "conv3")
    }
    #expect(throws: FilterSheet.Failure.notAConvolution("fc1", convolutions: ["conv1", "conv2"])) {
      try FilterSheet.draw(model, layer: "fc1")
    }
    var broken = [Float](repeating: 0, count: 500)
    broken[77] = .nan
    model.tensors[0] = Tensor(name: "conv1.weight", shape: [20, 1, 5, 5], values: broken)
    #expect(throws: FilterSheet.Failure.notFinite(layer: "conv1", filter: 3)) {
      try FilterSheet.draw(model)
    }
  }
}
