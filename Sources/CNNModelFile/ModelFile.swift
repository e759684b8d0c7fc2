/// The content of a native file: a manifest and the tensors it speaks of.
///
/// `formats/model-file.md` specifies the bytes. `ModelFileReader` and `ModelFileWriter` go between the two.
public struct ModelFile: Sendable, Equatable {
  /// What the tensors mean.
  public var manifest: Manifest
  /// The tensors; the writer puts them into the order of the file.
  public var tensors: [Tensor]

  /// Creates a file's content.
  public init(manifest: Manifest, tensors: [Tensor]) {
    self.manifest = manifest
    self.tensors = tensors
  }

  /// The tensor of that name, or nil.
  public func tensor(named name: String) -> Tensor? {
    tensors.first { $0.name == name }
  }
}
