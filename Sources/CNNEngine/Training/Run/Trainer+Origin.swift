import CNNCodecs
import CNNModelFile

extension Trainer {
  /// What a training began with: two that share it, the network and the options give the same bits.
  struct Origin: Sendable, Equatable {
    /// The training examples.
    let training: Split
    /// The validation examples; nil for none.
    let validation: Split?
    /// What makes bytes inputs; nil for inputs that are numbers already.
    let preprocessing: Preprocessing?
    /// The CRC-32 of the bytes of the first parameters, in the network's order.
    let parameters: UInt32

    /// Examples: how many, and which.
    struct Split: Sendable, Equatable {
      let count: Int
      let fingerprint: UInt32

      init(_ examples: Examples) {
        count = examples.count
        fingerprint = examples.fingerprint
      }
    }

    init(training: Examples, validation: Examples?, parameters store: ParameterStore) {
      self.training = Split(training)
      self.validation = validation.map(Split.init)
      preprocessing = training.preprocessing
      var checksum = CRC32()
      for tensor in store.tensors { tensor.elements.forEachPiece { checksum.update($0) } }
      parameters = checksum.value
    }

    /// The member `data` of a checkpoint's state.
    var data: JSONValue {
      var members: [JSONValue.Member] = [
        .init("fingerprint", .string(training.fingerprint.eightHexadecimalDigits)),
        .init("train", .integer(training.count)),
      ]
      if let validation {
        members += [
          .init("valid", .integer(validation.count)),
          .init("valid_fingerprint", .string(validation.fingerprint.eightHexadecimalDigits)),
        ]
      }
      return .object(members)
    }

    /// Compares with what a checkpoint says of itself. What it does not say, being older, is not compared.
    ///
    /// - Throws: `TrainingError.otherCheckpoint` that names the first difference, or `JSONContentError`.
    func compare(_ state: JSONNode, preprocessing there: Preprocessing?) throws {
      let data = try state.member("data")
      try Self.compare(
        "training data", training.fingerprint.eightHexadecimalDigits, try data.member("fingerprint").string())
      let count = try data.optionalMember("valid")?.integer(in: 0...1 << 53)
      try Self.compare(
        "number of validation examples", "\(validation?.count ?? 0)", "\(count ?? 0)")
      if let validation, let fingerprint = try data.optionalMember("valid_fingerprint")?.string() {
        try Self.compare("validation data", validation.fingerprint.eightHexadecimalDigits, fingerprint)
      }
      if let preprocessing, let there {
        try Self.compare("preprocessing", preprocessing.summary, there.summary)
      }
      if let first = try state.optionalMember("initial_fingerprint")?.string() {
        try Self.compare("first parameters", parameters.eightHexadecimalDigits, first)
      }
    }

    private static func compare(_ what: String, _ here: String, _ there: String) throws(TrainingError) {
      guard here == there else { throw .otherCheckpoint(what: what, here: here, there: there) }
    }
  }
}

extension Preprocessing {
  /// In a few words.
  fileprivate var summary: String {
    func text(_ number: Double) -> String { JSONWriter.text(of: .number(number)) }
    return "(pixel / \(text(divisor)) - \(text(mean))) / \(text(deviation)), \(polarity.rawValue)"
  }
}
