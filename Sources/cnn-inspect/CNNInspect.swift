import ArgumentParser
import CNNCodecs
import CNNFiles
import CNNInterchange
import CNNToolSupport

@main
struct CNNInspect: CommandLineTool {
  static let configuration = CommandConfiguration(
    commandName: "cnn-inspect",
    abstract: "Say what is in a file, and whether it is whole.",
    discussion: """
      Native files (models, checkpoints, data sets) are shown with their layers, shapes, parameters, \
      multiply-adds, labels, preprocessing and origin. Foreign files that can be read (pickles, \
      npy and npz, HDF5, IDX, CSV, safetensors, ONNX, network2's JSON, PNG and the files of PyTorch and Keras, \
      gzipped or not) are shown with their arrays and with what they say of themselves. Nothing in a pickle is ever run.

        cnn-inspect model.safetensors
        cnn-inspect --verify model.safetensors
        cnn-inspect params.pkl
      """,
    version: toolVersion)

  @Argument(help: "The file; - is standard input.", completion: .file())
  var file: String

  @Flag(
    help: """
      Only verify: exit status 0 if checksums cover the whole file and all agree, 65 if one does not or there \
      are none.
      """)
  var verify = false

  @Flag(help: "Print the description as one JSON object.")
  var json = false

  @Flag(name: .shortAndLong, help: "With --verify, print nothing if the file is whole.")
  var quiet = false

  func execute() throws -> ExitStatus {
    let inspection = try Inspection(LoadedInput(InputFile(path: file)))
    if verify, !inspection.isVerified {
      throw ToolFailure(path: file, "no checksums: nothing in this file can be verified", status: .badData)
    }
    if json {
      try StandardStreams.write(JSONWriter.text(of: inspection.json) + "\n")
    } else if !verify {
      try StandardStreams.write(inspection.text)
    } else if !quiet {
      try StandardStreams.write("\(file.onOneLine): whole\n")
    }
    return .success
  }
}
