import CNNCodecs
import CNNEngine
import CNNToolSupport

/// How fast a subject is.
struct Measurement {
  let subject: Subject
  /// The kernels' instruction set.
  let kernels: String
  let rounds: Rounds

  /// Measures with the kernels `kernels`.
  init(_ subject: Subject, kernels: KernelSet, seconds: Double, workload: (Int) throws -> Void) rethrows {
    self.subject = subject
    self.kernels = kernels.name
    rounds = try Rounds(units: Double(subject.batch), seconds: seconds, work: workload)
  }

  /// Has the members that `peers.py` prints.
  func json() throws -> JSONValue {
    .object([
      .init("peer", .string("cnn-toolchain")), .init("version", .string(toolVersion)),
      .init("task", .string(subject.task.rawValue)), .init("net", .string(subject.net)),
      .init("batch", .integer(subject.batch)), .init("threads", .integer(subject.threads)),
      .init("images_per_second", .integer(Int(rounds.best.rounded()))),
      .init("median", .integer(Int(rounds.median.rounded()))), .init("variant", .string(kernels)),
      .init("multiply_adds", .integer(try subject.multiplyAdds())),
    ])
  }
}
