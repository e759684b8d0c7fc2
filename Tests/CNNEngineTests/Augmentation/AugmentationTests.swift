import CNNCodecs
import CNNEngine
import Testing

@Suite struct AugmentationTests {
  private func stream(_ image: Int, step: Int = 0) -> RandomStream {
    RandomStream(seed: 9, purpose: .augmentation, step: step, image: image)
  }

  @Test func noneIsTheIdentityAndDrawsNothing() {
    var random = stream(1)
    let picture = Picture.noise(height: 28, width: 28, seed: 1)
    let result = picture.augmented(.none, &random, picture.workspace())
    #expect(result.pixels.map(\.bitPattern) == picture.pixels.map(\.bitPattern))
    var fresh = stream(1)
    #expect(random.next() == fresh.next())
  }

  @Test func drawsStayInTheirRanges() {
    let augmentation = Augmentation(
      shift: 2, rotation: 15, scale: 0.2, shear: 8, elasticStrength: 30, elasticSmoothness: 5, thickness: 0.5,
      erasing: 0.25)
    var erasures = 0
    var (least, greatest) = (Distortion(), Distortion())
    for image in 0..<1000 {
      var random = stream(image)
      let drawn = augmentation.draw(&random, height: 28, width: 20)
      for path in [
        \Distortion.shiftX, \.shiftY, \.rotation, \.scaleX, \.scaleY, \.shear, \.thickness,
      ] {
        least[keyPath: path] = min(least[keyPath: path], drawn[keyPath: path])
        greatest[keyPath: path] = max(greatest[keyPath: path], drawn[keyPath: path])
      }
      #expect(drawn.elastic != nil)
      if let erased = drawn.erased {
        erasures += 1
        #expect(erased.x >= 0 && erased.x + erased.width <= 20 && (2...4).contains(erased.width))
        #expect(erased.y >= 0 && erased.y + erased.height <= 28 && (3...5).contains(erased.height))
      }
    }
    // Never beyond the range, and within 2 % of its ends in a thousand draws.
    func expectRange(_ path: KeyPath<Distortion, Float>, _ middle: Float, _ reach: Float) {
      #expect(least[keyPath: path] >= middle - reach && greatest[keyPath: path] <= middle + reach)
      #expect(least[keyPath: path] < middle - 0.98 * reach && greatest[keyPath: path] > middle + 0.98 * reach)
    }
    expectRange(\.shiftX, 0, 2)
    expectRange(\.shiftY, 0, 2)
    expectRange(\.rotation, 0, 15)
    expectRange(\.scaleX, 1, 0.2)
    expectRange(\.scaleY, 1, 0.2)
    expectRange(\.shear, 0, 8)
    expectRange(\.thickness, 0, 0.5)
    // Five standard errors around 250.
    #expect(abs(erasures - 250) < 69)
  }

  @Test func partsThatAreOffDrawNothing() {
    var random = stream(0)
    let drawn = Augmentation(rotation: 5).draw(&random, height: 28, width: 28)
    var expected = Distortion()
    expected.rotation = drawn.rotation
    #expect(drawn == expected && drawn.rotation != 0)
    var fresh = stream(0)
    _ = fresh.next()
    #expect(random.next() == fresh.next())
  }

  @Test func resultsDependOnTheExampleAlone() {
    let pictures = (0..<12).map { Picture.noise(height: 28, width: 28, seed: UInt64($0)) }
    func augmented(_ index: Int, step: Int = 0, _ workspace: AugmentationWorkspace) -> [UInt32] {
      var random = stream(index, step: step)
      return pictures[index].augmented(.digits, &random, workspace).pixels.map(\.bitPattern)
    }
    let alone = (0..<12).map { augmented($0, pictures[0].workspace()) }
    let shared = pictures[0].workspace()
    var backwards = (0..<12).reversed().map { augmented($0, shared) }
    backwards.reverse()
    #expect(alone == backwards)
    #expect(augmented(3, step: 1, shared) != alone[3])
    // On several threads, each with a workspace of its own.
    let pool = WorkerPool(threadCount: 3)
    let workspaces = (0..<3).map { _ in pictures[0].workspace() }
    let place = UnsafeMutablePointer<[UInt32]>.allocate(capacity: 12)
    place.initialize(repeating: [], count: 12)
    pool.run(12) { piece, worker in place[piece] = augmented(piece, workspaces[worker]) }
    #expect((0..<12).map { place[$0] } == alone)
    place.deinitialize(count: 12)
    place.deallocate()
  }

  @Test func outputsStayBetweenInputsAndBackground() {
    // Edges in place of soft strokes, and every part at its strongest.
    let strong = Augmentation(
      shift: 8, rotation: 180, scale: 0.9, shear: 60, elasticStrength: 200, elasticSmoothness: 2,
      thickness: 1,
      erasing: 1)
    for (channels, height, width) in [(1, 28, 28), (1, 1, 1), (3, 5, 9), (2, 1, 12), (1, 33, 2)] {
      let picture = Picture.noise(channels: channels, height: height, width: width, seed: 5)
        .map { $0 < 0.5 ? -1 : 3 }
      let workspace = picture.workspace(background: -1)
      for image in 0..<20 {
        var random = stream(image)
        let result = picture.augmented(strong, &random, workspace)
        #expect(result.pixels.allSatisfy { $0 >= -1.00001 && $0 <= 3.00001 })
      }
    }
  }

  @Test func theScaleOfThePixelsDoesNotMatter() {
    let workspace = Picture.ring.workspace()
    let shifted = Picture.ring.workspace(background: -0.5)
    for image in 0..<10 {
      var (first, second) = (stream(image), stream(image))
      let plain = Picture.ring.augmented(.digits, &first, workspace)
      let normalized = Picture.ring.map { 3 * $0 - 0.5 }.augmented(.digits, &second, shifted)
      #expect(normalized.difference(from: plain.map { 3 * $0 - 0.5 }) < 1e-5)
    }
  }

  @Test func presetsKeepADigitInTheField() {
    // A stroke that becomes thicker or thinner, larger or smaller changes its mass, but does not vanish.
    let workspace = Picture.ring.workspace()
    for augmentation in [Augmentation.light, .digits] {
      var results: Set<[UInt32]> = []
      for image in 0..<50 {
        var random = stream(image)
        let result = Picture.ring.augmented(augmentation, &random, workspace)
        #expect((0.5...1.8).contains(result.mass / Picture.ring.mass))
        results.insert(result.pixels.map(\.bitPattern))
      }
      #expect(results.count == 50)
    }
  }
}
