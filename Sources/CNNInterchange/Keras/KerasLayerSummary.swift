import CNNCodecs

/// A layer of a model of Keras for a listing, whether it can be taken over or not.
public struct KerasLayerSummary: Sendable, Equatable {
  /// The name that the user or Keras gave it.
  public let name: String
  /// Keras's class: `Conv2D`.
  public let className: String
  /// What it computes with, where it says so: `filters 20, kernel_size 5x5, activation relu`.
  public let settings: String
}

extension LoadedInput {
  /// The layers of a model of Keras in the order in which they are computed; empty for everything else, and for models
  /// that are no chains.
  public var kerasLayers: [KerasLayerSummary] {
    let model: KerasFile? =
      switch content {
      case .keras(let file): file
      case .hdf5(let file): try? KerasFile(file)
      default: nil
      }
    guard let model, let reader = try? KerasModelReader(JSONNode(model.config)) else { return [] }
    return reader.layers.map {
      KerasLayerSummary(name: $0.name, className: $0.className, settings: $0.settings)
    }
  }
}

extension KerasLayer {
  /// The settings that a table shows, in this order.
  private static let shown = [
    "filters", "units", "kernel_size", "pool_size", "strides", "padding", "rate", "target_shape", "scale",
    "activation",
  ]

  fileprivate var settings: String {
    Self.shown.compactMap { name in
      guard let value = config.value.member(name), let text = Self.text(of: value) else { return nil }
      // What nearly all layers have needs no mention.
      let isUsual =
        (name == "strides" && ["1x1", "1"].contains(text)) || (name == "padding" && text == "valid")
        || (name == "activation" && text == "linear")
      return isUsual ? nil : "\(name) \(text)"
    }.joined(separator: ", ")
  }

  private static func text(of value: JSONValue) -> String? {
    switch value {
    case .number(let number): return JSONWriter.text(of: number)
    case .string(let text): return NamedArray.isFit(text) && text.utf8.count <= 40 ? text : nil
    case .array(let elements):
      let numbers = elements.compactMap(\.numberValue).map { JSONWriter.text(of: $0) }
      return numbers.count == elements.count && numbers.count <= 4 ? numbers.joined(separator: "x") : nil
    case .null, .bool, .object: return nil
    }
  }
}
