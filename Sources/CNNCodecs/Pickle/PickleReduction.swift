/// The fixed list of names that mean something here. Every other name is a pair of strings and stays one.
///
/// Nothing is looked up, imported or run: a call of one of these makes a value that the reader itself knows.
enum PickleReduction: UInt8 {
  /// NumPy's empty array, which a `BUILD` fills.
  case reconstructArray = 1
  /// NumPy's array over bytes, at protocol 5.
  case arrayFromBuffer
  /// A single number of NumPy.
  case scalar
  /// The class of arrays, as an argument of `reconstructArray`; not called itself.
  case arrayClass
  /// NumPy's dtype, which a `BUILD` completes.
  case elementType
  /// A text's Latin-1 bytes: how Python 3 writes bytes below protocol 3.
  case encode
  case bytes
  case byteArray
  case list
  case tuple
  case dictionary
  case set
  case frozenSet
  case complex
  case orderedDictionary
  case defaultDictionary
  /// Another plain type of Python, as the factory of a `defaultdict`; not called itself.
  case plainType

  // In PyTorch's files only.

  /// A tensor over a storage, whose class says the element type.
  case torchTensor
  /// A tensor over a storage of bytes, with its element type beside it.
  case torchTensorWithType
  /// A tensor that is a module's parameter.
  case torchParameter
  /// A shape.
  case torchSize
  /// Where a tensor was: `cpu`, `cuda`.
  case torchDevice
  /// A dict of counts: learning rate schedules have it.
  case counter

  /// The reduction of a name, or nil for all names but a few.
  init?(module: ArraySlice<UInt8>, name: ArraySlice<UInt8>, dialect: PickleDialect) {
    guard module.count <= 32, name.count <= 32 else { return nil }
    switch (String(decoding: module, as: UTF8.self), String(decoding: name, as: UTF8.self)) {
    case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"):
      self = .reconstructArray
    case ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"): self = .scalar
    case ("numpy.core.numeric", "_frombuffer"), ("numpy._core.numeric", "_frombuffer"):
      self = .arrayFromBuffer
    case ("numpy", "ndarray"): self = .arrayClass
    case ("numpy", "dtype"): self = .elementType
    case ("_codecs", "encode"): self = .encode
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("collections", "defaultdict"): self = .defaultDictionary
    case ("__builtin__", let name), ("builtins", let name):
      switch name {
      case "bytes": self = .bytes
      case "bytearray": self = .byteArray
      case "list": self = .list
      case "tuple": self = .tuple
      case "dict": self = .dictionary
      case "set": self = .set
      case "frozenset": self = .frozenSet
      case "complex": self = .complex
      case "int", "long", "float", "bool", "str", "unicode": self = .plainType
      default: return nil
      }
    case ("torch._utils", let name) where dialect == .torch:
      switch name {
      case "_rebuild_tensor", "_rebuild_tensor_v2": self = .torchTensor
      case "_rebuild_tensor_v3": self = .torchTensorWithType
      case "_rebuild_parameter", "_rebuild_parameter_with_state": self = .torchParameter
      default: return nil
      }
    case ("torch", "Size") where dialect == .torch: self = .torchSize
    case ("torch", "device") where dialect == .torch: self = .torchDevice
    case ("collections", "Counter") where dialect == .torch: self = .counter
    default: return nil
    }
  }

  /// True for the plain types that a `defaultdict` may have as its factory, which is not kept.
  var isPlainType: Bool {
    switch self {
    case .bytes, .byteArray, .list, .tuple, .dictionary, .set, .frozenSet, .complex, .orderedDictionary,
      .plainType:
      true
    default: false
    }
  }

  /// The name that messages give it.
  var displayName: String {
    switch self {
    case .reconstructArray: "numpy's _reconstruct"
    case .arrayFromBuffer: "numpy's _frombuffer"
    case .scalar: "numpy's scalar"
    case .arrayClass: "numpy.ndarray"
    case .elementType: "numpy.dtype"
    case .encode: "_codecs.encode"
    case .bytes: "bytes"
    case .byteArray: "bytearray"
    case .list: "list"
    case .tuple: "tuple"
    case .dictionary: "dict"
    case .set: "set"
    case .frozenSet: "frozenset"
    case .complex: "complex"
    case .orderedDictionary: "OrderedDict"
    case .defaultDictionary: "defaultdict"
    case .plainType: "a plain type"
    case .torchTensor: "torch's _rebuild_tensor_v2"
    case .torchTensorWithType: "torch's _rebuild_tensor_v3"
    case .torchParameter: "torch's _rebuild_parameter"
    case .torchSize: "torch.Size"
    case .torchDevice: "torch.device"
    case .counter: "Counter"
    }
  }
}
