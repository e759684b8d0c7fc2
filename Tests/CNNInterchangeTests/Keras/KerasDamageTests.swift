import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNInterchange

/// Files that lack what their configuration asks for, and sizes that no file has.
@Suite struct KerasDamageTests {
  @Test func weightsThatDoNotFit() throws {
    let dense = TestKeras.layer("Dense", #""units": 6"#)
    #expect(
      throws: KerasImportError.weights(
        .shapeMismatch(
          array: "dense/kernel", found: [288, 6], layer: "fc1.weight", expected: [784, 6], hint: nil))
    ) {
      try TestKeras.importing(TestKeras.sequential([TestKeras.layer("Flatten"), dense]))
    }
    // Sizes that no file has cost nothing.
    let average = TestKeras.layer("GlobalAveragePooling2D")
    #expect(throws: KerasImportError.tooManyWeights(limit: 1 << 22)) {
      try TestKeras.importing(TestKeras.sequential([average], input: "8192, 8192, 1"))
    }
    let extent = "2147483647"
    for layer in ["Flatten", "Reshape"] {
      #expect(
        throws: KerasImportError.inputShape("[?, \(extent), \(extent), \(extent)]")
      ) {
        try TestKeras.importing(
          TestKeras.sequential(
            [TestKeras.layer(layer, #""target_shape": [784]"#)], input: "\(extent), \(extent), \(extent)"))
      }
    }
    for shape in ["\(extent), \(extent), \(extent)", "-1, \(extent), \(extent), \(extent)"] {
      #expect(throws: KerasImportError.self) {
        try TestKeras.importing(
          TestKeras.sequential([TestKeras.layer("Reshape", #""target_shape": [\#(shape)]"#)]))
      }
    }
    #expect(throws: KerasImportError.self) {
      let padding = TestKeras.layer("ZeroPadding2D", #""padding": 500000000"#)
      let convolution = TestKeras.layer(
        "Conv2D",
        #""filters": 2147483647, "kernel_size": 2147483647, "padding": "same", "dilation_rate": 2147483647"#)
      return try TestKeras.importing(TestKeras.sequential([padding, convolution]))
    }
  }

  /// However large they are: the limit is for what has to be decoded.
  @Test func arraysThatLieInOnePieceCostNothing() throws {
    let file = try HDF5File(parsing: TestKeras.bytes("simple.weights.h5"))
    let datasets = try file.datasets().filter { $0.path.contains("/vars/") && $0.dataset.elementType != nil }
    var reader = HDF5ArrayReader(limit: 0)
    for entry in datasets {
      #expect(try reader.array(of: entry.dataset).shape == entry.dataset.shape)
    }
    #expect(!datasets.isEmpty)
  }

  @Test func archivesWithoutTheirParts() throws {
    let config = Array(TestKeras.sequential([TestKeras.layer("Flatten")]).utf8)
    let weights = try TestKeras.bytes("simple.weights.h5")
    let metadata = (name: "metadata.json", content: Array("{}".utf8))
    #expect(throws: KerasImportError.missingEntry("model.weights.h5")) {
      try KerasFile(TestKeras.archive([metadata, ("config.json", config)]))
    }
    #expect(throws: KerasImportError.json(JSONError(position: 0, problem: .endsEarly(wanted: "a value")))) {
      try KerasFile(TestKeras.archive([("config.json", []), ("model.weights.h5", weights)]))
    }
    let damaged = try #require(throws: KerasImportError.self) {
      try KerasFile(
        TestKeras.archive([("config.json", config), ("model.weights.h5", Array(weights.prefix(500)))]))
    }
    guard case .weightFile = damaged else {
      Issue.record("\(damaged)")
      return
    }
    #expect(damaged.description.hasPrefix("in model.weights.h5: byte ") && damaged.offset == nil)
    #expect(try !KerasFile.isKeras(TestKeras.archive([metadata])))
    #expect(try KerasFile.isKeras(TestKeras.archive([metadata, ("config.json", config)])))
  }
}
