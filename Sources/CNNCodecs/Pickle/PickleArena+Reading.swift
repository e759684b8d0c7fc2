/// Objects as plain values, for the interpreter and for everyone after it.
extension PickleArena {
  /// An integer or a boolean, where it fits.
  func integer(of id: Pickle.ID) -> Int? {
    let node = self[id]
    switch node.kind {
    case .boolean: return Int(node.detail)
    case .integer where node.detail == PickleNode.Place.inline: return node.first
    default: return nil
    }
  }

  /// A float, an integer or a boolean.
  func double(of id: Pickle.ID) -> Double? {
    let node = self[id]
    if node.kind == .real { return Double(bitPattern: UInt64(bitPattern: Int64(node.first))) }
    return integer(of: id).map(Double.init)
  }

  /// True or false, also as the integers 1 and 0 of Python 2.
  func flag(of id: Pickle.ID) -> Bool? {
    switch integer(of: id) {
    case 0: false
    case 1: true
    default: nil
    }
  }

  /// A text, or bytes read as Latin-1.
  func text(of id: Pickle.ID, prefix: Int = .max) -> String? {
    let node = self[id]
    switch node.kind {
    case .text: return String(decoding: bytes(of: node).prefix(prefix), as: UTF8.self)
    case .bytes:
      return String(decoding: PickleText.utf8(latin1: bytes(of: node).prefix(prefix)), as: UTF8.self)
    default: return nil
    }
  }

  /// The text of a code word such as `latin1` or `f4`; empty for what is too long or no text at all.
  func shortName(of id: Pickle.ID) -> String {
    let node = self[id]
    guard [.text, .bytes].contains(node.kind), node.second <= 32 else { return "" }
    return text(of: id) ?? ""
  }

  /// A name's two parts, fit to be printed.
  func globalName(of id: Pickle.ID) -> (module: String, name: String) {
    let node = self[id]
    func part(_ index: Int) -> String {
      (text(of: Pickle.ID(index: UInt32(index)), prefix: 100) ?? "").printable()
    }
    return (part(node.first), part(node.second))
  }

  func elementType(of node: PickleNode) -> ElementType { ElementType.allCases[node.first] }

  func shape(of record: PickleArrayRecord) -> [Int] {
    children(of: record.shape).compactMap { integer(of: $0) }
  }

  /// An array over the bytes of the input, or over derived ones, neither of them copied.
  func array(of id: Pickle.ID) -> NumericArray? {
    let node = self[id]
    guard node.kind == .array, node.detail == PickleNode.State.built else { return nil }
    let record = arrays[node.first]
    return NumericArray(
      elementType: record.elementType, shape: shape(of: record), memoryOrder: record.memoryOrder,
      byteOrder: record.byteOrder, storage: record.isDerived ? derived : input,
      range: record.start..<record.start + record.count)
  }

  /// What an object is, as messages say it.
  func typeName(of id: Pickle.ID) -> String {
    let node = self[id]
    switch node.kind {
    case .none: return "None"
    case .boolean: return "a boolean"
    case .integer: return "an integer"
    case .real: return "a float"
    case .complex: return "a complex number"
    case .text: return "a text"
    case .bytes: return "a byte string"
    case .byteArray: return "a bytearray"
    case .tuple: return "a tuple"
    case .list: return "a list"
    case .dictionary:
      switch node.detail {
      case PickleNode.Flavour.ordered: return "an OrderedDict"
      case PickleNode.Flavour.withDefault: return "a defaultdict"
      default: return "a dict"
      }
    case .set: return "a set"
    case .frozenSet: return "a frozenset"
    case .array: return "a NumPy array"
    case .elementType: return "a NumPy dtype"
    case .global:
      let (module, name) = globalName(of: id)
      return "the name \(module).\(name)"
    case .storage: return "a PyTorch storage"
    case .tensor: return "a PyTorch tensor"
    }
  }

  /// A key as messages and paths show it: a name as it is, a number in digits.
  func keyDescription(of id: Pickle.ID) -> String {
    if let text = text(of: id, prefix: 240) { return text.printable(limit: 60) }
    switch self[id].kind {
    case .none: return "None"
    case .boolean: return integer(of: id) == 1 ? "True" : "False"
    case .integer: return integer(of: id).map { String($0) } ?? "an integer"
    case .real: return double(of: id).map { String($0) } ?? "a float"
    default: return typeName(of: id)
    }
  }
}
