import CNNModelFile
import Testing

@testable import CNNEngine

/// Choosing among examples. Each example's one pixel is its place, so that it can be recognised.
@Suite struct ExamplesSelectionTests {
  private func examples(_ labels: [Int]) -> Examples {
    Examples(
      inputs: labels.indices.map(Float.init), inputShape: [1, 1, 1], labels: labels)
  }

  private func places(_ examples: Examples) -> [Int] {
    (0..<examples.count).map { Int(examples.input($0)[0]) }
  }

  @Test func classesAreNumberedInTheOrderGiven() {
    let kept = examples([3, 1, 4, 1, 5, 9, 3]).keepingClasses([9, 1, 3])
    #expect(places(kept) == [0, 1, 3, 5, 6])
    #expect(kept.labels == [2, 1, 1, 0, 2])
    #expect(examples([1, 2]).keepingClasses([7]).count == 0)
    #expect(examples([1, 2]).keepingClasses([]).count == 0)
  }

  @Test func bytesKeepTheirPreprocessing() {
    let bytes = Examples(
      pixels: [0, 51, 102, 255], inputShape: [1, 1, 1], labels: [0, 1, 2, 1],
      preprocessing: Preprocessing(divisor: 255))
    let kept = bytes.keepingClasses([1])
    #expect(kept.labels == [0, 0])
    #expect((0..<2).map { kept.input($0) } == [[0.2], [1]])
  }

  @Test func theFirstOfEachClass() {
    let all = examples([0, 0, 1, 0, 2, 1, 7, 1, -1])
    #expect(places(all.first(2, ofEachOf: 3)) == [0, 1, 2, 4, 5])
    #expect(places(all.first(9, ofEachOf: 2)) == [0, 1, 2, 3, 5, 7])
    #expect(all.first(0, ofEachOf: 3).count == 0)
  }

  @Test func theFirst() {
    let all = examples([5, 6, 7])
    #expect(places(all.first(2)) == [0, 1])
    #expect(places(all.first(3)) == [0, 1, 2])
    #expect(all.first(4).count == 3)
    #expect(all.first(-1).count == 0)
  }

  @Test func aFractionIsHeldBackBySeed() {
    let all = examples((0..<200).map { $0 % 10 })
    let (kept, held) = all.split(fraction: 0.25, seed: 3)
    #expect(held.count == 50)
    #expect((places(kept) + places(held)).sorted() == Array(0..<200))
    #expect(places(kept) == places(kept).sorted())
    #expect(places(held) == places(held).sorted())
    #expect(places(held) != Array(0..<50) && places(held) != Array(150..<200))
    for part in [kept, held] { #expect(part.labels == places(part).map { $0 % 10 }) }
    #expect(places(all.split(fraction: 0.25, seed: 3).held) == places(held))
    #expect(places(all.split(fraction: 0.25, seed: 4).held) != places(held))
    // Rounded to whole examples.
    #expect(examples([0, 1, 2]).split(fraction: 0.5, seed: 1).held.count == 2)
    #expect(examples([0, 1, 2]).split(fraction: 0.1, seed: 1).held.count == 0)
  }

  @Test func classesThatNobodyHas() {
    #expect(examples([0, 2, 2, 8]).missingClasses(below: 5) == [1, 3, 4])
    #expect(examples([0, 1]).missingClasses(below: 2) == [])
  }

  @Test func theFingerprintTellsDataApart() {
    let all = examples([0, 1, 2])
    #expect(all.fingerprint == examples([0, 1, 2]).fingerprint)
    #expect(all.fingerprint != examples([0, 1, 1]).fingerprint)
    #expect(all.fingerprint != all.selecting([1, 0, 2]).fingerprint)
  }
}
