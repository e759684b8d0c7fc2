import CNNCodecs
import CNNInsight
import CNNInterchange
import CNNModelFile
import CNNPictures
import CNNTestSupport
import Testing

@Suite struct FilterSheetTests {
  /// A network with weights that count up, by the name of its architecture.
  private func model(_ architecture: String, outputs: Int = 10, factor: Float = 1) throws -> ModelFile {
    let network = try Architecture(name: architecture).network(outputs: outputs)
    return model(network, labels: (0..<outputs).map(String.init)) { Float($0 % 7) * factor }
  }

  private func model(_ network: NetworkDescription, labels: [String] = [], value: (Int) -> Float) -> ModelFile
  {
    let tensors = network.parameters.map { name, parameter in
      Tensor(
        name: name, shape: parameter.shape, values: (0..<parameter.shape.reduce(1, *)).map(value))
    }
    return ModelFile(
      manifest: Manifest(
        kind: .model, network: network, labels: labels, preprocessing: Preprocessing(),
        provenance: Provenance(tool: "t", version: "0")), tensors: tensors)
  }

  /// A first convolution of two filters that reads `channels` channels of 2x2 pixels, in groups.
  private func convolution(channels: Int, groups: Int = 1) -> NetworkDescription {
    NetworkDescription(
      inputShape: [channels, 2, 2],
      nodes: [
        .init(
          name: "conv1",
          operation: .conv2d(
            .init(inputChannels: channels, outputChannels: 2, kernelSize: .init(1, 2), groups: groups)),
          inputs: ["input"])
      ], output: "conv1")
  }

  private func pixel(_ picture: Picture, _ x: Int, _ y: Int) -> [UInt8] {
    let depth = picture.isColored ? 3 : 1
    let start = (y * picture.width + x) * depth
    return Array(picture.samples[start..<start + depth])
  }

  @Test func theFirstConvolutionIsDrawnAsTheBookDoes() throws {
    let model = try SampleModel.make()
    let sheet = try FilterSheet.draw(model).grayImage
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
    var model = try model("lenet")
    let sheet = try FilterSheet.draw(model, layer: "conv2")
    #expect(sheet.width == 20 * 60 + 10)
    #expect(sheet.height == 50 * 60 + 10)
    // Filters stay together, whatever is asked for.
    let wide = try FilterSheet.draw(model, layer: "conv2", appearance: .init(columns: 45))
    #expect(wide.width == 40 * 60 + 10 && wide.height == 25 * 60 + 10)
    let narrow = try FilterSheet.draw(model, layer: "conv2", appearance: .init(columns: 8))
    #expect(narrow.width == 8 * 60 + 10 && narrow.height == 150 * 60 + 10)
    // The third row of a filter ends with four empty places.
    #expect(
      pixel(narrow, 10 + 3 * 60, 10 + 2 * 60) != [255] || pixel(narrow, 20 + 3 * 60, 10 + 2 * 60) != [255])
    #expect((10 + 4 * 60..<490).allSatisfy { pixel(narrow, $0, 35 + 2 * 60) == [255] })

