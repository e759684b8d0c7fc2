import CNNCodecs

/// The content of a safetensors file that is no model file: tensors with names, and nothing that could be verified.
public struct PlainSafetensors: Sendable, Equatable {
  /// A member of `__metadata__`.
  public struct Metadata: Sendable, Equatable {
    /// The member's name: `format`.
    public let name: String
    /// Its value: `pt`.
    public let value: String

    /// Creates a member.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The members of `__metadata__`, in the file's order; empty without it.
  public let metadata: [Metadata]
  /// The tensors in the order of their bytes.
  public let tensors: [Tensor]

  /// Creates a content.
  public init(metadata: [Metadata], tensors: [Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }
}
