import CNNInsight
import CNNPictures
import Testing

@Suite struct CurveChartsTests {
  private func log(_ epochs: Int, loss: Double = 1, validation: Bool = true, stepLines: Bool = false)
    -> TrainingLog
  {
    var records: [TrainingLog.Record] = []
    for epoch in 1...epochs {
      if stepLines {
        records.append(
          .init(
            step: epoch * 10 - 5, learningRate: 0.1, trainLoss: loss / Double(epoch) + 0.1, trainAccuracy: 0.4
          ))
      }
      records.append(
        .init(
          epoch: epoch, step: epoch * 10, learningRate: 0.1, trainLoss: loss / Double(epoch),
          trainAccuracy: 0.5,
          validLoss: validation ? 2 * loss / Double(epoch) : nil, validAccuracy: validation ? 0.25 : nil))
    }
    return TrainingLog(records: records)
  }

  @Test func oneTrainingHasTwoColours() throws {
    let charts = CurveCharts([.init(name: "lenet", log: log(3))])
    let loss = try #require(charts.loss)
    #expect(loss.series.map(\.name) == ["training", "validation"])
    #expect(loss.series.map(\.color) == [0, 1])
    #expect(loss.series.map(\.dash) == [.solid, .dashed])
    #expect(loss.series[0].points == [.init(1, 1), .init(2, 0.5), .init(3, 1 / 3)])
    #expect(loss.series[1].points == [.init(1, 2), .init(2, 1), .init(3, 2 / 3)])
    #expect(loss.horizontalTitle == "epoch" && loss.hasWholeNumbers && !loss.isLogarithmic)
    #expect(try #require(charts.accuracy).series[1].points.map(\.y) == [0.25, 0.25, 0.25])
    #expect(try #require(charts.learningRate).series.map(\.name) == ["training"])
    #expect(charts.figure.panels.map(\.title) == ["Loss", "Accuracy", "Learning rate"])
    #expect(charts.figure.title == "Training of lenet")
    #expect(charts.figure.legend?.entries.map(\.name) == ["training", "validation"])
    let plain = CurveCharts([.init(name: "lenet", log: log(3, validation: false))])
    #expect(plain.figure.legend?.entries.map(\.name) == ["training"])
  }

  @Test func ofSeveralEachHasAColour() throws {
    let charts = CurveCharts([
      .init(name: "sgd", log: log(2)), .init(name: "adam", log: log(3, validation: false)),
    ])
    let loss = try #require(charts.loss)
    #expect(loss.series.map(\.name) == ["sgd, training", "sgd, validation", "adam, training"])
    #expect(loss.series.map(\.color) == [0, 0, 1])
    #expect(loss.series.map(\.dash) == [.solid, .dashed, .solid])
    #expect(loss.legend?.entries.map(\.name) == ["sgd", "adam", "training", "validation"])
    #expect(charts.figure.title == "Comparison of 2 trainings")
    let ten = CurveCharts((0..<10).map { .init(name: "\($0)", log: log(2)) })
    #expect(try #require(ten.loss).series.suffix(2).map(\.dash) == [.dotted, .dashDotted])
  }

  @Test func linesOfStepsCountSteps() throws {
    let charts = CurveCharts([
      .init(name: "a", log: log(2, stepLines: true)), .init(name: "b", log: log(2)),
    ])
    let loss = try #require(charts.loss)
    #expect(loss.horizontalTitle == "step")
    #expect(loss.series[0].points == [.init(5, 1.1), .init(15, 0.6)])
    // What only epochs know stands where they ended.
    #expect(loss.series[1].points == [.init(10, 2), .init(20, 1)])
    #expect(loss.series[2].points == [.init(10, 1), .init(20, 0.5)])
  }

  @Test func aWideRangeIsLogarithmic() throws {
    let diverging = TrainingLog(records: [
      .init(epoch: 1, step: 1, trainLoss: 2), .init(epoch: 2, step: 2, trainLoss: 700),
      .init(epoch: 3, step: 3, trainLoss: .infinity),
    ])
    let charts = CurveCharts([.init(name: "a", log: diverging)])
    #expect(try #require(charts.loss).isLogarithmic)
    #expect(charts.accuracy == nil && charts.learningRate == nil)
    #expect(charts.figure.panels.count == 1)
    #expect(charts.figure.svg().contains("700"))
  }

  @Test func ratesBeginAtZeroOrAreLogarithmic() throws {
    func rates(_ logs: [Double]...) throws -> LineChart {
      let runs = logs.enumerated().map { log in
        let records = log.element.enumerated().map {
          TrainingLog.Record(step: $0.offset + 1, learningRate: $0.element)
        }
        return CurveCharts.Run(name: "\(log.offset)", log: TrainingLog(records: records))
      }
      return try #require(CurveCharts(runs).learningRate)
    }
    #expect(try rates([0.001, 0.001]).baseline == 0)
    // A schedule that ends at nearly nothing is drawn as it is.
    #expect(try rates([0.1, 0.05, 1e-9]).isLogarithmic == false)
    #expect(try rates([0.1], [0.001]).isLogarithmic == false)
    #expect(try rates([1, 0.1], [0.001]).isLogarithmic)
  }

  @Test func emptyLogs() {
    #expect(CurveCharts([]).figure.panels.isEmpty)
    #expect(CurveCharts([.init(name: "a", log: .init(records: []))]).loss == nil)
    #expect(CurveCharts([]).figure.svg().hasSuffix("</svg>\n"))
  }
}
