import CNNCodecs
import CNNEngine
import CNNInterchange
import CNNModelFile
import CNNRecognition
import CNNTestSupport
import Testing

@testable import CNNInsight

@Suite struct ActivationMaximizationTests {
  /// A linear filter is excited most by ink wherever its weight is positive.
  @Test func aLinearFiltersPictureIsItsPositiveWeights() throws {
    let model = try SampleModel.make()
    let network = try LearntNetwork(model)
    let weights = try #require(model.tensor(named: "conv1.weight")).floats()
    let biases = try #require(model.tensor(named: "conv1.bias")).floats()
    let found = try ActivationMaximization.run(
      in: network, layer: "conv1", units: 0..<6, options: .init(attempts: 1))
    #expect(found.map(\.unit) == [0, 1, 2, 3, 4, 5])
    for (unit, picture) in found.enumerated() {
      let own = weights[unit * 25..<(unit + 1) * 25]
      let greatest = own.reduce(biases[unit]) { $0 + max($1, 0) }
      #expect(picture.activation <= greatest + 1e-4)
      #expect(picture.activation > greatest - 0.002 * abs(greatest) - 1e-3, "filter \(unit)")
      #expect(picture.field.width == 5 && picture.field.height == 5)
      #expect(picture.croppedPixels.count == 25)
      // What it doesn't see is paper.
      #expect(picture.pixels.count { $0 > 0 } == picture.croppedPixels.count { $0 > 0 })
      for (weight, pixel) in zip(own, picture.croppedPixels) where abs(weight) > 0.05 {
        #expect((pixel > 127) == (weight > 0))
      }
    }
  }

  @Test func theActivationIsWhatTheNetworkGivesForThePixels() throws {
    let network = try smallNetwork(preprocessing: Preprocessing(mean: 0.3, deviation: 0.5))
    for layer in network.layerNames {
      let found = try ActivationMaximization.run(
        in: network, layer: layer, options: .init(steps: 20, attempts: 2))
      #expect(found.count == network.shapes[layer]?[0])
      for picture in found {
        let maps = try FeatureMaps.maps(
          in: network, for: network.inputs(forPixels: picture.pixels), layers: [layer])[0]
        let greatest = try #require(maps.map(picture.unit).max())
        #expect(abs(greatest - picture.activation) <= 1e-5 * max(abs(greatest), 1), "\(layer)")
      }
    }
  }

  @Test func aPictureDependsOnItsUnitAndTheSeedAlone() throws {
    let network = try smallNetwork()
    func run(_ units: Range<Int>? = nil, seed: UInt64 = 3, threads: Int = 1) throws
      -> [ActivationMaximization]
    {
      try ActivationMaximization.run(
        in: network, layer: "conv2", units: units, options: .init(steps: 15, attempts: 2, seed: seed),
        pool: WorkerPool(threadCount: threads))
    }
    let all = try run()
    #expect(try run() == all)
    #expect(try run(threads: 3) == all)
    #expect(try run(2..<4) == Array(all[2..<4]))
    #expect(try run(seed: 4) != all)
    #expect(try run(2..<2).isEmpty)
  }

  @Test func blackInkOnWhitePaperIsTheSamePictureInverted() throws {
    let white = try smallNetwork()
    // 1 - p / 255 is what the other network sees of p.
    let black = try smallNetwork(
      preprocessing: Preprocessing(mean: 1, deviation: -1, polarity: .blackOnWhite))
    let options = ActivationMaximization.Options(steps: 15, attempts: 1)
    let (a, b) = (
      try ActivationMaximization.run(in: white, layer: "fc", options: options),
      try ActivationMaximization.run(in: black, layer: "fc", options: options)
    )
    for (a, b) in zip(a, b) {
      #expect(zip(a.pixels, b.pixels).allSatisfy { abs(Int($0) + Int($1) - 255) <= 1 })
    }
  }

  /// Behind a ReLU that is shut there is no slope, and still there is a picture.
  @Test func unitsThatAreShutAreOpened() throws {
    let network = try smallNetwork { name, values in
      if name == "conv1.bias" { values = values.map { _ in -0.2 } }
    }
    let found = try ActivationMaximization.run(in: network, layer: "relu1", options: .init(steps: 40))
    #expect(found.allSatisfy { $0.activation > 0 })
  }

  @Test func progressGoesFromNothingToAll() throws {
    let network = try smallNetwork()
    var parts: [Double] = []
    _ = try ActivationMaximization.run(
      in: network, layer: "conv2", options: .init(steps: 30, attempts: 2),
      pool: WorkerPool(threadCount: 1)
    ) { parts.append($0) }
    #expect(parts.first == 0)
    #expect(parts.last == 1)
    #expect(parts == parts.sorted())
  }

  /// Every unit gives at least what the best of the 60,000 training digits gives, but for a ten-thousandth where a
  /// digit is as good as can be, as for linear filters.
  @Test(
    .enabled(if: SharedData.isPresent, "the data beside the repository are not there"),
    .enabled(if: BuildKind.isRelease, "heavy: runs in release builds"))
  func picturesExciteMoreThanTheBestTrainingDigit() throws {
    let data = try DatasetInputs.load(
      ["images-idx3", "labels-idx1"].map {
        try LoadedInput(path: SharedData.path("mnist/train-\($0)-ubyte.gz"))
      }, requiresLabels: true, tool: "test", version: "0")
    let pixels = try #require(data.tensor(named: "train.images")).bytes
    let book = try Conversion(
      [LoadedInput(path: SharedData.path("weights/simple_convnet_params.pkl"))], options: .init(),
      tool: "test", version: "0"
    ).file
    for (model, layers) in [
      (try BuiltInModel.load(), ["conv1", "conv4", "conv6", "fc2"]), (book, ["conv1", "fc1", "fc2"]),
    ] {
      let network = try LearntNetwork(model)
      let digits = PixelInputs(pixels, inputCount: 784, preprocessing: network.preprocessing)
      for layer in layers {
        let best = try TopActivating.find(in: network, layer: layer, examples: digits, count: 1)
        let found = try ActivationMaximization.run(in: network, layer: layer)
        for (hits, picture) in zip(best.units, found) {
          let digit = hits[0].activation
          #expect(picture.activation >= digit - 1e-4 * abs(digit), "\(layer), unit \(picture.unit)")
        }
      }
    }
  }
}
