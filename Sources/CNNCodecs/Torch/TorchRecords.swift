/// The tensors of a file of PyTorch and the storages below them, in the order of the pickle.
struct TorchRecords: Sendable {
  var storages: [TorchStorageRecord] = []
  var tensors: [TorchTensorRecord] = []
}

/// Bytes outside the pickle, as a persistent id names them.
struct TorchStorageRecord: Sendable, Equatable {
  /// The name that the file's container knows it by: digits.
  let key: String
  /// What the class of the storage says; nil for one of plain bytes.
  let elementType: ElementType?
  /// In elements, or in bytes where there is no element type.
  let count: Int

  var byteCount: Int { count * (elementType?.byteCount ?? 1) }
}

/// A view of a storage. What it says was checked against the size that the storage has by its record.
struct TorchTensorRecord: Sendable {
  /// The index of its storage.
  let storage: Int
  let elementType: ElementType
  /// In elements.
  let offset: Int
  /// Tuples of as many integers, none negative.
  let shape: Pickle.ID
  let strides: Pickle.ID
}

extension ElementType {
  /// The element type of a storage class such as `FloatStorage`, or nil for those that are not read.
  init?(torchStorage name: String) {
    switch name {
    case "DoubleStorage": self = .float64
    case "FloatStorage": self = .float32
    case "HalfStorage": self = .float16
    case "BFloat16Storage": self = .bfloat16
    case "LongStorage": self = .int64
    case "IntStorage": self = .int32
    case "ShortStorage": self = .int16
    case "CharStorage": self = .int8
    case "ByteStorage": self = .uint8
    case "BoolStorage": self = .bool
    default: return nil
    }
  }
}
