import CNNTestSupport

extension FormatTableTests {
  /// Commands that write a format.
  func commands(writing format: String) throws -> [String] {
    let model = try Samples.model()
    let data = try Samples.testSet()
    let train = "cnn-train '\(Samples.dataset)' --architecture mlp:4 --steps 2 -o m.safetensors --force -q"
    return switch format {
    case "native (`.safetensors`)": ["mnist-convert '\(Samples.weights)' -o m.safetensors --force", train]
    case "ONNX": ["mnist-convert '\(model)' --to onnx -o m.onnx"]
    case "npy and npz (NumPy, Chainer, Keras's `mnist.npz`)":
      ["mnist-convert '\(model)' --to npz -o m.npz", "mnist-convert '\(data)' -o d.npz"]
    case "IDX, all six types; EMNIST's too": ["mnist-convert '\(data)' --to idx -o idx"]
    case "CSV, label first or one-hot last": ["mnist-convert '\(data)' -o d.csv"]
    case "folders of PNG files, named by labels": ["mnist-convert '\(data)' --to png -o png"]
    case "gzip around any of these files":
      ["mnist-convert '\(data)' --to idx.gz -o idx.gz", "mnist-convert '\(data)' -o d.csv.gz"]
    case "PNG, all colour types and depths": ["cnn-export-filters '\(model)' -o f.png"]
    case "training log, JSON lines": [train + " --log new.jsonl"]
    case "charts, SVG": [train + " --plot new.svg"]
    case "training report, HTML with its numbers as JSON": [train + " --report new.html"]
    default: []
    }
  }
}
