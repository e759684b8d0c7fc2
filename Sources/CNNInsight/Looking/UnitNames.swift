import CNNModelFile

extension NetworkDescription {
  /// What the units of a layer are called: by their numbers, and by the classes in the network's last layer.
  ///
  /// - Parameters:
  ///   - count: how many units the layer has.
  ///   - labels: the names of the classes; those that are missing are called by their numbers.
  func unitNames(of layer: String, count: Int, labels: [String]) -> [String] {
    (0..<count).map { layer == output && labels.indices.contains($0) ? labels[$0] : "\($0)" }
  }
}

extension LearntNetwork {
  /// What the units of a layer are called: by their numbers, and by the classes in the network's last layer.
  public func unitNames(of layer: String) -> [String] {
    description.unitNames(of: layer, count: shapes[layer]?.first ?? 0, labels: labels)
  }
}
