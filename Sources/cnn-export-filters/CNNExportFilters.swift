import ArgumentParser
import CNNCodecs
import CNNEngine
import CNNFiles
import CNNInsight
import CNNToolSupport

@main
struct CNNExportFilters: CommandLineTool {
  static let configuration = CommandConfiguration(
    commandName: "cnn-export-filters",
    abstract: "Draw what a network learnt, and what it sees, as PNG pictures.",
    discussion: """
      Without other options, the filters of the first convolution. Filters that look at a grey picture stand eight in a \
      row; a filter with several input channels becomes a row of its own, a tile for each channel. Every weight is a block \
      of 10x10 pixels with 10 pixels of white between and around the tiles; each filter is scaled to its own range, and \
      dark is large. Linear layers are drawn too: as the picture that each unit reads, or as a matrix with a row for \
      each unit.

        cnn-export-filters model.safetensors -o filters.png
        cnn-export-filters model.safetensors -o fc1.png --layer fc1 --labels
        cnn-export-filters model.safetensors --all layers --colors diverging
        cnn-export-filters before.safetensors --compare after.safetensors -o both.png
        cnn-export-filters -o conv3.png --layer conv3 --view strongest
        cnn-export-filters -o wish.png --layer fc2 --view maximize --units 0-9

      The network can also be looked through with a picture, made ready as cnn-infer does: what a layer makes of it, \
      which pixels speak for the answer, and which of many pictures excite a filter most.

        cnn-export-filters -o maps.png --feature-maps digit.png
        cnn-export-filters -o why.png --saliency digit.png --labels
        cnn-export-filters -o top.png --top-activating digits/ --count 6
      """,
    version: toolVersion)

  @Argument(
    help: """
      The model file; - is standard input. (default: the model that is part of the program and reads digits)
      """, completion: .file(extensions: ["safetensors"]))
  var model: String?

  @Option(
    name: .shortAndLong, help: "The PNG file to write; - is standard output.",
    completion: .file(extensions: ["png"]))
  var output: String?

  @OptionGroup(title: "Layers") var layers: LayerArguments

  @OptionGroup(title: "Looking through the network") var looking: LookingArguments

  @OptionGroup(title: "Appearance") var look: AppearanceArguments

  @Option(help: ArgumentHelp("How many threads work. (default: one for each processor)", valueName: "n"))
  var threads: Int?

  @Flag(help: "Replace the output if it exists, and write into a folder that is not empty.")
  var force = false

  @Flag(name: .shortAndLong, help: "Don't print the size of the picture.")
  var quiet = false

  func execute() throws -> ExitStatus {
    var destination =
      try layers.all.map { try PictureOutput(folder: $0, replacing: force) }
      ?? PictureOutput(file: output ?? "-", replacing: force)
    let model = try DrawnModel(model)
    let pictures = NetworkPictures(model, appearance: look.appearance)
    if let path = looking.featureMaps {
      return try drawFeatureMaps(of: path, model, pictures, to: &destination)
    }
    if let path = looking.saliency {
      let network = try model.learnt()
      let seen = try SeenPicture(path, for: model, network, preparation: looking.preparing.preparation)
      let drawn = try pictures.saliency(
        of: seen, in: network, method: looking.method, label: looking.label, layer: layers.layer, pool: pool)
      try write(drawn.picture, layer: "", remark: drawn.answer, to: &destination)
      return .success
    }
    if !looking.topActivating.isEmpty { return try drawTopActivating(model, pictures, to: &destination) }
    return try drawWeights(pictures, to: &destination)
  }

  /// As many threads as are asked for.
  private var pool: WorkerPool { WorkerPool(threadCount: threads ?? WorkerPool.processorCount) }

  private func drawWeights(_ pictures: NetworkPictures, to destination: inout PictureOutput) throws
    -> ExitStatus
  {
    let other = try layers.compare.map { try DrawnModel($0) }
    let pool = pool
    func draw(_ layer: String?) throws -> Picture {
      switch layers.view ?? .weights {
      case .weights: try pictures.weights(layer: layer, view: .weights, besides: other)
      case .strongest:
        try pictures.weights(layer: layer, view: .strongest(layers.channels ?? 8), besides: other)
      case .maximize:
        try pictures.maximization(
          layer: layer, units: layers.units?.range, options: layers.maximization, besides: other, pool: pool)
      }
    }
    guard layers.all != nil else {
      try write(draw(layers.layer), layer: "", to: &destination)
      return .success
    }
    return try drawAll(pictures.layersWithWeights(), to: &destination, draw)
  }

  private func drawFeatureMaps(
    of path: String, _ model: DrawnModel, _ pictures: NetworkPictures, to destination: inout PictureOutput
  ) throws -> ExitStatus {
    let network = try model.learnt()
    let seen = try SeenPicture(path, for: model, network, preparation: looking.preparing.preparation)
    let names = layers.all != nil ? network.layerNames : layers.layer.map { [$0] }
    let maps = try pictures.featureMaps(of: seen, in: network, layers: names, pool: pool)
    return try drawAll(maps, to: &destination, name: \.layer) { try pictures.sheet(of: $0, in: network) }
  }

  private func drawTopActivating(
    _ model: DrawnModel, _ pictures: NetworkPictures, to destination: inout PictureOutput
  ) throws -> ExitStatus {
    let network = try model.learnt()
    let pool = pool
    let examples = try ExampleSet(
      looking.topActivating, split: looking.split, for: model, preparation: looking.preparing.preparation,
      pool: pool)
    examples.failures.forEach(Self.report)
    let picture = try pictures.topActivating(
      examples, in: network, layer: layers.layer, units: layers.units?.range, count: looking.count ?? 9,
      pool: pool)
    try write(picture, layer: "", remark: examples.summary, to: &destination)
    return examples.failures.isEmpty ? .success : .failure
  }

  /// Draws one thing after another; what fails among several is told, and the rest goes on.
  private func drawAll<Item>(
    _ items: [Item], to destination: inout PictureOutput, name: (Item) -> String,
    _ draw: (Item) throws -> Picture
  ) throws -> ExitStatus {
    var status = ExitStatus.success
    for item in items {
      let picture: Picture
      do {
        picture = try draw(item)
      } catch let failure as ToolFailure where items.count > 1 {
        Self.report(failure)
        status = failure.status
        continue
      }
      try write(picture, layer: name(item), to: &destination)
    }
    return status
  }

  private func drawAll(
    _ layers: [String], to destination: inout PictureOutput, _ draw: (String) throws -> Picture
  ) throws -> ExitStatus {
    try drawAll(layers, to: &destination, name: \.self, draw)
  }

  /// Writes a picture and says so.
  private func write(
    _ picture: Picture, layer: String, remark: String? = nil, to destination: inout PictureOutput
  ) throws {
    let note = try destination.write(picture, layer: layer)
    if !quiet { Self.note(note + (remark.map { "; \($0)" } ?? "")) }
  }
}
