import CNNCodecs
import CNNModelFile
import Testing

@testable import CNNEngine
@testable import CNNInsight

@Suite struct ReportPageTests {
  /// A report with names that would like to be markup, and numbers that are none.
  private static func report() -> RunReport {
    let labels = ["<b>", "\"&", "</script><script>alert(1)</script>"]
    let network = NetworkDescription(
      inputShape: [1, 2, 2],
      nodes: [
        .init(
          name: "conv<1>",
          operation: .conv2d(.init(inputChannels: 1, outputChannels: 2, kernelSize: .init(2, 2))),
          inputs: ["input"]), .init(name: "relu", operation: .relu, inputs: ["conv<1>"]),
        .init(name: "flatten", operation: .flatten, inputs: ["relu"]),
        .init(
          name: "fc", operation: .linear(.init(inputFeatures: 2, outputFeatures: 3)), inputs: ["flatten"]),
      ], output: "fc")
    var report = RunReport(
      tool: "cnn-train", version: "1.2.3", command: ["cnn-train", "<img src=x>", "a b"],
      model: "<m>.safetensors", architecture: "n&t", origin: "he, seed 7",
      options: [("seed", .number(7)), ("architecture", .string("<i>")), ("patience", .null)],
      sources: [.init(name: "<data>", size: 1234, crc32: 0xAB)], network: network, labels: labels)
    report.epochs = [
      .init(
        record: EpochRecord(epoch: 1, step: 5, learningRate: 0.1, trainLoss: .nan, trainAccuracy: 0.25),
        seconds: nil),
      .init(
        record: EpochRecord(
          epoch: 2, step: 10, learningRate: 0.05, trainLoss: 0.123456, trainAccuracy: 0.75,
          validLoss: .infinity,
          validAccuracy: 0.5), seconds: 1.234),
    ]
    report.log = TrainingLog(records: report.epochs.map { .init($0.record) })
    report.seconds = 1.5
    let examples = Examples(
      pixels: [UInt8](0..<20), inputShape: [1, 2, 2], labels: [0, 1, 2, 0, 1],
      preprocessing: Preprocessing(divisor: 255))
    let logits: [Float] = [
      9, 0, 0,  // right
      3, 0, 0,  // 1 read as 0, fairly sure
      0, 9, 0,  // 2 read as 1, very sure
      0, 0, 1,  // 0 read as 2, hardly
      0, 4, 0,  // right
    ]
    var evaluation = Evaluation()
    evaluation.add(logits: logits, classes: 3, labels: examples.labels)
    report.results = [
      .init(split: "train", evaluation: evaluation), .init(split: "test", evaluation: evaluation),
    ]
    report.add(logits: logits, of: examples, split: "test")
    let tensors = network.parameters.map { entry in
      Tensor(
        name: entry.name, shape: entry.parameter.shape,
        values: (0..<entry.parameter.shape.reduce(1, *)).map { Float($0) - 2 })
    }
    report.add(before: nil, after: tensors)
    return report
  }

  private let report: RunReport
  private let page: HTMLChecker
  private let json: JSONNode

  init() throws {
    report = Self.report()
    page = HTMLChecker(ReportPage.html(report))
    let script = try #require(page.all("script").first)
    json = JSONNode(try JSONReader.read(Array(script.text.utf8)))
  }

  /// The cells of the table with a caption, row by row.
  private func table(_ caption: String) throws -> [[String]] {
    let rows = ReportPage.html(report).rows(ofTable: caption)
    try #require(!rows.isEmpty, "no table \(caption)")
    return rows
  }

