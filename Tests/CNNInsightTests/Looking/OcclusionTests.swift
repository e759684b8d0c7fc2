import CNNEngine
import CNNInsight
import CNNModelFile
import CNNRecognition
import Testing

@Suite struct OcclusionTests {
  @Test func aPatchThatHidesPaperAloneTakesExactlyNothingAway() throws {
    // A network with convolutions that are computed in more ways than one.
    let network = try LearntNetwork(BuiltInModel.load())
    var input = [Float](repeating: network.paper, count: 28 * 28)
    for row in 8..<20 { input[row * 28 + 14] = 1 }
    let map = try Saliency(network, pool: WorkerPool(threadCount: 1)).occlusion(
      of: input, patch: .init(size: 6, stride: 11))
    for row in 0..<6 {
      for column in 0..<6 { #expect(map.values[row * 28 + column] == 0) }
    }
    #expect(map.values.contains { $0 > 0 })
  }

  @Test func aSessionForAbsurdlyManyInputsIsRefused() throws {
    let model = try BuiltInModel.load()
    let network = try #require(model.manifest.network)
    for count in [1 << 16, Int.max] {
      #expect {
        _ = try GradientSession(network, tensors: model.tensors, maximumBatch: count)
      } throws: { error in
        guard case EngineError.valuesTooLarge(_, let images)? = error as? EngineError else { return false }
        return images == count
      }
    }
  }
}
