extension ONNXModel {
  /// The model as an ONNX file: fields in the order of their numbers, tensors as `raw_data`, nothing that depends on
  /// when or where. The inverse is `init(parsing:)`.
  ///
  /// *Edge cases*: attributes that were not read (`ONNXAttribute.Value.other`) keep their name and lose their value.
  /// Programs that use Google's own library cannot read a file of 2 GiB or more; nothing here checks that.
  public func encoded() -> [UInt8] {
    var writer = ProtobufWriter()
    writer.integer(1, irVersion)
    writer.text(2, producerName)
    writer.text(3, producerVersion)
    writer.message(7) { graph.encode(to: &$0) }
    for set in operatorSets {
      writer.message(8) {
        // The default domain's name is empty, and there all the same, as onnx itself writes it.
        $0.bytes(1, set.domain.utf8)
        $0.integer(2, set.version)
      }
    }
    for property in metadata {
      writer.message(14) {
        $0.bytes(1, property.key.utf8)
        $0.bytes(2, property.value.utf8)
      }
    }
    return writer.bytes
  }
}

extension ONNXGraph {
  fileprivate func encode(to writer: inout ProtobufWriter) {
    for node in nodes { writer.message(1) { node.encode(to: &$0) } }
    writer.text(2, name)
    for tensor in initializers { writer.message(5) { tensor.encode(to: &$0) } }
    for input in inputs { writer.message(11) { input.encode(to: &$0) } }
    for output in outputs { writer.message(12) { output.encode(to: &$0) } }
  }
}

extension ONNXNode {
  fileprivate func encode(to writer: inout ProtobufWriter) {
    for input in inputs { writer.bytes(1, input.utf8) }
    for output in outputs { writer.bytes(2, output.utf8) }
    writer.text(3, name)
    writer.text(4, operatorType)
    for attribute in attributes { writer.message(5) { attribute.encode(to: &$0) } }
    writer.text(7, domain)
  }
}

extension ONNXAttribute {
  fileprivate func encode(to writer: inout ProtobufWriter) {
    writer.text(1, name)
    let type: Int64
    switch value {
    case .float(let value):
      writer.float(2, value)
      type = 1
    case .integer(let value):
      writer.integer(3, value)
      type = 2
    case .string(let bytes):
      writer.bytes(4, bytes)
      type = 3
    case .tensor(let tensor):
      writer.message(5) { tensor.encode(to: &$0) }
      type = 4
    case .floats(let values):
      for value in values { writer.float(7, value) }
      type = 6
    case .integers(let values):
      writer.integers(8, values)
      type = 7
    case .strings(let values):
      for bytes in values { writer.bytes(9, bytes) }
      type = 8
    case .other: return
    }
    writer.integer(20, type)
  }
}

extension ONNXTensor {
  fileprivate func encode(to writer: inout ProtobufWriter) {
    writer.integers(1, array.shape.map(Int64.init))
    writer.integer(2, Int64(ONNXElementType.code(of: array.elementType)))
    writer.text(8, name)
    if array.isRowMajorLittleEndian {
      writer.bytes(9, array.storage[array.range])
    } else {
      writer.bytes(9, array.rowMajorLittleEndianBytes())
    }
  }
}

extension ONNXValueInfo {
  fileprivate func encode(to writer: inout ProtobufWriter) {
    writer.text(1, name)
    guard let elementType else { return }
    writer.message(2) { type in
      type.message(1) { tensor in
        tensor.integer(1, Int64(elementType))
        guard let shape else { return }
        tensor.message(2) { message in
          for extent in shape {
            message.message(1) {
              switch extent {
              case .fixed(let value): $0.integer(1, value)
              case .free(let name): $0.text(2, name)
              }
            }
          }
        }
      }
    }
  }
}
