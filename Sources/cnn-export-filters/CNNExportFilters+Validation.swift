import ArgumentParser
import CNNInsight
import CNNToolSupport

extension CNNExportFilters {
  /// Refuses options that don't go together, and says which do.
  func validate() throws {
    guard output != nil || layers.all != nil else {
      throw ValidationError("Missing expected argument '--output <output>'; or name a folder with --all")
    }
    guard layers.all != "" && layers.all != "-" else {
      throw ValidationError("--all needs the name of a folder")
    }
    guard output == nil || layers.all == nil else {
      throw ValidationError("--output is a file and --all a folder; one of them is enough")
    }
    try OutputSuffix.check(output, ".png", only: "that can be written")
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
    guard ([model, layers.compare].compactMap(\.self) + looking.inputs).filter({ $0 == "-" }).count <= 1
    else {
      throw ValidationError("- stands for standard input, which can be read only once")
    }
    guard layers.units == nil || layers.view == .maximize || !looking.topActivating.isEmpty else {
      throw ValidationError("--units needs --view maximize or --top-activating")
    }
    guard layers.units == nil || layers.all == nil else {
      throw ValidationError("--all draws all filters of every layer, so it has no --units")
    }
    try checkWhatIsLookedAt()
    if let option = look.optionForNumbers {
      let drawn = layers.view == .maximize ? "--view maximize" : looking.saliency.map { _ in "--saliency" }
      if let drawn = drawn ?? (looking.topActivating.isEmpty ? nil : "--top-activating") {
        throw ValidationError(
          "\(option) is for weights and feature maps; \(drawn) draws pictures as they are")
      }
    }
  }

  /// The options that go with weights, with one picture, or with many.
  private func checkWhatIsLookedAt() throws {
    guard let looked = looking.givenOptions.first else { return }
    if let option = layers.view != nil ? "--view" : layers.compare != nil ? "--compare" : nil {
      throw ValidationError("\(option) is for the weights of layers, so it has no \(looked)")
    }
    guard layers.all == nil || looking.featureMaps != nil else {
      throw ValidationError(
        "--all draws the weights or the feature maps of every layer, so it has no \(looked)")
    }
    guard looking.topActivating.isEmpty || look.columns == nil else {
      throw ValidationError(
        "--top-activating has a row for each filter, of --count pictures, and no --columns")
    }
    guard layers.layer == nil || looking.method == nil || looking.method == .gradCAM else {
      throw ValidationError("with --saliency, --layer is the layer of --method grad-cam")
    }
  }
}