  @Test func thePageIsWellFormedAndHarmless() {
    #expect(page.problems == [])
    #expect(page.all("script").count == 1)
    #expect(page.all("script")[0].attributes == ["type": "application/json", "id": "run"])
    #expect(page.all("b").allSatisfy { !$0.text.isEmpty })
    #expect(page.all("i").isEmpty)
    for picture in page.all("img") {
      #expect(picture.attributes["src"]?.hasPrefix("data:image/png;base64,") == true)
      #expect(picture.attributes["alt"]?.isEmpty == false)
    }
    for link in page.all("a") { #expect(link.attributes["href"]?.hasPrefix("#") == true) }
    #expect(page.all("link").isEmpty)
    #expect(page.all("meta").contains { $0.attributes["content"]?.hasPrefix("default-src 'none'") == true })
    // Every place that the list of contents leads to is there, once.
    let places = page.all("section").compactMap { $0.attributes["id"] }
    #expect(places == page.all("a").compactMap { $0.attributes["href"].map { String($0.dropFirst()) } })
    #expect(Set(places).count == places.count)
  }

  @Test func theHeadline() throws {
    #expect(page.all("h1").map(\.text) == ["<m>.safetensors"])
    #expect(page.all("p", class: "accuracy").map(\.text) == ["40.00\u{202F}%test accuracy"])
    #expect(page.all("p", class: "counts")[0].text.hasPrefix("2 of 5 right, 3 wrong"))
    #expect(page.all("p", class: "kicker").map(\.text) == ["n&t, trained by cnn-train 1.2.3"])
    #expect(page.all("pre").map(\.text) == ["cnn-train '<img src=x>' 'a b'"])
    let facts = page.all("dd").map(\.text)
    #expect(facts.contains("19") && facts.contains("1.50 sin all, 1 thread") && facts.contains("210 steps"))
  }

  @Test func numbersOfTheEpochs() throws {
    #expect(
      try table("The epochs").dropFirst() == [
        ["1", "5", "0.1", "nan", "25.00\u{202F}%", "\u{2013}", "\u{2013}", "\u{2013}"],
        ["2", "10", "0.05", "0.1235", "75.00\u{202F}%", "inf", "50.00\u{202F}%", "1.23"],
      ])
    let epochs = try json.member("epochs").elements()
    #expect(try epochs[1].member("train_loss").number() == 0.123456)
    #expect(try epochs[1].member("seconds").number() == 1.234)
    #expect(try epochs[0].member("seconds").value == .null)
  }

