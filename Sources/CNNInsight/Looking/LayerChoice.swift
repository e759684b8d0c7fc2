import CNNModelFile

/// Which layer is looked at: that of a name, or the one that people mean if they name none.
extension LearntNetwork {
  /// The names of all layers, in order.
  public var layerNames: [String] { description.nodes.map(\.name) }

  /// The names of the layers whose value is maps with rows and columns, [C, H, W].
  public var mapLayerNames: [String] { layerNames.filter { shapes[$0]?.count == 3 } }

  /// The node of that name.
  ///
  /// - Throws: `InsightError.noSuchLayer`.
  public func layer(named name: String) throws(InsightError) -> NetworkDescription.Node {
    guard let node = description.nodes.first(where: { $0.name == name }) else {
      throw .noSuchLayer(name, layers: layerNames)
    }
    return node
  }

  /// The layer whose maps are looked at: the named one, or the activation behind the first convolution, or else behind
  /// the first linear layer.
  ///
  /// - Throws: `InsightError.noSuchLayer`.
  public func featureLayer(named name: String? = nil) throws(InsightError) -> NetworkDescription.Node {
    if let name { return try layer(named: name) }
    let nodes = description.nodes
    guard
      let first = nodes.firstIndex(where: \.operation.isConvolution)
        ?? nodes.firstIndex(where: \.operation.isLinear)
    else { return nodes[0] }
    return nodes[activation(behind: first)]
  }

  /// The layer whose units are excited: the named one, or the first convolution, or else the first linear layer.
  ///
  /// - Throws: `InsightError.noSuchLayer`.
  public func unitLayer(named name: String? = nil) throws(InsightError) -> NetworkDescription.Node {
    if let name { return try layer(named: name) }
    let nodes = description.nodes
    return nodes.first(where: \.operation.isConvolution) ?? nodes.first(where: \.operation.isLinear)
      ?? nodes[0]
  }

  /// The units of a layer that are looked at: the wanted ones, or all.
  ///
  /// - Parameter wanted: by their numbers; nil for all.
  /// - Throws: `InsightError.noSuchLayer`, or `InsightError.noSuchUnit` unless the layer has all of them.
  public func units(_ wanted: Range<Int>?, ofLayer name: String) throws(InsightError) -> Range<Int> {
    let count = shapes[try layer(named: name).name]?.first ?? 0
    let units = wanted ?? 0..<count
    if units.isEmpty { return units }
    for unit in [units.lowerBound, units.upperBound - 1] where !(0..<count).contains(unit) {
      throw .noSuchUnit(unit, layer: name, count: count)
    }
    return units
  }

  /// The layer that Grad-CAM goes by: the named one, or the activation behind the last convolution, before a pooling.
  ///
  /// - Throws: `InsightError` if there is no such layer, if it has no maps, or if no layer has.
  public func gradCAMLayer(named name: String? = nil) throws(InsightError) -> NetworkDescription.Node {
    if let name {
      let node = try layer(named: name)
      guard shapes[node.name]?.count == 3 else {
        if mapLayerNames.isEmpty { throw .noMapsAtAll }
        throw .noMaps(name, layers: mapLayerNames)
      }
      return node
    }
    let nodes = description.nodes
    if let last = nodes.lastIndex(where: \.operation.isConvolution) { return nodes[activation(behind: last)] }
    guard let last = nodes.last(where: { shapes[$0.name]?.count == 3 }) else { throw .noMapsAtAll }
    return last
  }

  /// The last activation behind a layer among those that leave the value's shape alone and change each number on its
  /// own; the layer itself if there is none.
  private func activation(behind index: Int) -> Int {
    var found = index
    for next in description.nodes.indices.dropFirst(index + 1) {
      switch description.nodes[next].operation {
      case .relu, .sigmoid, .tanh: found = next
      case .batchNorm, .dropout: break
      case .conv2d, .linear, .maxPool2d, .flatten: return found
      }
    }
    return found
  }
}

extension CNNModelFile.Operation {
  var isConvolution: Bool { if case .conv2d = self { true } else { false } }
  var isLinear: Bool { if case .linear = self { true } else { false } }
}
