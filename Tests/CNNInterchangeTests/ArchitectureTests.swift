import CNNInterchange
import CNNModelFile
import Testing

@Suite struct ArchitectureTests {
  /// The parameters that a PyTorch module of the same name has: what `load_state_dict` asks for.
  private func parameters(_ name: String, outputs: Int = 10) throws -> [String: [Int]] {
    let network = try Architecture(name: name).network(outputs: outputs)
    _ = try network.inferShapes()
    return Dictionary(
      network.nodes.flatMap { node in
        node.operation.parameters.map { ("\(node.name).\($0.suffix)", $0.shape) }
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test func presetsHaveTheParametersOfTheirSources() throws {
    #expect(
      try parameters("lenet") == [
        "conv1.weight": [20, 1, 5, 5], "conv1.bias": [20], "conv2.weight": [50, 20, 5, 5], "conv2.bias": [50],
        "fc1.weight": [500, 800], "fc1.bias": [500], "fc2.weight": [10, 500], "fc2.bias": [10],
      ])
    #expect(try parameters("simple-convnet")["fc1.weight"] == [100, 4320])
    #expect(try parameters("double-convnet")["fc1.weight"] == [100, 720])
    let deep = try parameters("deep-convnet")
    #expect(deep["conv4.weight"] == [32, 32, 3, 3])
    #expect(deep["conv6.weight"] == [64, 64, 3, 3])
    #expect(deep["fc1.weight"] == [50, 1024])
    #expect(try parameters("mlp:100,50:bn")["bn2.running_var"] == [50])
    #expect(try parameters("mlp:none") == ["fc1.weight": [10, 784], "fc1.bias": [10]])
    #expect(try parameters("lenet", outputs: 26)["fc2.weight"] == [26, 500])
  }

  @Test func shapesAlongTheWayAreThoseOfTheBooks() throws {
    let double = try Architecture(name: "double-convnet").network(outputs: 10).inferShapes()
    #expect(double["conv1"] == [10, 24, 24])
    #expect(double["pool2"] == [20, 6, 6])
    let deep = try Architecture(name: "deep-convnet").network(outputs: 10).inferShapes()
    #expect(deep["conv4"] == [32, 16, 16])
    #expect(deep["pool3"] == [64, 4, 4])
  }

  @Test func suffixesChooseActivationAndRegularisers() throws {
    func operations(_ name: String) throws -> [Operation] {
      try Architecture(name: name).network(outputs: 3).nodes.map(\.operation)
    }
    #expect(try operations("lenet:tanh").contains(.tanh))
    #expect(try !operations("lenet:tanh").contains(.relu))
    #expect(try operations("mlp:7:sigmoid").contains(.sigmoid))
    #expect(try operations("mlp:7:dropout=0.2").contains(.dropout(.init(rate: 0.2))))
    #expect(try operations("deep-convnet").filter { $0 == .dropout(.init(rate: 0.5)) }.count == 1)
    let book = try Architecture(name: "deep-convnet").network(outputs: 10, testTimeDropout: true)
    #expect(
      book.nodes.filter { $0.operation == .dropout(.init(rate: 0.5, scaling: .inference)) }.count == 2)
    #expect(book.output == "dropout2")
  }

  @Test(arguments: [
    "lenet", "lenet:tanh", "mlp:100,50", "mlp:100:sigmoid:bn:dropout=0.2", "mlp:none", "deep-convnet",
  ])
  func aNameGivesItselfBack(name: String) throws {
    #expect(try Architecture(name: name).name == name)
  }

  @Test func namesThatAreNotUnderstoodSayWhy() {
    #expect(throws: ArchitectureError.unknownName("lenat")) { try Architecture(name: "lenat") }
    #expect(throws: ArchitectureError.missingWidths("mlp")) { try Architecture(name: "mlp") }
    #expect(throws: ArchitectureError.badWidth("x", name: "mlp:10,x")) { try Architecture(name: "mlp:10,x") }
    #expect(throws: ArchitectureError.badWidth("0", name: "mlp:0")) { try Architecture(name: "mlp:0") }
    #expect(throws: ArchitectureError.unknownSuffix("bn", name: "lenet:bn")) {
      try Architecture(name: "lenet:bn")
    }
    #expect(throws: ArchitectureError.badWidth("none", name: "mlp:none,5")) {
      try Architecture(name: "mlp:none,5")
    }
    #expect(throws: ArchitectureError.nothingToFollow("tanh", name: "mlp:none:tanh")) {
      try Architecture(name: "mlp:none:tanh")
    }
    #expect(throws: ArchitectureError.unknownSuffix("dropout=1", name: "mlp:5:dropout=1")) {
      try Architecture(name: "mlp:5:dropout=1")
    }
  }

  @Test func controlCharactersInNamesAreNotPrinted() {
    let name = "mlp:1\u{1B}[31m\n"
    #expect(throws: ArchitectureError.badWidth("1\u{1B}[31m\n", name: name)) { try Architecture(name: name) }
    #expect(
      ArchitectureError.badWidth("1\u{1B}[31m\n", name: name).description.hasPrefix(
        #"'1\u{1b}[31m\u{a}' in 'mlp:1\u{1b}[31m\u{a}' is not a width"#))
    for error in [
      ArchitectureError.unknownName("\u{7F}"), .missingWidths("\u{7F}"),
      .unknownSuffix("\u{7F}", name: "\u{7F}"),
    ] {
      #expect(error.description.contains(#"'\u{7f}'"#))
    }
  }
}
