import CNNEngine
import CNNInterchange
import CNNModelFile

extension FuzzTarget {
  /// Everything that is said in words of its own on the command line and in model files: optimizers, schedules, losses,
  /// augmentations, networks.
  static let options = FuzzTarget("options") { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    try parse(bytes) { try sameAgain(Augmentation(parsing: text), Augmentation.init(parsing:)) }
    try parse(bytes) { try sameAgain(Optimizer(parsing: text), Optimizer.init(parsing:)) }
    try parse(bytes) { try sameAgain(Loss(parsing: text), Loss.init(parsing:)) }
    try parse(bytes) { try sameAgain(Initializer(parsing: text), Initializer.init(parsing:)) }
    try parse(bytes) { try sameAgain(Schedule(parsing: text), Schedule.init(parsing:)) }
    try parse(bytes) { try Architecture(name: text).network(outputs: 10).inferShapes() }
    _ = TileSize(text)
    _ = ExportFormat(path: text)
    _ = DatasetSplit(stem: text)
  }

  private static func parse<Value>(_ bytes: [UInt8], _ body: () throws -> Value) throws {
    do { _ = try body() } catch { examine(error, inputCount: bytes.count) }
  }

  private static func sameAgain<Value: Equatable>(_ value: Value, _ parse: (String) throws -> Value) {
    let text = "\(value)"
    guard let again = try? parse(text) else { fail("'\(text)' was written and is not read") }
    require(again == value, "'\(text)' is read as another value")
  }
}
