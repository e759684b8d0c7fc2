import CNNCodecs
import CNNTestSupport

/// PyTorch's numbers. `Tests/python/make_optimizer_goldens.py` made them and says what is in the file.
struct TrainingGoldens {
  let root: JSONNode

  init() throws {
    let path = RepositoryPaths.root + "/Tests/CNNEngineTests/Fixtures/optimizers.json"
    root = JSONNode(try JSONReader.read(TemporaryFolder.read(path)))
  }
}

extension JSONNode {
  func numbers(_ name: String) throws -> [Double] {
    try member(name).elements().map { try $0.number() }
  }

  func rows(_ name: String) throws -> [[Double]] {
    try member(name).elements().map { try $0.elements().map { try $0.number() } }
  }
}

/// Whether two numbers agree to a part of the greater one; NaN agrees with nothing.
func agree(_ found: Double, _ expected: Double, within tolerance: Double) -> Bool {
  found == expected || abs(found - expected) <= tolerance * max(abs(found), abs(expected))
}

/// The error that reading a choice gives, as the user sees it; nil if it is understood.
func complaint(_ read: () throws -> Void) -> String? {
  do {
    try read()
    return nil
  } catch {
    return "\(error)"
  }
}
