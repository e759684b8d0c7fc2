public import CNNCodecs
public import CNNEngine
public import CNNInsight
import CNNModelFile
import CNNPictures

/// Everything that `cnn-export-filters` draws of a model, with failures that say whose they are.
public struct NetworkPictures {
  private let model: DrawnModel
  private let appearance: SheetAppearance

  /// Pictures of a model.
  public init(_ model: DrawnModel, appearance: SheetAppearance) {
    self.model = model
    self.appearance = appearance
  }

  /// The layers that have weights to draw.
  ///
  /// - Throws: `ToolFailure` if there is none.
  public func layersWithWeights() throws(ToolFailure) -> [String] {
    let layers = model.file.manifest.network.map(LayerWeights.layers) ?? []
    guard !layers.isEmpty else {
      throw ToolFailure(path: model.name, "\(FilterSheet.Failure.noWeights)", status: .badData)
    }
    return layers
  }

  /// A layer's weights, beside those of another model if there is one.
  ///
  /// - Throws: `ToolFailure`.
  public func weights(layer: String?, view: FilterSheet.View, besides other: DrawnModel?) throws(ToolFailure)
    -> Picture
  {
    guard let other else {
      return try model.explaining(advice: adviceOnWeights(layer, view)) { () throws(FilterSheet.Failure) in
        try FilterSheet.draw(model.file, layer: layer, view: view, appearance: appearance)
      }
    }
    // What is wrong with one of them is said of that one.
    let name = try model.explaining { () throws(FilterSheet.Failure) in
      try LayerWeights(model.file, layer: layer).checked().layer
    }
    try other.explaining { () throws(FilterSheet.Failure) in
      _ = try LayerWeights(other.file, layer: name).checked()
    }
    return try model.explaining(advice: adviceOnWeights(name, view) + ", or without --compare") {
      () throws(FilterSheet.Failure) in
      try FilterSheet.compare(
        (model.file, other.file), names: (model.caption, other.caption), layer: name, view: view,
        appearance: appearance)
    }
  }

  /// What makes a sheet of weights smaller.
  private func adviceOnWeights(_ layer: String?, _ view: FilterSheet.View) -> String {
    let weights = try? LayerWeights(model.file, layer: layer)
    return switch view {
    case .weights where (weights?.channelCount ?? 1) > 1:
      "draw another layer, or fewer channels of each filter with --view strongest"
    case .strongest(let count) where count > 1 && (weights?.channelCount ?? 1) > 1:
      "draw another layer, or fewer channels of each filter with --channels"
    default: "draw another layer"
    }
  }

  /// The pictures that excite a layer's units most, beside those of another model if there is one.
  ///
  /// - Parameters:
  ///   - layer: the first convolution, or else the first linear layer, if nil.
  ///   - units: which units; all if nil.
  /// - Throws: `ToolFailure`.
  public func maximization(
    layer: String?, units: Range<Int>?, options: ActivationMaximization.Options, besides other: DrawnModel?,
    pool: WorkerPool
  ) throws(ToolFailure) -> Picture {
    let network = try model.learnt()
    let (node, units) = try model.explaining { () throws(InsightError) in
      let node = try network.unitLayer(named: layer).name
      return (node, try network.units(units, ofLayer: node))
    }
    let second = try other?.learnt()
    if let other, let second { try checkShapes(of: node, network, other, second) }
    let names = network.unitNames(of: node)
    let advice =
      "draw another layer, or fewer filters with --units" + (other == nil ? "" : ", or without --compare")
    // The search takes long: all that can be refused is refused before.
    try model.explaining(layer: node, advice: advice) { () throws(Sheet.Failure) in
      try MaximizationSheet.check(
        node, units: units, in: network, besides: second, names: names, appearance: appearance)
    }
    func search(_ model: DrawnModel, _ network: LearntNetwork) throws(ToolFailure) -> [ActivationMaximization]
    {
      try model.explaining { () throws(InsightError) in
        try ActivationMaximization.run(in: network, layer: node, units: units, options: options, pool: pool)
      }
    }
    let found = try search(model, network)
    guard let other, let second else {
      return try model.explaining(layer: node, advice: advice) { () throws(Sheet.Failure) in
        try MaximizationSheet.draw(found, names: names, appearance: appearance)
      }
    }
    let besides = try search(other, second)
    return try model.explaining(layer: node, advice: advice) { () throws(Sheet.Failure) in
      try MaximizationSheet.compare(
        (found, besides), unitNames: names, names: (model.caption, other.caption), appearance: appearance)
    }
  }

