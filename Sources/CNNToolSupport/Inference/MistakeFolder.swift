import CNNCodecs
import CNNFiles

/// The folder into which an evaluation writes the pictures that were read wrong.
///
/// A file is called by the true label, the label that was read, its probability, and the picture:
/// `4-as-9-0.87-test-00247.png`. The picture's place among all is part of the name, so that no two are the same.
public struct MistakeFolder {
  private let path: String
  private let replacing: Bool
  private let labels: [String]

  /// Makes the folder, or takes one that is there.
  ///
  /// - Parameters:
  ///   - replacing: whether the folder may hold something already, and files of the same name are replaced.
  ///   - labels: the names of the classes.
  /// - Throws: `ToolFailure` if the folder cannot be made or is not empty.
  public init(_ path: String, replacing: Bool, labels: [String]) throws(ToolFailure) {
    self.path = path
    self.replacing = replacing
    self.labels = labels
    try OutputFolder.make(path, replacing: replacing)
  }

  /// Writes a picture that came as a file: `4-as-9-0.87-00012-scan.png`.
  ///
  /// - Throws: `FileError`.
  public func write(
    png bytes: [UInt8], truth: Int, prediction: Int, probability: Double, index: Int, name: String
  ) throws {
    let file = InputFile.baseName(of: name)
    let stem = file.lowercased().hasSuffix(".png") ? String(file.dropLast(4)) : file
    try write(
      bytes,
      "\(mistake(truth, prediction, probability))-\(Self.padded(index))-\(OutputFolder.sanitized(stem, byteLimit: 120))"
    )
  }

  /// Writes a picture of a data set: `4-as-9-0.87-test-00247.png`.
  ///
  /// - Throws: `FileError`, or `PNGError` if there is no memory.
  public func write(
    _ picture: GrayImage, truth: Int, prediction: Int, probability: Double, split: String, index: Int
  ) throws {
    try write(
      PNG.encode(picture),
      "\(mistake(truth, prediction, probability))-\(OutputFolder.sanitized(split, byteLimit: 40))-\(Self.padded(index))"
    )
  }

  private func write(_ bytes: [UInt8], _ name: String) throws {
    try OutputFile.write(to: "\(path)/\(name).png", replacing: replacing) { try $0.write(bytes) }
  }

  private func mistake(_ truth: Int, _ prediction: Int, _ probability: Double) -> String {
    "\(label(truth))-as-\(label(prediction))-\(NumberFormat.fixed(probability, 2))"
  }

  private func label(_ index: Int) -> String {
    labels.indices.contains(index) ? OutputFolder.sanitized(labels[index], byteLimit: 40) : "\(index)"
  }

  private static func padded(_ index: Int) -> String {
    let digits = "\(index)"
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}
