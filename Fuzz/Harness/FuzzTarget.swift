/// Something that reads bytes, and what must hold for whatever it reads.
struct FuzzTarget: Sendable {
  /// The name, as in `targets.txt`.
  let name: String
  /// Reads the bytes. An error that it throws is examined; everything else that may go wrong ends in `fail`.
  let read: @Sendable ([UInt8]) throws -> Void

  init(_ name: String, read: @escaping @Sendable ([UInt8]) throws -> Void) {
    self.name = name
    self.read = read
  }

  /// All of them. A new one is added here and in `targets.txt`.
  static let all: [FuzzTarget] = [
    .gzip, .tar, .zip, .npy, .npz, .idx, .pickle, .torch, .json, .graph, .network2, .png, .hdf5, .keras,
    .protobuf, .onnx, .csv, .safetensors, .traininglog, .options, .load,
  ]
}

/// Stops with a finding.
func fail(_ message: String) -> Never {
  fuzz_fail(message)
}

/// Stops with a finding unless something holds that should.
func require(_ isTrue: Bool, _ message: @autoclosure () -> String) {
  if !isTrue { fail(message()) }
}
