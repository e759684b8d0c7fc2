/// Whose pickles are read: which calls mean something beyond the plain ones, and whether persistent ids do.
enum PickleDialect: Sendable {
  /// Python's and NumPy's. Persistent ids are refused.
  case plain
  /// The pickle of an object in a file of PyTorch: the plain ones, tensors, and persistent ids that name storages of
  /// the same file.
  case torch
}
