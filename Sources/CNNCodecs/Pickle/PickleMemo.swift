/// The memo: values kept for later, by index.
///
/// Picklers count up from 0 (Python 2's cPickle from 1), so a plain array holds nearly every memo; indices that
/// leap go to a dictionary, since one opcode may name any index up to 2^32.
struct PickleMemo {
  private var dense: [Pickle.ID] = []
  /// 1 where the array's first element stands for index 1, since index 0 was never used.
  private var base = 0
  private var sparse: [Int: Pickle.ID] = [:]

  /// How many indices are in use, which is the one that `MEMOIZE` takes next.
  var count: Int { dense.count + sparse.count }

  subscript(index: Int) -> Pickle.ID? {
    let position = index - base
    return dense.indices.contains(position) ? dense[position] : sparse[index]
  }

  mutating func keep(_ id: Pickle.ID, at index: Int) {
    if dense.isEmpty, index <= 1, sparse.isEmpty { base = index }
    let position = index - base
    if dense.indices.contains(position) {
      dense[position] = id
    } else if position == dense.count {
      dense.append(id)
      if !sparse.isEmpty { sparse[index] = nil }
    } else {
      sparse[index] = id
    }
  }
}