  @Test func answersAndMistakes() throws {
    #expect(
      try table("Confusion matrix: true classes in rows, readings in columns") == [
        ["true \\ read"] + report.labels, ["<b>", "1", "\u{B7}", "1"], ["\"&", "1", "1", "\u{B7}"],
        ["</script><script>alert(1)</script>", "\u{B7}", "1", "\u{B7}"],
      ])
    #expect(
      try table("Every class by itself").dropFirst() == [
        ["<b>", "2", "1", "50.00", "50.00", "50.00"], ["\"&", "2", "1", "50.00", "50.00", "50.00"],
        ["</script><script>alert(1)</script>", "1", "0", "0.00", "0.00", "0.00"],
      ])
    #expect(report.mistakes.map(\.index) == [2, 1, 3] && report.mistakeCount == 3)
    let captions = page.all("figcaption").map(\.text)
    #expect(captions[0] == "</script><script>alert(1)</script> read as \"&, 1.000no. 2")
    #expect(captions[1] == "\"& read as <b>, 0.909no. 1")
    let mistakes = try json.member("mistakes").elements()
    #expect(try mistakes[1].member("label").string() == "\"&")
    #expect(try mistakes[1].member("read").string() == "<b>")
    #expect(try json.member("detail").member("correct").integer() == 2)
    #expect(try json.member("results").member("test").member("total").integer() == 5)
    #expect(try json.member("command").elements().map { try $0.string() } == report.command)
  }

  @Test func layersAndWhatIsNotKnown() throws {
    #expect(
      try table("The layers of the network").map(\.count) == [5, 5, 5, 5, 5, 5, 5])
    #expect(try table("The layers of the network").last?[3] == "19")
    #expect(report.filters?.layer == "conv<1>" && report.filters?.before == nil)
    #expect(
      page.all("section").first { $0.attributes["id"] == "filters" }?.text.contains("not known") == true)
    #expect(
      try json.member("weights").elements().map { try $0.member("name").string() } == [
        "conv<1>.weight", "fc.weight",
      ])
    #expect(try json.member("weights").elements()[0].member("before").value == .null)
    #expect(
      try table("Options in force").dropFirst() == [["--seed", "7"], ["--architecture", "<i>"]])
    #expect(try table("Data files").last == ["<data>", "1.2 kB", "000000ab"])
  }

  /// The text of the section about filters, and the layer, of a network that begins with batch normalisation.
  private func filters(channels: Int, isLinear: Bool) throws -> (layer: String?, text: String) {
    var nodes: [NetworkDescription.Node] = [
      .init(name: "bn", operation: .batchNorm(.init(features: channels)), inputs: ["input"])
    ]
    if isLinear {
      nodes += [
        .init(name: "flatten", operation: .flatten, inputs: ["bn"]),
        .init(
          name: "last", operation: .linear(.init(inputFeatures: channels * 4, outputFeatures: 2)),
          inputs: ["flatten"]),
      ]
    } else {
      nodes.append(
        .init(
          name: "last",
          operation: .conv2d(.init(inputChannels: channels, outputChannels: 2, kernelSize: .init(2, 2))),
          inputs: [channels == 3 ? "input" : "bn"]))
    }
    var other = report
    other.network = NetworkDescription(inputShape: [channels, 2, 2], nodes: nodes, output: "last")
    other.filters = nil
    let tensors = other.network.parameters.map { entry in
      Tensor(
        name: entry.name, shape: entry.parameter.shape,
        values: (0..<entry.parameter.shape.reduce(1, *)).map { Float($0) - 2 })
    }
    other.add(before: tensors, after: tensors)
    let page = HTMLChecker(ReportPage.html(other))
    let section = try #require(page.all("section").first { $0.attributes["id"] == "filters" })
    return (other.filters?.layer, section.text)
  }

  @Test func whatTheTilesOfFiltersAre() throws {
    for (channels, isLinear, note) in [
      (1, false, "a tile for each filter and channel that it reads; dark is large."),
      (2, false, "a tile for each filter and channel that it reads; dark is large."),
      (3, false, "a tile for each filter in the colours that it looks for: much red is large for red."),
      (1, true, "a tile for each unit and channel that it reads; dark is large."),
    ] {
      let found = try filters(channels: channels, isLinear: isLinear)
      #expect(found.layer == "last" && found.text.contains(note), "\(found.text)")
    }
  }

  @Test func mistakesOfAnyChannels() {
    for channels in 1...4 {
      var other = report
      let examples = Examples(
        inputs: (0..<channels * 6).map { Float($0) / 24 }, inputShape: [channels, 2, 3], labels: [1])
      other.add(logits: [1, 0, 0], of: examples, split: "test")
      #expect(other.mistakes.map { $0.picture?.width } == [3] && other.mistakes[0].picture?.height == 2)
    }
  }

  @Test func theSameReportIsTheSamePage() {
    #expect(ReportPage.html(report) == ReportPage.html(Self.report()))
  }

  @Test func whatIsNotThereIsLeftOut() {
    var empty = report
    empty.epochs = []
    empty.results = []
    empty.detail = nil
    empty.mistakes = []
    empty.mistakeCount = 0
    empty.filters = nil
    empty.weights = []
    let page = HTMLChecker(ReportPage.html(empty))
    #expect(page.problems == [])
    #expect(page.all("section").map { $0.attributes["id"] } == ["network", "making"])
  }

  @Test func manyClassesAreListedAndNotDrawn() {
    var many = report
    let classes = 100
    many.labels = (0..<classes).map(String.init)
    let examples = Examples(inputs: [Float](repeating: 0, count: 4), inputShape: [1, 2, 2], labels: [98])
    many.add(
      logits: (0..<classes).map { $0 == 99 ? 1 : 0 }, of: examples, split: "valid")
    let page = HTMLChecker(ReportPage.html(many))
    #expect(page.problems == [])
    #expect(page.all("table", class: "matrix").isEmpty)
    #expect(page.all("ul", class: "pairs").map(\.text) == ["98 read as 99: 1"])
  }

  @Test func severalLogs() throws {
    let runs = [
      CurveCharts.Run(name: "<sgd>", log: report.log), CurveCharts.Run(name: "adam", log: report.log),
    ]
    let text = ReportPage.html(comparing: runs, tool: "cnn-train", version: "1", command: ["cnn-train"])
    let page = HTMLChecker(text)
    #expect(page.problems == [])
    #expect(page.all("h1").map(\.text) == ["<sgd>, adam"])
    let rows = text.rows(ofTable: "What the trainings come to")
    #expect(rows.count == 3)
    #expect(Array(rows[1].prefix(5)) == ["<sgd>", "2", "10", "0.1235", "75.00\u{202F}%"])
    let compared = try JSONNode(JSONReader.read(Array(page.all("script")[0].text.utf8))).member("compared")
      .elements()
    #expect(try compared.map { try $0.member("name").string() } == ["<sgd>", "adam"])
    #expect(try compared[1].member("records").elements().count == 2)
  }
}

extension String {
  /// The cells of the table with a caption, row by row.
  fileprivate func rows(ofTable caption: String) -> [[String]] {
    guard let start = firstRange(of: ">\(caption)</caption>"),
      let end = self[start.upperBound...].firstRange(of: "</table>")
    else { return [] }
    let rows = self[start.upperBound..<end.lowerBound].split(separator: "<tr>").dropFirst()
    return rows.map { row in
      let cells = HTMLChecker("<!DOCTYPE html>" + (row.split(separator: "</tr>").first ?? ""))
      return cells.elements.filter { ["td", "th"].contains($0.name) }.map(\.text)
    }
  }
}
