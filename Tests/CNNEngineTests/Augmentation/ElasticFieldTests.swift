import CNNEngine
import Testing

@Suite struct ElasticFieldTests {
  /// Where each pixel of a picture comes from, found by distorting pictures of the coordinates themselves.
  private struct Displacements {
    let side: Int
    let sources: Picture

    init(_ field: ElasticField, side: Int = 32) {
      self.side = side
      var distortion = Distortion()
      distortion.elastic = field
      sources = Picture(channels: 2, height: side, width: side) { channel, y, x in Float(channel == 0 ? x : y)
      }
      .distorted(distortion)
    }

    func x(_ y: Int, _ x: Int) -> Double { Double(sources[0, y, x]) - Double(x) }
    func y(_ y: Int, _ x: Int) -> Double { Double(sources[1, y, x]) - Double(y) }
  }

  @Test func itVariesAsStated() {
    // Far enough from the border that only what is inside is sampled.
    let (strength, smoothness): (Float, Float) = (20, 4)
    var random = RandomStream(seed: 1, purpose: .augmentation)
    var samples: [Double] = []
    var products: [Double] = []
    let distance = 6
    for _ in 0..<300 {
      let field = ElasticField(strength: strength, smoothness: smoothness, random: &random)
      #expect(field.bound < 4)
      let displacements = Displacements(field)
      for y in [4, 27] {
        for x in [4, 16, 27] {
          let (dx, dy) = (displacements.x(y, x), displacements.y(y, x))
          samples += [dx, dy]
          let step = x == 27 ? -distance : distance
          products += [dx * displacements.x(y, x + step), dy * displacements.y(y, x + step)]
        }
      }
    }
    let count = Double(samples.count)
    let deviation = Double(ElasticField.deviation(strength: strength, smoothness: smoothness))
    #expect(abs(deviation - 0.8143) < 1e-4)
    let variance = samples.reduce(0) { $0 + $1 * $1 } / count
    // The samples of one field are nearly independent: these are five standard errors.
    #expect(abs(samples.reduce(0, +) / count) < 5 * deviation / count.squareRoot())
    #expect(abs(variance / (deviation * deviation) - 1) < 5 * (2 / count).squareRoot())
    // As for a Gaussian of this deviation: exp(-d^2 / (4 sigma^2)).
    let correlation = products.reduce(0, +) / Double(products.count) / variance
    #expect(abs(correlation - 0.5698) < 0.06)
  }

  @Test func noDisplacementExceedsTheBound() {
    var random = RandomStream(seed: 2, purpose: .augmentation)
    for smoothness: Float in [1, 2.5, 20] {
      let field = ElasticField(strength: 10, smoothness: smoothness, random: &random)
      let displacements = Displacements(field, side: 48)
      let margin = Int(field.bound) + 2
      var greatest = 0.0
      for y in margin..<48 - margin {
        for x in margin..<48 - margin {
          greatest = max(greatest, abs(displacements.x(y, x)), abs(displacements.y(y, x)))
        }
      }
      #expect(greatest <= Double(field.bound) + 1e-4)
      #expect(greatest > Double(field.bound) / 100)
    }
  }

  @Test func neighboursMoveTogether() {
    var random = RandomStream(seed: 3, purpose: .augmentation)
    let field = ElasticField(strength: 34, smoothness: 4, random: &random)
    let displacements = Displacements(field)
    // A cubic B-spline's slope is at most the difference of neighbours on the grid, here 2 * bound, per spacing.
    let steepest = Double(2 * field.bound / field.spacing) + 1e-4
    for y in 8..<24 {
      for x in 8..<23 {
        #expect(abs(displacements.x(y, x + 1) - displacements.x(y, x)) <= steepest)
        #expect(abs(displacements.x(x + 1, y) - displacements.x(x, y)) <= steepest)
      }
    }
  }

  @Test func theFieldDoesNotDependOnThePicturesSize() {
    var random = RandomStream(seed: 4, purpose: .augmentation)
    let field = ElasticField(strength: 10, smoothness: 3, random: &random)
    let (small, large) = (Displacements(field, side: 20), Displacements(field, side: 33))
    for place in 5..<15 {
      #expect(abs(small.x(place, 19 - place) - large.x(place, 19 - place)) < 1e-4)
      #expect(abs(small.y(place, 19 - place) - large.y(place, 19 - place)) < 1e-4)
    }
  }
}
