import CNNCodecs
import CNNModelFile
import CNNTestSupport
import Testing

@testable import CNNInterchange

/// Models that are no chains of known layers, or whose files lack what they need: each has an error of its own.
@Suite struct KerasRefusalTests {
  private static let chains = "only chains of layers are read, without residual or parallel branches"
  private static let activations = "this activation is not among the layers here; relu, sigmoid and tanh are"
  private static let convolution = #""filters": 2, "kernel_size": 5"#

  /// The last of some layers on a picture of [28, 28, 1], and what is said of it.
  private static let cases: [(layers: [String], problem: String)] = [
    ([TestKeras.layer("Lambda")], "layer lambda (Lambda): runs code of its own, which is never done here"),
    (
      [TestKeras.layer("LSTM")], "layer lstm (LSTM): recurrent layers are not among the layers here"
    ),
    (
      [TestKeras.layer("Conv2DTranspose")],
      "layer conv2dtranspose (Conv2DTranspose): this convolution is not among the layers here; Conv2D, DepthwiseConv2D "
        + "and SeparableConv2D are read"
    ),
    (
      [TestKeras.layer("Novel")],
      "layer novel (Novel): this layer is not read; read are Conv2D, DepthwiseConv2D, SeparableConv2D, ZeroPadding2D, "
        + "pooling, Flatten, Reshape, Dense, BatchNormalization, Activation, ReLU, Softmax, Dropout, Rescaling and "
        + "Normalization"
    ),
    (
      [TestKeras.layer("Activation", #""activation": "gelu""#)],
      #"layer activation (Activation): "gelu": "# + activations
    ),
    (
      [TestKeras.layer("Activation", #""activation": {"class_name": "LeakyReLU", "config": {}}"#)],
      #"layer activation (Activation): "LeakyReLU": "# + activations
    ),
    (
      [TestKeras.layer("LeakyReLU", #""negative_slope": 0.2"#)], "layer leakyrelu (LeakyReLU): " + activations
    ),
    ([TestKeras.layer("PReLU")], "layer prelu (PReLU): " + activations),
    (
      [TestKeras.layer("ReLU", #""max_value": 6.0"#)],
      "layer relu (ReLU): only ReLU itself is among the layers here, without a greatest value, a slope or a threshold"
    ),
    (
      [TestKeras.layer("Softmax", #""axis": -1"#)],
      "layer softmax (Softmax): its softmax should turn one row of values for each picture into probabilities"
    ),
    (
      [TestKeras.layer("Flatten"), TestKeras.layer("Softmax"), TestKeras.layer("Dense", #""units": 4"#)],
      "layer dense (Dense): stands behind the softmax of softmax, which is read only as the end of a network"
    ),
    (
      [TestKeras.layer("Dense", #""units": 4"#)],
      "layer dense (Dense): works on the last axis of pictures; put a Flatten before it"
    ),
    (
      [TestKeras.layer("Flatten"), TestKeras.layer("Conv2D", convolution)],
      "layer conv2d (Conv2D): takes pictures, and gets rows of 784 values"
    ),
    (
      [TestKeras.layer("Conv2D", convolution + #", "padding": "causal""#)],
      #"layer conv2d (Conv2D): its padding is "causal"; it should be valid or same"#
    ),
    (
      [TestKeras.layer("Conv2D", #""filters": 2, "kernel_size": 29"#)],
      "layer conv2d (Conv2D): the window spans [29, 29], and what it gets is [1, 28, 28] with its padding"
    ),
    (
      [TestKeras.layer("Conv2D", convolution + #", "groups": 3"#)],
      "layer conv2d (Conv2D): groups is 3; it should be a divisor of in_channels (1) and out_channels (2)"
    ),
    (
      [TestKeras.layer("Conv2D", convolution + #", "use_bias": false"#)],
      "layer conv2d (Conv2D): the file has 2 arrays for it, and 1 (kernel) is needed"
    ),
    (
      [
        TestKeras.layer("Conv2D", convolution, name: "a"), TestKeras.layer("Conv2D", convolution, name: "b"),
      ], "layer b (Conv2D): the file has 0 arrays for it, and 2 (kernel, bias) are needed"
    ),
    (
      [TestKeras.layer("Conv2D", convolution + #", "quantization_config": {}"#)],
      "layer conv2d (Conv2D): it was quantised; save the model before it is quantised"
    ),
    (
      [
        TestKeras.layer(
          "Conv2D", convolution + #", "dtype": {"class_name": "QuantizedDTypePolicy", "config": {}}"#)
      ], "layer conv2d (Conv2D): it was quantised; save the model before it is quantised"
    ),
    (
      [
        TestKeras.layer("MaxPooling2D", #""data_format": "channels_last""#),
        TestKeras.layer("Conv2D", convolution + #", "data_format": "channels_first""#),
      ],
      "layer conv2d (Conv2D): its data_format is channels_first, and that of the layers before it is channels_last"
    ),
    (
      [TestKeras.layer("MaxPooling2D", #""data_format": "sideways""#)],
      #"layer maxpooling2d (MaxPooling2D): its data_format is "sideways"; it should be channels_last or channels_first"#
    ),
    (
      [TestKeras.layer("AveragePooling2D", #""pool_size": 3, "padding": "same""#)],
      "layer averagepooling2d (AveragePooling2D): averages over fewer pixels at the edges (padding same), which no layer "
        + "here does; padding valid is read"
    ),
    (
      [TestKeras.layer("ZeroPadding2D", #""padding": 1"#), TestKeras.layer("MaxPooling2D")],
      "layer zeropadding2d (ZeroPadding2D): pads on its own, which is read only directly before a convolution; give the "
        + "padding to the layer behind it"
    ),
    (
      [TestKeras.layer("ZeroPadding2D", #""padding": [[1, 1], [2, 0]]"#)],
      "layer zeropadding2d (ZeroPadding2D): pads on its own, and nothing follows it"
    ),
    (
      [TestKeras.layer("BatchNormalization", #""axis": 2"#)],
      "layer batchnormalization (BatchNormalization): normalises axis 2, which is not that of the channels (3)"
    ),
    (
      [TestKeras.layer("Reshape", #""target_shape": [14, 56, 1]"#), TestKeras.layer("MaxPooling2D")],
      "layer reshape (Reshape): makes the shape [14, 56, 1] of [28, 28, 1]; read are those that make a row of a picture, "
        + "and a picture of the model's input"
    ),
    (
      [TestKeras.layer("Reshape", #""target_shape": [785]"#)],
      "layer reshape (Reshape): makes the shape [785] of [28, 28, 1], which has another number of values"
    ),
    (
      [TestKeras.layer("MaxPooling2D"), TestKeras.layer("Rescaling", #""scale": 0.5"#)],
      "layer rescaling (Rescaling): is read only before all other layers, where it says what becomes of pixels"
    ),
    (
      [TestKeras.layer("Rescaling", #""scale": -1"#)],
      "layer rescaling (Rescaling): its scale is -1.0; it should be greater than 0"
    ),
    (
      [TestKeras.layer("Rescaling", #""scale": [1, 2]"#)],
      "layer rescaling (Rescaling): its scale differs from channel to channel; one for all is read"
    ),
    (
      [TestKeras.layer("Flatten"), TestKeras.layer("Dropout", #""rate": 1"#)],
      "layer dropout (Dropout): p is 1.0; it should be at least 0 and less than 1"
    ),
    (
      [TestKeras.layer("GlobalMaxPooling2D"), TestKeras.layer("Activation", #""activation": "sigmoid""#)],
      "layer activation (Activation): gives a single probability; a network here has an output for each class, so train "
        + "it with two outputs and a softmax"
    ),
    (
      [TestKeras.layer("MaxPooling2D", #""pool_size": 2"#)],
      "the network gives [1, 14, 14]; one row of at most 65536 values, one for each class, is needed"
    ),
    ([], "the network has no layers"),
    (
      [TestKeras.layer("Flatten", name: "a"), TestKeras.layer("Dropout", name: "a")],
      #"two layers are called "a""#
    ),
    (
      [TestKeras.layer("Flatten"), TestKeras.input("28, 28, 1")],
      #"two layers are called "input""#
    ),
    (
      [TestKeras.layer("Flatten"), TestKeras.layer("InputLayer", name: "other")],
      "layer other is a second input; " + chains
    ),
    (
      [TestKeras.layer("MaxPooling2D", #""pool_size": "2""#)],
      "the model's configuration is not as Keras writes it: config.layers[1].config.pool_size should be an array, and is "
        + "a string"
    ),
    (
      [TestKeras.layer("Conv2D", #""filters": 2"#)],
      "the model's configuration is not as Keras writes it: config.layers[1].config.kernel_size is missing"
    ),
    (
      [TestKeras.layer("Dense\\u0007")],
      "the model's configuration is not as Keras writes it: config.layers[1].class_name is no name of a class"
    ),
  ]

  @Test func layersAreNamedWithWhatToDo() throws {
    for (layers, problem) in Self.cases {
      do {
        _ = try TestKeras.importing(TestKeras.sequential(layers))
        Issue.record("taken over, and not refused with: \(problem)")
      } catch let error as KerasImportError {
        #expect(error.description == problem)
      }
    }
  }

  @Test func graphsThatAreNoChains() throws {
    let x = TestKeras.node("InputLayer", "x", [], #""batch_shape": [null, 28, 28, 1]"#)
    let flat = TestKeras.node("Flatten", "f", ["x"])
    let y = TestKeras.node("Dropout", "y", ["f"])
    let cases: [(config: String, problem: String)] = [
      (TestKeras.functional([x, flat, TestKeras.node("Add", "y", ["f", "f"])]), "layer y joins 2 values"),
      (TestKeras.functional([x, flat, y], outputs: ["y", "f"]), "the model has 2 outputs"),
      (TestKeras.functional([x, flat, y], inputs: ["x", "z"]), "the model has 2 inputs"),
      (
        TestKeras.functional([x, flat, y, TestKeras.node("Dropout", "z", ["f"])]),
        "layer z is in another branch"
      ),
      (
        TestKeras.functional([x, TestKeras.node("Flatten", "f", ["y"]), y]), "layer y reads from itself"
      ),
      (TestKeras.functional([x, y]), #"a layer reads from "f", and there is no such layer"#),
      (
        TestKeras.functional([
          x,
          #"{"class_name": "Flatten", "config": {"name": "f"}, "inbound_nodes": [[["x", 0, 0]], [["x", 0, 0]]]}"#,
          y,
        ]), "layer f is used 2 times"
      ),
      (
        TestKeras.functional([
          x, #"{"class_name": "Flatten", "config": {"name": "f"}, "inbound_nodes": [{"args": []}]}"#, y,
        ]), "layer f reads nothing"
      ),
      (TestKeras.functional([flat, y, x], inputs: ["f"]), "the output does not come from the input"),
    ]
    for (config, problem) in cases {
      #expect(throws: KerasImportError.notAChain(problem)) { try TestKeras.importing(config) }
    }
  }

  @Test func modelsAndInputs() throws {
    #expect(throws: KerasImportError.modelClass("MyModel")) {
      try TestKeras.importing(#"{"class_name": "MyModel", "config": {}}"#)
    }
    #expect(throws: KerasImportError.noInputShape) {
      try TestKeras.importing(TestKeras.sequential([TestKeras.layer("Flatten")], input: nil))
    }
    for (input, text) in [
      ("null, 28, 1", "[?, ?, 28, 1]"), ("28, 28, 1, 1", "[?, 28, 28, 1, 1]"), ("0, 4", "[?, 0, 4]"),
      ("1e300", "[?, 1e+300]"),
    ] {
      #expect(throws: KerasImportError.inputShape(text)) {
        try TestKeras.importing(TestKeras.sequential([TestKeras.layer("Flatten")], input: input))
      }
    }
    let layers = (0...KerasModelReader.maximumLayerCount).map { TestKeras.layer("Dropout", name: "d\($0)") }
    #expect(throws: KerasImportError.tooManyLayers(limit: 512)) {
      try TestKeras.importing(TestKeras.sequential(layers))
    }
  }
}
