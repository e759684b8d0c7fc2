import CNNEngine
import Testing

@Suite struct RandomTests {
  /// The known answers that come with Random123.
  @Test func philoxGivesItsAuthorsAnswers() {
    #expect(
      Philox(key: 0).block(SIMD4(0, 0, 0, 0)) == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox(key: .max).block(SIMD4(repeating: .max))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox(key: 0x299f_31d0_a409_3822).block(
        SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func streamsAreFunctionsOfTheirArguments() {
    func draw(_ stream: RandomStream) -> [UInt32] {
      var stream = stream
      return (0..<9).map { _ in stream.next() }
    }
    let base = draw(RandomStream(seed: 7, purpose: .dropout, layer: 1, step: 2, image: 3))
    #expect(base == draw(RandomStream(seed: 7, purpose: .dropout, layer: 1, step: 2, image: 3)))
    for other in [
      RandomStream(seed: 8, purpose: .dropout, layer: 1, step: 2, image: 3),
      RandomStream(seed: 7, purpose: .order, layer: 1, step: 2, image: 3),
      RandomStream(seed: 7, purpose: .dropout, layer: 2, step: 2, image: 3),
      RandomStream(seed: 7, purpose: .dropout, layer: 1, step: 3, image: 3),
      RandomStream(seed: 7, purpose: .dropout, layer: 1, step: 2, image: 4),
      RandomStream(seed: 7, purpose: .dropout, layer: 1, step: 2 + 1 << 32, image: 3),
    ] {
      #expect(Set(base).isDisjoint(with: draw(other)))
    }
  }

  @Test func distributionsHaveTheirMoments() {
    var stream = RandomStream(seed: 1, purpose: .initialization)
    let count = 100_000
    let uniform = (0..<count).map { _ in Double(stream.uniform()) }
    let normal = (0..<count).map { _ in Double(stream.normal()) }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(count) }
    // Five standard errors.
    #expect(abs(mean(uniform) - 0.5) < 5 * (1.0 / 12 / Double(count)).squareRoot())
    #expect(abs(mean(normal)) < 5 / Double(count).squareRoot())
    #expect(abs(mean(normal.map { $0 * $0 }) - 1) < 5 * (2 / Double(count)).squareRoot())
    #expect(uniform.allSatisfy { (0..<1).contains($0) })
  }

  @Test func boundedIntegersAreEquallyLikely() {
    var stream = RandomStream(seed: 2, purpose: .selection)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[Int(stream.integer(below: 7))] += 1 }
    // Chi-squared with 6 degrees of freedom exceeds 30 once in 25,000 times.
    #expect(counts.map { Double(($0 - 10_000) * ($0 - 10_000)) / 10_000 }.reduce(0, +) < 30)
    #expect(stream.integer(below: 1) == 0)
  }

  @Test func shufflingKeepsEveryItem() {
    var stream = RandomStream(seed: 3, purpose: .order)
    var items = Array(0..<1000)
    stream.shuffle(&items)
    #expect(items != Array(0..<1000))
    #expect(items.sorted() == Array(0..<1000))
  }
}
