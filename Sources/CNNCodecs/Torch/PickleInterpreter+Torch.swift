/// The part of the interpreter that only files of PyTorch reach. It makes records; nothing is read from storages.
///
/// Source: `torch/_utils.py` and `torch/serialization.py` of PyTorch 2.
extension PickleInterpreter {
  /// The longest shape whose numbers a message repeats.
  private static var shownRank: Int { 8 }

  private func failure(_ problem: TorchProblem) -> PickleError { failure(.torch(problem)) }

  // MARK: Storages

  /// `BINPERSID` with `('storage', torch.FloatStorage, '0', 'cpu', 1024)`: key, location and number of elements. The
  /// legacy container has a view behind them, which nothing has written for years and which must be None.
  mutating func readStorageReference() throws(PickleError) {
    let id = try pop()
    let fields = arena[id].kind == .tuple ? [Pickle.ID](arena.children(of: id).prefix(7)) : []
    if let tag = fields.first, arena.shortName(of: tag) == "module" { throw failure(.pickledModule) }
    guard fields.count == 5 || fields.count == 6, arena.shortName(of: fields[0]) == "storage" else {
      throw failure(.malformedReference(problem: "other than a storage's description"))
    }
    if fields.count == 6, arena[fields[5]].kind != .none {
      throw failure(.malformedReference(problem: "a view of a storage, as PyTorch wrote before 0.4"))
    }
    let type = try storageType(fields[1])
    let key = arena.shortName(of: fields[2])
    guard (1...20).contains(key.utf8.count), key.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else {
      throw failure(.malformedReference(problem: "a key that is no number of up to 20 digits"))
    }
    guard arena[fields[4]].kind == .integer, let count = arena.integer(of: fields[4]), count >= 0,
      !count.multipliedReportingOverflow(by: 8).overflow
    else {
      throw failure(.malformedReference(problem: "a number of elements that cannot be"))
    }
    let record = TorchStorageRecord(key: key, elementType: type, count: count)
    if let known = torchStorages[key] {
      guard arena.torch.storages[arena[known].first] == record else {
        throw failure(.contradictoryStorage(key: key))
      }
      return try push(known)
    }
    let storage = try add(.storage, first: arena.torch.storages.count)
    arena.torch.storages.append(record)
    torchStorages[key] = storage
    try push(storage)
  }

  private func storageType(_ id: Pickle.ID) throws(PickleError) -> ElementType? {
    guard arena[id].kind == .global else {
      throw failure(.malformedReference(problem: "\(arena.typeName(of: id)) as the class of a storage"))
    }
    let (module, name) = arena.globalName(of: id)
    if module == "torch", let type = ElementType(torchStorage: name) { return type }
    if module == "torch.storage" || module == "torch", name == "UntypedStorage" { return nil }
    throw failure(.unsupportedStorage("\(module).\(name)"))
  }

  // MARK: Calls

  mutating func reduceTorch(_ reduction: PickleReduction, _ arguments: [Pickle.ID]) throws(PickleError)
    -> Pickle.ID
  {
    switch reduction {
    case .torchParameter:
      // The tensor, whether it takes a gradient, its hooks, and in one form its attributes.
      guard arguments.count == 3 || arguments.count == 4, arena[arguments[0]].kind == .tensor else {
        throw malformedCall(reduction, "other than a tensor and what belongs to it")
      }
      return arguments[0]
    case .torchSize:
      if arguments.isEmpty { return try add(.tuple) }
      guard arguments.count == 1, arena[arguments[0]].kind == .tuple else {
        throw malformedCall(reduction, "other than a tuple")
      }
      return arguments[0]
    case .torchDevice:
      guard let name = arguments.first, arguments.count <= 2, [.text, .bytes].contains(arena[name].kind)
      else {
        throw malformedCall(reduction, "other than a name and a number")
      }
      return name
    case .counter:
      if arguments.isEmpty { return try add(.dictionary) }
      guard arguments.count == 1, arena[arguments[0]].kind == .dictionary else {
        throw malformedCall(reduction, "other than a dict")
      }
      return arguments[0]
    case .torchTensorWithType: return try rebuildTensor(reduction, arguments, isTyped: true)
    default: return try rebuildTensor(reduction, arguments, isTyped: false)
    }
  }

  /// `BUILD` of an `OrderedDict`: attributes of the object, such as a state dict's `_metadata`, which are not kept.
  mutating func ignoreAttributes(_ state: Pickle.ID) throws(PickleError) {
    guard arena[state].kind == .dictionary else {
      throw failure(.wrongTarget(.build, found: "an OrderedDict, with \(arena.typeName(of: state))"))
    }
  }

