import CNNCodecs
import CNNModelFile

/// A layer as a configuration describes it, with where its weights are.
struct KerasLayer {
  /// The name that the user or Keras gave it; fit for messages.
  let name: String
  /// Keras's class: `Conv2D`.
  let className: String
  /// Its settings.
  let config: JSONNode
  /// Where Keras 3 keeps its variables: `layers/conv2d_1`, counted by class within its model.
  let path: [String]
  /// Where `.h5` files keep its weights: the name of the outermost layer that it is in, or is.
  let group: String
  /// Where the class comes from if it is not one of Keras's, whatever its name is: `mylayers>Dense`.
  var foreignClass: String?
  /// Whether the model calls it as in training, also when it is used.
  var isTraining = false
  /// Whether it is in a model that is itself a layer.
  var isNested: Bool { path.count > 2 }

  func error(_ problem: String) -> KerasImportError {
    .layer(name: name, className: className, problem: problem)
  }

  /// A setting; nil if it is missing or null.
  func setting(_ name: String) throws -> JSONNode? {
    guard let node = try config.optionalMember(name), node.value != .null else { return nil }
    return node
  }

  func flag(_ name: String, default value: Bool) throws -> Bool {
    try setting(name)?.bool() ?? value
  }

  func number(_ name: String, default value: Double) throws -> Double {
    try setting(name)?.number() ?? value
  }

  func text(_ name: String, default value: String) throws -> String {
    try setting(name)?.string() ?? value
  }

  func count(_ name: String, default value: Int? = nil) throws -> Int {
    if let value, try setting(name) == nil { return value }
    return try config.member(name).integer(in: 1...Int(Int32.max))
  }

  /// One number for both directions, or [vertical, horizontal].
  func size(_ name: String, default value: Operation.Size? = nil) throws -> Operation.Size {
    guard let node = try setting(name) else {
      guard let value else { throw try config.member(name).error("should be a number or two") }
      return value
    }
    if case .number = node.value {
      let extent = try node.integer(in: 1...Int(Int32.max))
      return Operation.Size(extent, extent)
    }
    let extents = try node.integers(count: 2, in: 1...Int(Int32.max))
    return Operation.Size(extents[0], extents[1])
  }

  /// Makes sure that a setting, where there is one, has the only value that is understood.
  func require(_ name: String, _ value: JSONValue, else problem: String) throws {
    if let node = try setting(name), node.value != value { throw error(problem) }
  }

  /// The registered name or the module that an object of a configuration says its class is from, if that is not Keras:
  /// a user's `Dense` need not be what Keras's is. Nil where nothing is said, as in Keras 2's files.
  static func foreignClass(of node: JSONNode) throws -> String? {
    // `package>Class` is how classes are registered that are not Keras's.
    if let registered = try node.optionalMember("registered_name")?.value.stringValue,
      registered.utf8.contains(UInt8(ascii: ">"))
    {
      return registered
    }
    guard let module = try node.optionalMember("module"), module.value != .null else { return nil }
    let name = try module.string()
    let isKeras = ["keras", "tf_keras"].contains { $0.isExactly(String(name.prefix { $0 != "." })) }
    return isKeras ? nil : name
  }

  /// Makes sure that a class is one of Keras's.
  func checkClass() throws {
    if let foreignClass {
      throw error(
        "its class is not Keras's (\(foreignClass.quotedForMessage)); code of the user's own is never run here"
      )
    }
  }

  /// Which axis the channels are on, if the layer says.
  func axes() throws -> KerasAxes? {
    guard let text = try setting("data_format")?.string() else { return nil }
    guard let axes = KerasAxes(rawValue: text) else {
      throw error(
        "its data_format is \(text.quotedForMessage); it should be channels_last or channels_first")
    }
    return axes
  }
}

/// Where a picture's channels are.
enum KerasAxes: String {
  /// (height, width, channels)
  case channelsLast = "channels_last"
  /// (channels, height, width)
  case channelsFirst = "channels_first"
}
