import CNNCodecs

/// What a header says of one tensor.
struct TensorEntry: Equatable {
  let name: String
  let elementType: ElementType
  let shape: [Int]
  /// Where the tensor's bytes are in the data.
  let range: Range<Int>

  /// Whether this tensor comes before `other` in a model file's data: greater elements first, then by name.
  func precedes(_ other: TensorEntry) -> Bool {
    let (size, otherSize) = (elementType.byteCount, other.elementType.byteCount)
    return size != otherSize
      ? size > otherSize : name.utf8.lexicographicallyPrecedes(other.name.utf8)
  }

  /// Reads the value of a tensor's name: `{"data_offsets":[0,4],"dtype":"F32","shape":[1]}`.
  init(name: String, json: JSONNode) throws(SafetensorsError) {
    do {
      for (member, _) in try json.members()
      where !["data_offsets", "dtype", "shape"].contains(where: member.isExactly) {
        throw SafetensorsError.unknownMember(tensor: name, member: member)
      }
      let dtype = try json.member("dtype").string()
      guard let type = ElementType(safetensorsName: dtype) else {
        throw SafetensorsError.unsupportedType(tensor: name, dtype: dtype)
      }
      let shape = try json.member("shape").integers(in: 0...1 << 53)
      guard shape.count <= Limits.rank else {
        throw SafetensorsError.rankTooHigh(tensor: name, rank: shape.count, limit: Limits.rank)
      }
      guard let byteCount = NumericArray.byteCount(elementType: type, shape: shape) else {
        throw SafetensorsError.shapeTooLarge(tensor: name, shape: shape)
      }
      let offsets = try json.member("data_offsets").integers(count: 2, in: 0...1 << 53)
      guard offsets[0] <= offsets[1], offsets[1] - offsets[0] == byteCount else {
        throw SafetensorsError.sizeMismatch(
          tensor: name, needed: byteCount, begin: offsets[0], end: offsets[1])
      }
      self.name = name
      self.elementType = type
      self.shape = shape
      self.range = offsets[0]..<offsets[1]
    } catch let error as JSONContentError {
      throw .content(error)
    } catch let error as SafetensorsError {
      throw error
    } catch {
      throw .content(json.error("cannot be read: \(error)"))
    }
  }
}