  /// Refuses a second model without the layer, or with one of another shape.
  private func checkShapes(
    of node: String, _ network: LearntNetwork, _ other: DrawnModel, _ second: LearntNetwork
  ) throws(ToolFailure) {
    _ = try other.explaining { () throws(InsightError) in try second.layer(named: node) }
    let shapes = (network.shapes[node] ?? [], second.shapes[node] ?? [])
    guard shapes.0 == shapes.1 else {
      throw ToolFailure(
        path: other.name,
        "the layer \(node) gives \(NumberFormat.shape(shapes.1)) and in \(model.name) \(NumberFormat.shape(shapes.0)); "
          + "only equal shapes can be compared", status: .badData)
    }
  }

  /// What layers give for a picture.
  ///
  /// - Parameter layers: nil for the activation behind the first convolution.
  /// - Throws: `ToolFailure`.
  public func featureMaps(
    of picture: SeenPicture, in network: LearntNetwork, layers: [String]?, pool: WorkerPool
  )
    throws(ToolFailure) -> [FeatureMaps]
  {
    try model.explaining { () throws(InsightError) in
      try FeatureMaps.maps(
        in: network, for: network.inputs(forPixels: picture.pixels), layers: layers, pool: pool)
    }
  }

  /// A sheet of what a layer gives.
  ///
  /// - Throws: `ToolFailure`.
  public func sheet(of maps: FeatureMaps, in network: LearntNetwork) throws(ToolFailure) -> Picture {
    try model.explaining(layer: maps.layer) { () throws(Sheet.Failure) in
      try FeatureMapSheet.draw(maps, names: network.unitNames(of: maps.layer), appearance: appearance)
    }
  }

  /// Where the network looks in a picture.
  ///
  /// - Parameters:
  ///   - method: nil for all of them beside the picture itself.
  ///   - label: the class; the most probable one if nil.
  ///   - layer: whose maps Grad-CAM goes by.
  /// - Returns: the picture, and the class with its probability.
  /// - Throws: `ToolFailure`.
  public func saliency(
    of picture: SeenPicture, in network: LearntNetwork, method: Saliency.Method?, label: String?,
    layer: String?,
    pool: WorkerPool
  ) throws(ToolFailure) -> (picture: Picture, answer: String) {
    let input = network.inputs(forPixels: picture.pixels)
    let maps = try model.explaining { () throws(InsightError) -> [SaliencyMap] in
      let index: Int?
      if let label { index = try network.classIndex(of: label) } else { index = nil }
      let saliency = try Saliency(network, pool: pool)
      var maps: [SaliencyMap] = []
      for method in method.map({ [$0] }) ?? methods(network) {
        maps.append(
          method == .gradCAM
            ? try saliency.gradCAM(of: input, classIndex: index, layer: layer)
            : try saliency.map(method, of: input, classIndex: index))
      }
      return maps
    }
    let answer = maps.first.map {
      "class \(network.labels[$0.classIndex]), probability \(NumberFormat.fixed($0.probability, 4))"
    }
    let advice =
      method == nil ? "draw one map alone with --method" : "the network's input is too large to draw"
    let sheet = try model.explaining(advice: advice) { () throws(Sheet.Failure) in
      try SaliencySheet.draw(
        picture.picture, maps: maps, showsPicture: method == nil, title: answer, appearance: appearance)
    }
    let missing = method == nil && network.mapLayerNames.isEmpty
    return (sheet, (answer ?? "") + (missing ? "; no Grad-CAM, since no layer has maps" : ""))
  }

  /// Those that a network has something to say by: Grad-CAM needs maps.
  private func methods(_ network: LearntNetwork) -> [Saliency.Method] {
    Saliency.Method.allCases.filter { $0 != .gradCAM || !network.mapLayerNames.isEmpty }
  }

  /// The examples that excite a layer's units most.
  ///
  /// - Throws: `ToolFailure`.
  public func topActivating(
    _ examples: ExampleSet, in network: LearntNetwork, layer: String?, units: Range<Int>?,
    count: Int, pool: WorkerPool
  ) throws(ToolFailure) -> Picture {
    let (top, units) = try model.explaining { () throws(InsightError) in
      let node = try network.unitLayer(named: layer).name
      let units = try network.units(units, ofLayer: node)
      return (try examples.mostExciting(network, layer: node, count: count, pool: pool), units)
    }
    let advice = "draw fewer pictures with --count, or fewer filters with --units"
    return try model.explaining(layer: top.layer, advice: advice) { () throws(Sheet.Failure) in
      try TopActivatingSheet.draw(
        top, units: units, names: network.unitNames(of: top.layer), appearance: appearance,
        picture: examples.picture)
    }
  }
}
