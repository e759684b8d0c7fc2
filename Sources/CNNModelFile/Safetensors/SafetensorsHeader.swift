import CNNCodecs

/// A header taken apart: what both plain files and model files have.
struct SafetensorsHeader {
  static let metadataName = "__metadata__"

  /// The members of `__metadata__` in their order.
  let metadata: [(name: String, value: String)]
  /// The tensors in the order of the header.
  let entries: [TensorEntry]

  /// Reads the JSON of a header.
  ///
  /// Where the tensors are is checked by `entriesInPlace(by:)`.
  init(json: JSONValue) throws(SafetensorsError) {
    do {
      let members = try JSONNode(json).members()
      var metadata: [(name: String, value: String)] = []
      var entries: [TensorEntry] = []
      let count = members.count { !$0.name.isExactly(Self.metadataName) }
      guard count <= Limits.tensors else {
        throw SafetensorsError.tooManyTensors(count: count, limit: Limits.tensors)
      }
      var names: Set<String> = []
      for (name, node) in members {
        if name.isExactly(Self.metadataName) {
          for (name, value) in try node.members() { metadata.append((name, try value.string())) }
          continue
        }
        guard name.utf8.count <= Limits.nameBytes else {
          throw SafetensorsError.nameTooLong(name, limit: Limits.nameBytes)
        }
        guard names.insert(name).inserted else { throw SafetensorsError.equivalentNames(name) }
        entries.append(try TensorEntry(name: name, json: node))
      }
      self.metadata = metadata
      self.entries = entries
    } catch let error as JSONContentError {
      throw .content(error)
    } catch let error as SafetensorsError {
      throw error
    } catch {
      throw .content(JSONContentError(path: "", problem: "cannot be read: \(error)"))
    }
  }

  /// Whether a member of the metadata begins with `cnn.`: the file says that it is a model file.
  var claimsProfile: Bool {
    metadata.contains { $0.name.utf8.starts(with: "cnn.".utf8) }
  }

  /// The tensors in `order`, each beginning where the one before ends, the first at 0.
  ///
  /// - Throws: `SafetensorsError.misplaced` for the first one that does not.
  func entriesInPlace(
    by order: (TensorEntry, TensorEntry) -> Bool
  ) throws(SafetensorsError) -> [TensorEntry] {
    let sorted = entries.sorted(by: order)
    var position = 0
    for entry in sorted {
      guard entry.range.lowerBound == position else {
        throw .misplaced(tensor: entry.name, expected: position, found: entry.range.lowerBound)
      }
      position = entry.range.upperBound
    }
    return sorted
  }
}
