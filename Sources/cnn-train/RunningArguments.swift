import ArgumentParser
import CNNCodecs

/// The options that change nothing about the result.
struct RunningArguments: ParsableArguments {
  @Option(help: ArgumentHelp("How many threads work. (default: one for each processor)", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The file that holds the state to go on from. (default: MODEL.checkpoint.safetensors, removed at the end)",
      valueName: "file"), completion: .file(extensions: ["safetensors"]))
  var checkpoint: String?

  @Option(help: ArgumentHelp("Write it every n epochs.", valueName: "n"))
  var checkpointEvery = 1

  @Flag(help: "Go on from the checkpoint.")
  var resume = false

  @Option(help: ArgumentHelp("Write a JSON line an epoch.", valueName: "file.jsonl"), completion: .file())
  var log: String?

  @Option(help: ArgumentHelp("End with status 1 if the test accuracy is lower.", valueName: "x"))
  var requireAccuracy: Double?

  @Option(
    help: ArgumentHelp(
      "Options in a JSON object, named as here; the command line wins.", valueName: "file.json"),
    completion: .file(extensions: ["json"]))
  var config: String?

  @Flag(help: "Print the options in force as a file for --config, and do nothing else.")
  var printConfig = false

  @Flag(help: "Replace outputs that exist.")
  var force = false

  @Flag(name: .shortAndLong, help: "No progress on standard error, only errors.")
  var quiet = false

  /// The options in force that a config file may hold, under their names.
  var members: [JSONValue.Member] {
    [
      .init("threads", threads.map { .integer($0) } ?? .null),
      .init("checkpoint", checkpoint.map { .string($0) } ?? .null),
      .init("checkpoint-every", .integer(checkpointEvery)), .init("log", log.map { .string($0) } ?? .null),
      .init("require-accuracy", requireAccuracy.map { .number($0) } ?? .null),
    ]
  }
}
