import Testing

@testable import CNNPictures

@Suite struct AxisScaleTests {
  private func labels(_ range: ClosedRange<Double>?, _ count: Int = 5, extends: Bool = true) -> [String] {
    AxisScale(linear: range, count: count, extends: extends).ticks.map(\.label)
  }

  @Test func ticksAreOneTwoOrFiveTimesAPowerOfTen() {
    #expect(labels(0...1) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(0.021...0.9) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(0.91...0.99) == ["0.90", "0.92", "0.94", "0.96", "0.98", "1.00"])
    #expect(labels(-1.2...3.4) == ["-2", "-1", "0", "1", "2", "3", "4"])
    #expect(labels(0...230_000) == ["0", "50,000", "100,000", "150,000", "200,000", "250,000"])
    #expect(labels(0...2e7, 2) == ["0", "1e7", "2e7"])
    #expect(labels(0...0.0000004, 2) == ["0", "2e-7", "4e-7"])
    #expect(labels(1e12...1.00002e12, 2) == ["1e12", "1.00001e12", "1.00002e12"])
  }

  @Test func anAxisEndsAtTicksOnlyIfAsked() {
    let axis = AxisScale(linear: 1...10, count: 4, extends: false, hasWholeNumbers: true)
    #expect(axis.ticks.map(\.value) == [5, 10])
    #expect(axis.least == 1 && axis.greatest == 10)
    #expect(axis.fraction(of: 1) == 0 && axis.fraction(of: 10) == 1 && axis.fraction(of: 5.5) == 0.5)
    // What is outside is at the edge.
    #expect(axis.fraction(of: -3) == 0 && axis.fraction(of: 11) == 1)
  }

  @Test func wholeNumbersOnly() {
    let axis = AxisScale(linear: 1...3, count: 9, extends: false, hasWholeNumbers: true)
    #expect(axis.ticks.map(\.label) == ["1", "2", "3"])
    let one = AxisScale(linear: 1...1, count: 9, extends: false, hasWholeNumbers: true)
    #expect(one.ticks.map(\.label) == ["1"])
    #expect(one.fraction(of: 1) == 0.5)
  }

  @Test func equalNumbersHaveRoomAroundThem() {
    for value in [0.001, 5, -3, 123_456.789, 1e200, 1e-190, -1e200, 0x1p53] {
      for extends in [true, false] {
        let axis = AxisScale(linear: value...value, count: 5, extends: extends)
        #expect(axis.least < value && value < axis.greatest && axis.ticks.count >= 2, "\(value)")
        #expect((0.2...0.8).contains(axis.fraction(of: value)), "\(value)")
      }
    }
    #expect(labels(0...0) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(nil) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
  }

  @Test func anyTwoNumbersMakeAnAxis() {
    let values: [Double] = [
      -1e200, -1e100, -7, -1e-30, 0, .leastNonzeroMagnitude, 1e-200, 1e-8, 0.1, 0.3, 1, 1 + 0x1p-52, 9.99,
      1e15, 0x1p53,
      1e200,
    ]
    for (index, least) in values.enumerated() {
      for greatest in values[index...] {
        for wholeNumbers in [false, true] {
          let axis = AxisScale(
            linear: least...greatest, count: 5, extends: !wholeNumbers, hasWholeNumbers: wholeNumbers)
          #expect(axis.least < axis.greatest && axis.ticks.count <= 12, "\(least)...\(greatest)")
          #expect(axis.ticks.allSatisfy { $0.value.isFinite && $0.label.utf8.count < 30 })
          #expect((0...1).contains(axis.fraction(of: least)))
        }
        guard least > 1e-200 else { continue }
        let axis = AxisScale(logarithmic: least...greatest, count: 6)
        #expect(axis.least < axis.greatest && axis.ticks.count <= 16, "\(least)...\(greatest)")
        #expect(axis.least <= least * (1 + 1e-8) && axis.greatest >= greatest * (1 - 1e-8))
      }
    }
  }

  @Test func logarithmicTicks() {
    func labels(_ range: ClosedRange<Double>?) -> [String] {
      AxisScale(logarithmic: range, count: 6).ticks.map(\.label)
    }
    #expect(labels(0.03...0.9) == ["0.02", "0.05", "0.1", "0.2", "0.5", "1"])
    #expect(labels(0.0011...2.4) == ["0.001", "", "", "0.01", "", "", "0.1", "", "", "1", "", ""])
    #expect(labels(1e-9...1e9) == ["1e-8", "1e-4", "1", "1e4", "1e8"])
    #expect(labels(0.5...0.5) == ["0.2", "0.5", "1"])
    let axis = AxisScale(logarithmic: 0.001...10, count: 6)
    #expect(abs(axis.fraction(of: 0.1) - 0.5) < 1e-12)
  }

  @Test func largeCountsAreShort() {
    func labels(_ greatest: Double) -> [String] {
      AxisScale(linear: 0...greatest, count: 2, extends: true, hasWholeNumbers: true, isCompact: true).ticks
        .map(
          \.label)
    }
    #expect(labels(2) == ["0", "1", "2"])
    #expect(labels(900) == ["0", "500", "1k"])
    #expect(labels(18_000) == ["0", "10k", "20k"])
    #expect(labels(3e6) == ["0", "2M", "4M"])
    #expect(labels(5e9) == ["0", "5G"])
  }
}
