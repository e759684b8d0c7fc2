/// Small files of every format, byte for byte.
enum TinyFiles {
  /// An IDX file: `type` 8 for bytes, 12 for int32, 13 for float32.
  static func idx(_ shape: [Int], _ bytes: [UInt8], type: UInt8 = 8) -> [UInt8] {
    [0, 0, type, UInt8(shape.count)] + shape.flatMap { bigEndian(UInt32($0)) } + bytes
  }

  /// Black pictures of 28x28 pixels.
  static func images(_ count: Int) -> [UInt8] {
    idx([count, 28, 28], [UInt8](repeating: 0, count: count * 784))
  }

  /// Labels.
  static func labels(_ labels: [UInt8]) -> [UInt8] { idx([labels.count], labels) }

  /// Numbers as the four bytes of big-endian float32.
  static func floats(_ values: [Float]) -> [UInt8] { values.flatMap { bigEndian($0.bitPattern) } }

  static func bigEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }

  /// A safetensors file as Python writes it: F32, one tensor behind the other, no checksums.
  static func plain(_ tensors: [(name: String, shape: [Int], values: [Float])]) -> [UInt8] {
    var members: [String] = []
    var data: [UInt8] = []
    for tensor in tensors {
      let start = data.count
      data += tensor.values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
      members.append(
        #""\#(tensor.name)":{"dtype":"F32","shape":\#(tensor.shape),"data_offsets":[\#(start),\#(data.count)]}"#
      )
    }
    let header = Array("{\(members.joined(separator: ","))}".utf8)
    return withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init) + header + data
  }

  /// A network of one linear layer, for pictures of `height` x `width` and two classes, as plain safetensors.
  static func linearWeights(inputs: Int) -> [UInt8] {
    plain([
      ("fc1.weight", [2, inputs], (0..<2 * inputs).map { $0 < inputs ? 1 : -1 }),
      ("fc1.bias", [2], [0, 0.5]),
    ])
  }

  /// The graph for `linearWeights`, as a file for `--architecture`.
  static func linearGraph(shape: [Int]) -> String {
    let count = shape.reduce(1, *)
    return """
      {"input": {"dtype": "F32", "shape": \(shape)},
       "graph": {"output": "fc1", "nodes": [
         {"name": "flatten", "op": "flatten", "inputs": ["input"], "attributes": {}},
         {"name": "fc1", "op": "linear", "inputs": ["flatten"],
          "attributes": {"bias": true, "in_features": \(count), "out_features": 2}}]}}
      """
  }

  /// A pickle that would run `id` in a shell.
  static let hostilePickle = Array("cposix\nsystem\n(S'id'\ntR.".utf8)
}
