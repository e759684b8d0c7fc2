import CNNTestSupport

/// The files of the repository's `samples`, and files that the tools make of them, once for all tests.
enum Samples {
  static let folder = RepositoryPaths.root + "/samples"
  static let weights = folder + "/simple_convnet_params.pkl"
  static let dataset = folder + "/mnist_sample.pkl"
  static let images = folder + "/t10k-sample-images-idx3-ubyte.gz"
  static let labels = folder + "/t10k-sample-labels-idx1-ubyte.gz"
  static let digits = folder + "/digits"

  /// A digit that the sample model reads right: `digit("7-plain")`.
  static func digit(_ name: String) -> String { "\(digits)/\(name).png" }

  /// What the sample model reads in the twelve digits, in natural order of their names.
  static let reading: [(name: String, label: String, probability: String)] = [
    ("0-plain.png", "0", "0.9999"), ("1-one-bit.png", "1", "0.9989"), ("2-grey-alpha.png", "2", "0.9936"),
    ("2-palette.png", "2", "0.9999"), ("3-rgb.png", "3", "0.9918"), ("4-plain.png", "4", "0.9779"),
    ("5-sixteen-bit.png", "5", "1.0000"), ("6-interlaced.png", "6", "0.9985"), ("7-plain.png", "7", "1.0000"),
    ("7-rgba.png", "7", "1.0000"), ("8-black-on-white.png", "8", "0.9999"), ("9-large.png", "9", "0.9962"),
  ]

  /// `model.safetensors` and `test.safetensors`, converted from the samples by the built tool.
  private static let converted = Result { () throws -> TemporaryFolder in
    let folder = try TemporaryFolder()
    for arguments in [
      [weights, "-o", "model.safetensors"], [images, labels, "-o", "test.safetensors"],
    ] {
      let result = try ToolRunner.run("mnist-convert", arguments, in: folder)
      guard result.status == 0 else { throw ConversionFailure(message: result.error) }
    }
    return folder
  }

  /// The sample network as a model file. Not to be written to.
  static func model() throws -> String { try converted.get().path("model.safetensors") }

  /// The 500 sample digits as a data set file. Not to be written to.
  static func testSet() throws -> String { try converted.get().path("test.safetensors") }

  private struct ConversionFailure: Error {
    let message: String
  }
}
