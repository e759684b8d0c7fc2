/// Why a pickle in a file of PyTorch cannot be read, where PyTorch's own objects are concerned.
public enum TorchProblem: Equatable, Sendable {
  /// A call of anything not on the list, most often the class of a pickled object.
  case forbiddenCall(module: String, name: String)
  /// A tensor of a kind that is no plain array, as a phrase, and what to do.
  case unsupportedTensor(kind: String, advice: String)
  /// A class of storages whose elements are no plain numbers.
  case unsupportedStorage(String)
  /// An element type that is not read, by PyTorch's name.
  case unsupportedElementType(String)
  /// A module with its source, as `torch.save(model)` of old wrote it.
  case pickledModule
  /// A persistent id that PyTorch does not write.
  case malformedReference(problem: String)
  /// Two persistent ids that say different things about one storage.
  case contradictoryStorage(key: String)
  /// A tensor with arguments that PyTorch does not write.
  case malformedTensor(problem: String)
  /// A tensor that reaches beyond its storage; both in elements.
  case outsideStorage(shape: [Int], strides: [Int], offset: Int, available: Int)

  /// The problem with a call that is not carried out.
  init(callOf name: String, in module: String) {
    switch (module, name) {
    case ("torch.serialization", "_get_layout"), ("torch._utils", "_rebuild_sparse_tensor"),
      ("torch._utils", "_rebuild_sparse_csr_tensor"):
      self = .unsupportedTensor(kind: "a sparse tensor", advice: "call to_dense() before saving")
    case ("torch._utils", "_rebuild_qtensor"):
      self = .unsupportedTensor(kind: "a quantized tensor", advice: "call dequantize() before saving")
    case ("torch._utils", "_rebuild_nested_tensor"):
      self = .unsupportedTensor(kind: "a nested tensor", advice: "call to_padded_tensor() before saving")
    case ("torch._utils", "_rebuild_meta_tensor_no_storage"):
      self = .unsupportedTensor(kind: "a tensor without numbers (device meta)", advice: "save a real one")
    case ("torch._utils", "_rebuild_device_tensor_from_cpu_tensor"),
      ("torch._utils", "_rebuild_device_tensor_from_numpy"):
      self = .unsupportedTensor(kind: "a tensor of a device", advice: "call cpu() before saving")
    case ("torch._tensor", "_rebuild_from_type_v2"), ("torch._tensor", "_rebuild_from_type"),
      ("torch._utils", "_rebuild_wrapper_subclass"):
      self = .unsupportedTensor(
        kind: "a tensor of a subclass or with attributes", advice: "call detach() before saving")
    default: self = .forbiddenCall(module: module, name: name)
    }
  }

  /// What is wrong, as a sentence for people.
  public var reason: String {
    switch self {
    case .forbiddenCall(let module, let name):
      "the pickle calls \(module.isEmpty ? name : "\(module).\(name)"); only tensors and plain containers are read: "
        + "save model.state_dict(), not the model or other objects"
    case .unsupportedTensor(let kind, let advice): "the file has \(kind), which is not read; \(advice)"
    case .unsupportedStorage(let name):
      "the file has a tensor over \(name); booleans, integers and floats are read, "
        + "complex and quantized numbers are not"
    case .unsupportedElementType(let name):
      "the file has a tensor of type \(name); only booleans, integers and floats from 16 bits on are read"
    case .pickledModule:
      "the file holds a module with its source; save model.state_dict(), not the model"
    case .malformedReference(let problem): "a persistent id has \(problem)"
    case .contradictoryStorage(let key): "the storage \(key) is described in two ways"
    case .malformedTensor(let problem): "a tensor has \(problem)"
    case .outsideStorage(let shape, let strides, let offset, let available):
      "a tensor of shape \(shape) with strides \(strides) at element \(offset) reaches beyond its storage of "
        + "\(available) elements"
    }
  }
}
