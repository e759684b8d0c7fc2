import CNNCodecs
import CNNModelFile

/// Constants, and the ways of giving one other extents.
extension ONNXChain {
  func constantArray(_ view: ONNXNodeView) throws(ONNXImportError) -> NamedArray {
    let name = view.node.outputs.first ?? ""
    func array<T>(_ type: ElementType, _ shape: [Int], _ values: [T]) -> NumericArray? {
      let bytes = values.withUnsafeBytes { [UInt8]($0) }
      return NumericArray(elementType: type, shape: shape, storage: bytes, range: 0..<bytes.count)
    }
    var made: NumericArray?
    for attribute in view.node.attributes {
      switch (attribute.name, attribute.value) {
      case ("value", .tensor(let tensor)): made = tensor.array
      case ("value_float", .float(let value)): made = array(.float32, [], [value.bitPattern.littleEndian])
      case ("value_int", .integer(let value)): made = array(.int64, [], [value.littleEndian])
      case ("value_floats", .floats(let values)):
        made = array(.float32, [values.count], values.map(\.bitPattern.littleEndian))
      case ("value_ints", .integers(let values)):
        made = array(.int64, [values.count], values.map(\.littleEndian))
      default: throw view.error("holds \(attribute.name.quotedForMessage), which is no number that is read")
      }
    }
    guard let made else { throw view.error("has no value") }
    return NamedArray(name: name, array: made)
  }

  /// A constant with other extents, as CNTK writes the weights behind a convolution.
  func reshaped(_ constant: NamedArray, _ view: ONNXNodeView) throws(ONNXImportError) -> NamedArray {
    let old = constant.array.shape
    guard let target = try extents(1, of: view) else { throw view.error("its shape is not known") }
    let copiesZeros = try view.integer("allowzero", default: 0) == 0
    var shape: [Int] = []
    for (index, extent) in target.enumerated() {
      guard let extent else { throw view.error("gives a constant the extent of the batch") }
      shape.append(extent == 0 && copiesZeros && index < old.count ? old[index] : extent)
    }
    let count = constant.array.elementCount
    if let open = shape.firstIndex(of: -1) {
      shape[open] = 1
      if let known = NetworkDescription.elementCount(shape), known > 0 { shape[open] = count / known }
    }
    guard shape != old else { return constant }
    return try with(shape, constant, view, "makes \(target.map { $0 ?? 0 }) of a constant of \(old)")
  }

  /// A constant with further extents of 1, as a bias for each channel is written.
  func unsqueezed(_ constant: NamedArray, _ view: ONNXNodeView) throws(ONNXImportError) -> NamedArray {
    let old = constant.array.shape
    let count = try axes(of: view, rank: 0)?.count ?? 0
    // Axes are counted in the result.
    let axes = try axes(of: view, rank: old.count + count) ?? []
    guard Set(axes).count == axes.count, axes.allSatisfy({ (0..<old.count + count).contains($0) }) else {
      throw view.error("adds axes to a constant of \(old) in a way that is not read")
    }
    var rest = old.makeIterator()
    let shape = (0..<old.count + count).map { axes.contains($0) ? 1 : rest.next() ?? 1 }
    return try with(shape, constant, view, "makes \(shape) of a constant of \(old)")
  }

  private func with(_ shape: [Int], _ constant: NamedArray, _ view: ONNXNodeView, _ problem: String)
    throws(ONNXImportError) -> NamedArray
  {
    guard constant.array.memoryOrder == .rowMajor else {
      throw view.error("reshapes a matrix that was transposed before, which is not read")
    }
    guard
      let array = NumericArray(
        elementType: constant.array.elementType, shape: shape, byteOrder: constant.array.byteOrder,
        storage: constant.array.storage, range: constant.array.range)
    else { throw view.error(problem) }
    return NamedArray(name: constant.name, array: array)
  }
}
