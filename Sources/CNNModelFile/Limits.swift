/// The caps of `formats/model-file.md`, section 9.
enum Limits {
  /// The length of the header text in bytes.
  static let header = 1 << 24
  /// The number of tensors.
  static let tensors = 65_536
  /// The number of extents of a tensor.
  static let rank = 8
  /// Any extent, count or stride of a graph: products of two fit into 63 bits with room to spare.
  static let attribute = 2_147_483_647
  /// The elements of one parameter.
  static let parameterElements = 2_147_483_647
  /// The elements of all outputs for one image.
  static let outputElements = 1 << 28
}