    let layers = ["conv1", "conv2", "fc1", "fc2"]
    #expect(throws: FilterSheet.Failure.noSuchLayer("conv3", drawable: layers)) {
      try FilterSheet.draw(model, layer: "conv3")
    }
    #expect(throws: FilterSheet.Failure.notDrawable("pool1", drawable: layers)) {
      try FilterSheet.draw(model, layer: "pool1")
    }
    var broken = [Float](repeating: 0, count: 500)
    broken[77] = .nan
    model.tensors[0] = Tensor(name: "conv1.weight", shape: [20, 1, 5, 5], values: broken)
    for scaling in SheetAppearance.Scaling.allCases {
      #expect(throws: FilterSheet.Failure.notFinite(layer: "conv1", filter: 3)) {
        try FilterSheet.draw(model, appearance: .init(scaling: scaling))
      }
    }
  }

  @Test func weightsThatAreAllEqual() throws {
    let model = model(convolution(channels: 1)) { _ in 0 }
    #expect(pixel(try FilterSheet.draw(model), 10, 10) == [128])
    let diverging = try FilterSheet.draw(model, appearance: .init(colors: .diverging))
    #expect(diverging.samples.allSatisfy { $0 == 255 })
  }

  @Test func aRangeForEachFilterOrForTheLayer() throws {
    // Filter 0 is 0 and 1, filter 1 is 2 and 4.
    let model = model(convolution(channels: 1)) { [0, 1, 2, 4][$0 % 4] }
    func row(_ appearance: SheetAppearance) throws -> [[UInt8]] {
      let sheet = try FilterSheet.draw(model, appearance: appearance)
      return [10, 20, 40, 50].map { pixel(sheet, $0, 10) }
    }
    #expect(try row(.init()) == [[255], [0], [255], [0]])
    #expect(try row(.init(scaling: .layer)) == [[255], [191], [128], [0]])
    let red = [UInt8(178), 24, 43]
    #expect(try row(.init(colors: .diverging)) == [[255, 255, 255], red, [217, 140, 149], red])
    #expect(
      try row(.init(scaling: .layer, colors: .diverging)) == [
        [255, 255, 255], [236, 197, 202], [217, 140, 149], red,
      ])
  }

  @Test func theStrongestChannelsOfEachFilter() throws {
    // Filter 0 is strongest in channel 2, then 0; filter 1 in 1, then 3: of equals the first.
    let strengths: [Float] = [3, 1, 5, 0, 1, 9, 0, 1]
    let model = model(convolution(channels: 4)) { $0 % 2 == 0 ? -strengths[$0 / 2] : strengths[$0 / 2] }
    let weights = try LayerWeights(model)
    #expect(weights.strongestChannels(ofUnit: 0, count: 2) == [2, 0])
    #expect(weights.strongestChannels(ofUnit: 1, count: 3) == [1, 0, 3])
    let sheet = try FilterSheet.draw(model, view: .strongest(2), appearance: .init(colors: .gray))
    #expect(sheet.width == 10 + 2 * 30 && sheet.height == 10 + 2 * 20)
    #expect([10, 20, 40, 50].map { pixel(sheet, $0, 10) } == [[255], [0], [204], [51]])
    // More than there are is all of them.
    #expect(try FilterSheet.draw(model, view: .strongest(9)).width == 10 + 4 * 30)
  }

  @Test func channelsOfGroupsHaveTheirNumbers() throws {
    let weights = try LayerWeights(model(convolution(channels: 4, groups: 2)) { Float($0) })
    #expect(weights.channelCount == 2)
    #expect(weights.channelNumber(1, ofUnit: 0) == 1)
    #expect(weights.channelNumber(1, ofUnit: 1) == 3)
  }

  @Test func filtersThatReadColoursAreDrawnInThem() throws {
    // Two numbers for each of red, green, blue.
    let values: [Float] = [0, 10, 5, 0, 0, 2.5]
    let model = model(convolution(channels: 3)) { values[$0 % 6] }
    let sheet = try FilterSheet.draw(model)
    #expect(sheet.width == 10 + 2 * 30 && sheet.height == 30)
    #expect(pixel(sheet, 10, 10) == [0, 128, 0])
    #expect(pixel(sheet, 20, 10) == [255, 0, 64])
    // Those who ask for greys get the channels apart.
    let gray = try FilterSheet.draw(model, appearance: .init(colors: .gray))
    #expect(!gray.isColored && gray.width == 10 + 3 * 30 && gray.height == 10 + 2 * 20)
  }

  @Test func groupsOfThreeChannelsAreNoColours() throws {
    // Two filters, each of which reads three of six channels.
    let model = model(convolution(channels: 6, groups: 2)) { Float($0) }
    #expect(try LayerWeights(model).channelCount == 3)
    #expect(try !LayerWeights(model).readsColors)
    let sheet = try FilterSheet.draw(model)
    #expect(!sheet.isColored && sheet.width == 10 + 3 * 30)
    #expect(try LayerWeights(self.model(convolution(channels: 3)) { Float($0) }).readsColors)
  }

  @Test func unitsOfLinearLayersAreThePicturesThatTheyRead() throws {
    let model = try model("mlp:100,50")
    // 100 units that read 28x28 pixels: thirteen rows of eight, at most 120 pixels a side.
    let first = try FilterSheet.draw(model)
    #expect(first.width == 10 + 8 * (28 * 4 + 10) && first.height == 10 + 13 * (28 * 4 + 10))
    let weights = try LayerWeights(model)
    #expect(weights.layer == "fc1" && weights.form == .pictures)
    #expect(weights.tile(unit: 1, channel: 0).first == Float(784 % 7))
    // Behind it come rows of numbers: a matrix, each unit a row.
    let second = try FilterSheet.draw(model, layer: "fc2")
    #expect(second.width == 20 + 100 * 10 && second.height == 20 + 50 * 10)
    // 500 units that read 50 maps of 4x4.
    let deep = try LayerWeights(self.model("lenet"), layer: "fc1")
    #expect(deep.form == .pictures && deep.channelCount == 50 && deep.height == 4 && deep.width == 4)
    #expect(try LayerWeights(self.model("lenet"), layer: "fc2").unitNames == (0..<10).map(String.init))
  }

  @Test func classesWithoutANameAreCalledByTheirNumbers() throws {
    let network = try Architecture(name: "mlp:4").network(outputs: 3)
    let model = model(network, labels: ["ka", "ki"]) { _ in 0.5 }
    #expect(try LayerWeights(model, layer: network.output).unitNames == ["ka", "ki", "2"])
    #expect(try LearntNetwork(model).unitNames(of: network.output) == ["ka", "ki", "2"])
    #expect(try LayerWeights(model, layer: "fc1").unitNames == ["0", "1", "2", "3"])
    #expect(try LearntNetwork(model).unitNames(of: "fc1") == ["0", "1", "2", "3"])
  }

  @Test func twoModelsBesideEachOther() throws {
    let first = model(convolution(channels: 1)) { Float($0 % 2) }
    let second = model(convolution(channels: 1)) { 3 * Float($0 % 2) }
    let alone = try FilterSheet.draw(first)
    let both = try FilterSheet.compare((first, second), names: ("a", "b"))
    #expect(both.width == 2 * alone.width + 30 && both.height == alone.height + 20)
    // The range of both: what is greatest in the first is a third of the second's.
    let common = try FilterSheet.compare(
      (first, second), names: ("a", "b"), appearance: .init(scaling: .layer))
    #expect(pixel(common, 30, 20) == [170])
    #expect(pixel(common, 30 + alone.width + 10, 20) == [0])
    let labelled = try FilterSheet.compare(
      (first, second), names: ("a", "b"), appearance: .init(scaling: .layer, isLabelled: true))
    #expect(labelled.height > common.height)
    #expect(
      throws: FilterSheet.Failure.differentShapes(layer: "conv1", [2, 1, 1, 2], [2, 2, 1, 2])
    ) {
      try FilterSheet.compare((first, model(convolution(channels: 2)) { Float($0) }), names: ("a", "b"))
    }
  }

  @Test func coloursBesideEachOtherHaveNoBar() throws {
    let model = model(convolution(channels: 3)) { Float($0) }
    func sheets(_ appearance: SheetAppearance) throws -> (alone: Picture, both: Picture) {
      (
        try FilterSheet.draw(model, appearance: appearance),
        try FilterSheet.compare((model, model), names: ("a", "b"), appearance: appearance)
      )
    }
    let colors = try sheets(.init(scaling: .layer, isLabelled: true))
    // A title and its margin are above each, 10 pixels of white around both.
    #expect(colors.both.height == colors.alone.height + 9 + 10 + 20)
    // In greys, a bar says what they stand for.
    let bar = try sheets(.init(scaling: .layer, colors: .gray, isLabelled: true)).both
    let none = try sheets(.init(colors: .gray, isLabelled: true)).both
    #expect(bar.height > none.height)
  }

  @Test func twoModelsThatAreTooLargeSayWhichScaleFits() throws {
    let model = try model("lenet")
    for labelled in [false, true] {
      func failure(_ scale: Int) throws -> FilterSheet.Failure {
        try #require(throws: FilterSheet.Failure.self) {
          _ = try FilterSheet.compare(
            (model, model), names: ("a", "b"),
            appearance: .init(scaling: .layer, scale: scale, isLabelled: labelled))
        }
      }
      // Of three rows of eight filters, one sheet would fit in the first case and not in the second.
      var fitting: [Int] = []
      for scale in [300, 1_000] {
        guard case .sheet("conv1", .tooLarge(let width, let height, let greatest?)) = try failure(scale)
        else {
          Issue.record("another failure")
          return
        }
        #expect(width >= 2 * 8 * (5 * scale + 10) && height >= 3 * (5 * scale + 10))
        fitting.append(greatest)
      }
      // Two sheets have 23010x4335 pixels at 285, and too many at 286; words and a bar take some more.
      #expect(fitting[0] == fitting[1])
      #expect(labelled ? (250..<285).contains(fitting[0]) : fitting[0] == 285)
      let drawn = try FilterSheet.compare(
        (model, model), names: ("a", "b"),
        appearance: .init(scaling: .layer, scale: fitting[0], isLabelled: labelled))
      #expect(drawn.width == 2 * (10 + 8 * (5 * fitting[0] + 10)) + 30)
      guard case .sheet("conv1", .tooLarge(_, _, fitting[0])) = try failure(fitting[0] + 1) else {
        Issue.record("\(fitting[0] + 1) fits")
        return
      }
    }
  }

  @Test func sheetsThatAreTooLargeSayWhichScaleFits() throws {
    let model = try model("lenet")
    func failure(_ scale: Int) throws -> FilterSheet.Failure {
      try #require(throws: FilterSheet.Failure.self) {
        try FilterSheet.draw(model, layer: "conv2", appearance: .init(scale: scale))
      }
    }
    guard case .sheet("conv2", .tooLarge(let width, _, let fitting)) = try failure(1_000) else {
      Issue.record("another failure")
      return
    }
    #expect(width == 20 * 5010 + 10)
    let scale = try #require(fitting)
    #expect(try FilterSheet.draw(model, layer: "conv2", appearance: .init(scale: scale)).width > 0)
    #expect(throws: FilterSheet.Failure.self) {
      try FilterSheet.draw(model, layer: "conv2", appearance: .init(scale: scale + 1))
    }
  }
}
