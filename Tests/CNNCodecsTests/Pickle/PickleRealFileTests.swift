import CNNCodecs
import CNNTestSupport
import Testing

/// Pickles that people really have, where the folder with them is there.
@Suite(.enabled(if: SharedData.isPresent, "no folder with real data beside the repository"))
struct PickleRealFileTests {
  static func read(_ name: String) throws -> Pickle {
    let path = SharedData.path(name)
    return try Pickle(parsing: try #require(name.hasSuffix(".gz") ? readGzip(path) : readFile(path)))
  }

  @Test func weightsInFortranOrder() throws {
    let pickle = try Self.read("weights/sample_weight.pkl")
    let items = pickle.arrayListing().items
    #expect(items.map(\.path) == ["b2", "W1", "b1", "W2", "W3", "b3"])
    #expect(items.map(\.array.shape) == [[100], [784, 50], [50], [50, 100], [100, 10], [10]])
    #expect(items.filter { $0.array.memoryOrder == .columnMajor }.map(\.path) == ["W1", "W2", "W3"])
    let second = items[3].array.doubles()
    #expect(second[1] == 0.01591246761381626 && second[100] == 0.2991155683994293)
  }

  @Test func weightsOfTheConvolutionNets() throws {
    let simple = try Self.read("weights/simple_convnet_params.pkl").arrayListing().items
    #expect(simple.map(\.path) == ["W1", "b1", "W2", "b2", "W3", "b3"])
    #expect(simple[0].array.shape == [30, 1, 5, 5] && simple[0].array.elementType == .float64)
    #expect(simple[0].array.doubles()[7] == 0.035093178800835095)
    let deep = try Self.read("weights/deep_convnet_params.pkl").arrayListing().items
    #expect(deep.map(\.path) == (1...8).flatMap { ["W\($0)", "b\($0)"] })
    #expect(deep[14].array.shape == [50, 10])
  }

  @Test func eightPicklesInAStream() throws {
    let pickle = try Self.read("pickles/lenet-python2-stream.pkl")
    #expect(pickle.roots.count == 8)
    let shapes = pickle.arrayListing().items.map(\.array.shape)
    #expect(shapes == [[20, 1, 5, 5], [20], [50, 20, 5, 5], [50], [800, 500], [500], [500, 10], [10]])
  }

  @Test(arguments: [(0, 40), (2, 400)]) func samplesOfPython2(number: Int, count: Int) throws {
    let pickle = try Self.read("pickles/mnist-python2-protocol\(number).pkl.gz")
    let items = pickle.arrayListing().items
    #expect(items.map(\.path) == ["[0][0]", "[0][1]", "[1][0]", "[1][1]", "[2][0]", "[2][1]"])
    #expect(items[0].array.shape == [count, 784] && items[0].array.elementType == .float32)
    #expect(items[1].array.integers()?.prefix(5) == [5, 0, 4, 1, 9])
    // Every pixel is a byte over 256, which a wrong escape or byte order would not leave so.
    #expect(items[0].array.doubles().allSatisfy { $0 * 256 == ($0 * 256).rounded() && $0 >= 0 && $0 < 1 })
  }

  @Test func wholeMNISTWithoutACopy() throws {
    let pickle = try Self.read("mnist/mnist.pkl.gz")
    let items = pickle.arrayListing().items
    #expect(
      items.map(\.array.shape) == [[50000, 784], [50000], [10000, 784], [10000], [10000, 784], [10000]])
    #expect(items[5].array.integers()?.prefix(5) == [7, 2, 1, 0, 4])
    #expect(items.allSatisfy { $0.array.storage.count == pickle.bytes.count })
  }
}
