import CNNCodecs
import CNNInterchange
import CNNModelFile

extension FuzzTarget {
  /// All fields of a message of protocol buffers, taken for everything that they may be.
  static let protobuf = FuzzTarget("protobuf") { bytes in
    var reader = ProtobufReader(bytes)
    try walk(&reader)
  }

  private static func walk(_ reader: inout ProtobufReader) throws {
    var position = reader.position
    while let field = try reader.nextField() {
      require(reader.position > position, "a field takes no bytes")
      position = reader.position
      _ = try? field.int64("a number")
      _ = try? field.int32("a number")
      _ = try? field.float("a number")
      _ = try? field.text("a text")
      _ = try? field.fixedRange(size: 4, "numbers")
      var numbers: [Int64] = []
      try? field.appendIntegers(to: &numbers, "numbers")
      guard var inner = try? reader.message(in: field, "a message") else { continue }
      do { try walk(&inner) } catch { examine(error, inputCount: reader.bytes.count) }
    }
  }

  /// An ONNX model and the network that it says; encoded again, it is the same.
  static let onnx = FuzzTarget("onnx") { bytes in
    let model = try ONNXModel(parsing: bytes)
    // Attributes that are not read lose their value when they are written for the first time.
    let encoded = try ONNXModel(parsing: model.encoded()).encoded()
    require(try ONNXModel(parsing: encoded).encoded() == encoded, "ONNX writes another model")
    let imported = try ImportedNetwork(model)
    _ = try imported.network.inferShapes()
  }
}
