import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

/// Files of Keras in the tools.
@Suite struct ConvertKerasTests {
  private let folder: TemporaryFolder

  /// Puts a golden file of Keras into the folder.
  init() throws {
    folder = try TemporaryFolder()
    let fixtures = RepositoryPaths.root + "/Tests/CNNInterchangeTests/Fixtures/keras/"
    for form in ["keras", "h5", "weights.h5"] {
      try folder.write(
        "simple.\(form)", Gzip.decompress(TemporaryFolder.read(fixtures + "simple.\(form).gz")))
    }
  }

  @Test func allFormsGiveTheSameTensors() throws {
    var models: [ModelFile] = []
    for form in ["keras", "h5", "weights.h5"] {
      let result = try run("mnist-convert", ["simple.\(form)", "-o", "\(form).safetensors"], in: folder)
      #expect(result.status == 0, "\(result.error)")
      models.append(try ModelFile(contentsOf: folder.path("\(form).safetensors")))
    }
    #expect(models[0].manifest.network == models[2].manifest.network)
    #expect(models[0].manifest.preprocessing == Preprocessing())
    #expect(models[0].tensors == models[1].tensors && models[0].tensors == models[2].tensors)
  }

  @Test func aTableSaysWhatBecameOfArrays() throws {
    let result = try run("mnist-convert", ["simple.keras", "-o", "m.safetensors"], in: folder)
    #expect(
      result.error == """
        array           shape    type     tensor        shape    type     change
        conv2d/kernel   5x5x1x2  float32  conv1.weight  2x1x5x5  float32  kernels from (h, w, i, o)
        conv2d/bias     2        float32  conv1.bias    2        float32
        dense/kernel    288x6    float32  fc1.weight    6x288    float32  transposed, columns from (h, w, c) to (c, h, w)
        dense/bias      6        float32  fc1.bias      6        float32
        dense_1/kernel  6x4      float32  fc2.weight    4x6      float32  transposed
        dense_1/bias    4        float32  fc2.bias      4        float32
        note: the softmax of layer dense_1 is left out: the network's output is its logits
        note: the file does not say what became of pixels before the network; they are divided by 255 unless \
        --divisor, --mean or --deviation say otherwise

        """)
  }

  @Test func inspectionListsLayersAndArrays() throws {
    for (form, format, arrays) in [
      ("keras", "keras", "layers/conv2d/vars/0"), ("h5", "hdf5", "model_weights/conv2d/"),
    ] {
      let result = try run("cnn-inspect", ["simple.\(form)"], in: folder)
      #expect(
        result.output.contains(
          """
          layer          class         settings
          conv2d         Conv2D        filters 2, kernel_size 5x5, activation relu
          max_pooling2d  MaxPooling2D  pool_size 2x2, strides 2x2
          flatten        Flatten
          dense          Dense         units 6, activation relu
          dense_1        Dense         units 4, activation softmax

          """), "\(result.output)")
      let json = try run("cnn-inspect", ["simple.\(form)", "--json"], in: folder)
      let object = try JSONNode(JSONReader.read(Array(json.output.utf8)))
      #expect(try object.member("format").string() == format)
      #expect(try object.member("layers").elements().map { try $0.member("class").string() }.count == 5)
      let names = try object.member("arrays").elements().map { try $0.member("name").string() }
      #expect(names.contains { $0.hasPrefix(arrays) }, "\(names)")
    }
    let weights = try run("cnn-inspect", ["simple.weights.h5"], in: folder)
    #expect(weights.status == 0 && weights.output.contains("layers/conv2d/vars/0"))
    #expect(!weights.output.contains("class"))
  }

  @Test func whatIsNotTakenOverIsSaid() throws {
    try folder.write(
      "other.h5",
      TemporaryFolder.read(RepositoryPaths.root + "/Tests/CNNCodecsTests/Fixtures/hdf5/\(Self.plainFile)"))
    let other = try run("mnist-convert", ["other.h5", "-o", "m.safetensors"], in: folder)
    #expect(other.status == 65)
    #expect(
      other.error == """
        mnist-convert: other.h5: the HDF5 file has neither a model of Keras (the attribute model_config), nor Keras's \
        weights (groups such as layers/conv2d/vars, or the attribute layer_names), nor pictures and labels (x_train, \
        y_train, images, labels)

        """)
    let option = try run(
      "mnist-convert", ["simple.h5", "-o", "m.safetensors", "--architecture", "lenet"], in: folder)
    #expect(option.status == 65)
    #expect(
      option.error.contains("the file says its network itself, so that nothing is left for --architecture"))
  }

  private static let plainFile = "layouts.h5"
}
