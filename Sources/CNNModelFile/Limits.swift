/// The caps of `formats/model-file.md`, section 9.
enum Limits {
  /// The length of the header text in bytes.
  static let header = 1 << 24
  /// The bytes of all tensors together: whoever reads a file holds it in memory.
  static let data = 1 << 32
  /// The number of tensors.
  static let tensors = 65_536
  /// The length of a name of a tensor, and of a label, in bytes. Swift compares strings as Unicode sees them, which
  /// takes time quadratic in the number of accents on one letter.
  static let nameBytes = 255
  /// The length of a node's name in bytes: it is part of the names of its tensors, in a checkpoint with more before it.
  static let nodeNameBytes = 128
  /// The number of extents of a tensor.
  static let rank = 8
  /// Any extent of a tensor: integers beyond are not exact in JSON. Only a tensor without elements can have one.
  static let extent = 1 << 53
  /// Any extent, count or stride of a graph: products of two fit into 63 bits with room to spare.
  static let attribute = 2_147_483_647
  /// The elements of one parameter.
  static let parameterElements = 2_147_483_647
  /// The elements of all outputs for one image, and those of the input.
  static let outputElements = 1 << 28
}