  // MARK: Tensors

  /// `_rebuild_tensor_v2(storage, offset, shape, strides, takes a gradient, hooks[, metadata])`; the first version
  /// ended with the strides, the third has the element type before the metadata.
  private mutating func rebuildTensor(
    _ reduction: PickleReduction, _ arguments: [Pickle.ID], isTyped: Bool
  ) throws(PickleError) -> Pickle.ID {
    let counts: ClosedRange<Int> = isTyped ? 7...8 : 4...7
    guard counts.contains(arguments.count), arguments.count != 5, arena[arguments[0]].kind == .storage else {
      throw malformedCall(reduction, "other than a storage and a view of it")
    }
    let storage = arena[arguments[0]].first
    let elementType = try elementType(
      of: arena.torch.storages[storage], saidBy: isTyped ? arguments[6] : nil)
    // Whether to negate or conjugate what is in the storage.
    if arguments.count == counts.upperBound, let metadata = arguments.last {
      guard
        arena[metadata].kind == .none
          || arena[metadata].kind == .dictionary && arena.childCount(of: arena[metadata]) == 0
      else {
        throw failure(
          .unsupportedTensor(
            kind: "a tensor whose numbers are negated or conjugated when read",
            advice: "call resolve_neg() before saving"))
      }
    }
    guard arena[arguments[1]].kind == .integer, let offset = arena.integer(of: arguments[1]), offset >= 0
    else {
      throw failure(.malformedTensor(problem: "an offset that is no natural number"))
    }
    let shape = try naturalNumbers(arguments[2], "shape")
    let strides = try naturalNumbers(arguments[3], "strides")
    guard shape.count == strides.count else {
      throw failure(.malformedTensor(problem: "\(shape.count) dimensions and \(strides.count) strides"))
    }
    guard NumericArray.byteCount(elementType: elementType, shape: shape) != nil else {
      throw failure(.malformedTensor(problem: "more elements than can be"))
    }
    let available = arena.torch.storages[storage].byteCount / elementType.byteCount
    guard Self.isInside(shape: shape, strides: strides, offset: offset, available: available) else {
      throw failure(
        .outsideStorage(
          shape: [Int](shape.prefix(Self.shownRank)), strides: [Int](strides.prefix(Self.shownRank)),
          offset: offset, available: available))
    }
    arena.torch.tensors.append(
      TorchTensorRecord(
        storage: storage, elementType: elementType, offset: offset, shape: arguments[2],
        strides: arguments[3]))
    return try add(.tensor, first: arena.torch.tensors.count - 1)
  }

  private func elementType(of storage: TorchStorageRecord, saidBy type: Pickle.ID?) throws(PickleError)
    -> ElementType
  {
    guard let type else {
      guard let elementType = storage.elementType else {
        throw failure(.malformedTensor(problem: "a storage of bytes and no element type"))
      }
      return elementType
    }
    guard arena[type].kind == .global, storage.elementType == nil else {
      throw failure(.malformedTensor(problem: "no type, or one beside that of its storage"))
    }
    let (module, name) = arena.globalName(of: type)
    guard module == "torch", let elementType = ElementType.allCases.first(where: { $0.name == name }) else {
      throw failure(.unsupportedElementType("\(module).\(name)"))
    }
    return elementType
  }

  private func naturalNumbers(_ id: Pickle.ID, _ what: String) throws(PickleError) -> [Int] {
    guard arena[id].kind == .tuple, arena.childCount(of: arena[id]) <= NumericArray.maximumRank else {
      throw failure(
        .malformedTensor(problem: "no tuple of at most \(NumericArray.maximumRank) numbers as its \(what)"))
    }
    var numbers: [Int] = []
    for item in arena.children(of: id) {
      guard arena[item].kind == .integer, let number = arena.integer(of: item), number >= 0 else {
        throw failure(.malformedTensor(problem: "other than natural numbers as its \(what)"))
      }
      numbers.append(number)
    }
    return numbers
  }

  /// Whether all elements lie in the first `available` of a storage. Without elements there is nothing to lie outside.
  private static func isInside(shape: [Int], strides: [Int], offset: Int, available: Int) -> Bool {
    if shape.contains(0) { return true }
    var last = offset
    for (extent, stride) in zip(shape, strides) {
      let (distance, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, sumOverflow) = last.addingReportingOverflow(distance)
      guard !overflow, !sumOverflow else { return false }
      last = sum
    }
    return last < available
  }
}
