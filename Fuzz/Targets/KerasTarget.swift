import CNNCodecs
import CNNFiles
import CNNInterchange

/// The files of weights that configurations are held against, from the tests' fixtures: a configuration alone would never
/// get past its first layer with weights.
private let kerasWeights: [[UInt8]] = ["lenet", "nested", "norm", "strides"].compactMap { name in
  guard
    let file = try? InputFile(path: "Tests/CNNInterchangeTests/Fixtures/keras/\(name).keras.gz").readAll(),
    let bytes = try? Gzip.decompress(file), let archive = try? ZipArchive(parsing: bytes),
    let entry = archive.entry(named: "model.weights.h5")
  else { return nil }
  return try? archive.content(of: entry).bytes
}

extension FuzzTarget {
  /// A model of Keras: a digit for the weights, and the configuration.
  static let keras = FuzzTarget("keras") { bytes in
    require(!kerasWeights.isEmpty, "the fixtures of Keras are not there")
    let sink = MemorySink()
    var writer = ZipWriter(sink)
    try writer.add("config.json", Array(bytes.dropFirst()))
    try writer.add("model.weights.h5", kerasWeights[Int(bytes.first ?? 0) % kerasWeights.count])
    try writer.finish()
    let imported = try ImportedNetwork(KerasFile(ZipArchive(parsing: sink.bytes)))
    let written = imported.tensors.reduce(0) { $0 + $1.bytes.count }
    require(written <= 1 << 26, "\(bytes.count) bytes of configuration made \(written) bytes of tensors")
    _ = try WeightImport(imported, options: WeightImportOptions())
  }
}
