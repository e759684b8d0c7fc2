import CNNCodecs
import CNNTestSupport
import Testing

@testable import CNNInterchange

/// Whose layers they are, and how the model calls them: neither is in their settings.
@Suite struct KerasOriginTests {
  /// Classes of the user's own that are called as those of Keras, in the words of Keras 3 and of Keras 2.
  @Test func classesThatAreNotKerass() throws {
    func flatten(_ origin: String) -> String {
      #"{"class_name": "Flatten", "config": {"name": "f"}, \#(origin)}"#
    }
    func problem(_ origin: String) -> KerasImportError {
      .layer(
        name: "f", className: "Flatten",
        problem: "its class is not Keras's (\"\(origin)\"); code of the user's own is never run here")
    }
    for (origin, shown) in [
      (#""module": "keras.layers", "registered_name": "mine>Flatten""#, "mine>Flatten"),
      (#""module": null, "registered_name": "Custom>Flatten""#, "Custom>Flatten"),
      (#""module": "__main__", "registered_name": "Flatten""#, "__main__"),
      (#""module": "keras_cv.layers""#, "keras_cv.layers"),
    ] {
      #expect(throws: problem(shown)) {
        try TestKeras.importing(TestKeras.sequential([flatten(origin)]))
      }
      // The layers are listed all the same.
      let model = try KerasModelReader(
        JSONNode(JSONReader.read(Array(TestKeras.sequential([flatten(origin)]).utf8))))
      #expect(model.layers.map(\.name) == ["f"])
    }
    for origin in [
      #""module": "keras.layers", "registered_name": null"#, #""module": "tf_keras.src.layers""#,
      #""module": null"#, #""registered_name": "Flatten""#,
    ] {
      #expect(throws: Never.self) { try TestKeras.importing(TestKeras.sequential([flatten(origin)])) }
    }
    let function =
      #""activation": {"module": "__main__", "class_name": "function", "config": "relu", "registered_name": "relu"}"#
    #expect(
      throws: KerasImportError.layer(
        name: "activation", className: "Activation",
        problem:
          #"its activation "relu" is not Keras's ("__main__"); code of the user's own is never run here"#)
    ) {
      try TestKeras.importing(TestKeras.sequential([TestKeras.layer("Activation", function)]))
    }
    #expect(throws: KerasImportError.modelClass("mine>Sequential")) {
      try TestKeras.importing(
        #"{"class_name": "Sequential", "registered_name": "mine>Sequential", "config": {"layers": []}}"#)
    }
  }

  /// A call with `training=True` makes a layer at inference what it is in training.
  @Test func callsAsInTraining() throws {
    let x = TestKeras.node("InputLayer", "x", [], #""batch_shape": [null, 2, 2, 1]"#)
    func model(_ className: String, _ call: String, _ settings: String = "") -> String {
      TestKeras.functional([
        x,
        #"{"class_name": "\#(className)", "config": {"name": "l"\#(settings)}, "inbound_nodes": [\#(call)]}"#,
        TestKeras.node("Flatten", "y", ["l"]),
      ])
    }
    func keras3(_ arguments: String, _ named: String) -> String {
      #"{"args": [{"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}}\#(arguments)], "kwargs": {\#(named)}}"#
    }
    let calls = [
      #"[["x", 0, 0, {"training": true}]]"#, keras3("", #""training": true"#), keras3(", true", ""),
      #"[["x", 0, 0, {"training": 1}]]"#,
    ]
    let refusal = KerasImportError.layer(
      name: "l", className: "BatchNormalization",
      problem:
        "is called with training=True, so that it normalises by the pictures that come together; call it without, "
        + "and save the model again")
    for call in calls {
      #expect(throws: refusal) { try TestKeras.importing(model("BatchNormalization", call)) }
      for name in ["Dropout", "RandomFlip"] {
        let notes = try TestKeras.importing(model(name, call)).notes
        #expect(
          notes.contains(
            "layer l (\(name)) is called with training=True, and changes nothing at inference here"))
      }
    }
    // Within a model that is called so, too; frozen layers go on to the next check, which finds no arrays for them.
    let inner = TestKeras.sequential([TestKeras.layer("BatchNormalization", name: "l")], input: "2, 2, 1")
    let node =
      inner.dropLast() + #", "inbound_nodes": [[["x", 0, 0, {"training": true}]]]}"#
    #expect(throws: refusal) {
      try TestKeras.importing(
        TestKeras.functional([x, String(node), TestKeras.node("Flatten", "y", ["model"])]))
    }
    for (call, settings) in [
      (calls[0], #", "trainable": false"#), (#"[["x", 0, 0, {"training": false}]]"#, ""),
      (keras3("", #""training": null"#), ""),
    ] {
      let error = #expect(throws: KerasImportError.self) {
        try TestKeras.importing(model("BatchNormalization", call, settings))
      }
      #expect(error?.reason.contains("the file has 0 arrays for it") == true)
    }
  }
}
