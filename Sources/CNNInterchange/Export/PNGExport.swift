import CNNCodecs
import CNNFiles

/// Data sets as folders of pictures: `train/7/00012.png`.
enum PNGExport {
  /// A file for each picture, in a folder of its class, in a folder of its split; pictures without labels are in that
  /// of the split. A file is called by the picture's place in its split, counted from 0, so that their order is kept.
  ///
  /// - Parameter labels: the names of the classes, after which the folders are called where all of them can be.
  static func dataset(_ splits: [LabelledArrays], labels: [String]) throws(ExportError) -> Export.Product {
    let areNamed = canNameFolders(labels)
    var files: [ExportedFile] = []
    for split in splits {
      guard split.images.elementType == .uint8 else {
        throw .pixelType(split.images.elementType, format: .png)
      }
      let shape = split.images.shape
      let channelCount = shape.count == 4 ? shape[1] : 1
      guard channelCount == 1 || channelCount == 3 else { throw .channelCount(channelCount) }
      let classes = split.labels?.integers()
      let digits = max(5, String(max(shape[0] - 1, 0)).utf8.count)
      for index in 0..<shape[0] {
        var path = split.split.rawValue
        if let label = classes?[index] {
          path += "/" + (areNamed && label < labels.count ? labels[Int(label)] : String(label))
        }
        let number = String(index)
        path += "/" + String(repeating: "0", count: digits - number.utf8.count) + number + ".png"
        files.append(ExportedFile(path) { try $0.write(PNG.encodeQuickly(picture(index, of: split.images))) })
      }
    }
    var lost: Set<LostContent> = []
    var notes: [String] = []
    if splits.contains(where: { $0.divisor != 255 }) { lost.insert(.divisor) }
    if !labels.isEmpty, !areNamed {
      lost.insert(.labels)
      notes.append("folders are called by the numbers of the classes, whose names cannot be those of folders")
    }
    if let split = splits.first(where: { $0.labels == nil }) {
      notes.append("the pictures of \(split.split.rawValue) have no labels, and are in one folder")
    }
    return Export.Product(files: files, lost: lost, notes: notes)
  }

  /// [H, W] or [3, H, W] of an array's picture.
  private static func picture(_ index: Int, of images: NumericArray) -> Picture {
    let size = images.range.count / images.shape[0]
    let start = images.range.lowerBound + index * size
    let pixels = images.storage[start..<start + size]
    let height = images.shape[images.shape.count - 2]
    let width = images.shape[images.shape.count - 1]
    guard size == 3 * height * width else {
      return .gray(GrayImage(width: width, height: height, pixels: Array(pixels)))
    }
    let plane = height * width
    var samples: [UInt8] = []
    samples.reserveCapacity(size)
    for pixel in 0..<plane {
      for channel in 0..<3 { samples.append(pixels[start + channel * plane + pixel]) }
    }
    return .rgb(RGBImage(width: width, height: height, pixels: samples))
  }

  /// Whether every name can be that of a folder, one below the other: labels come from strangers' files, and one that
  /// is called `..` must not lead out of the folder, nor two become the same.
  private static func canNameFolders(_ labels: [String]) -> Bool {
    let folded = Set(labels.map { $0.lowercased() })
    guard folded.count == labels.count else { return false }
    return labels.allSatisfy { label in
      !label.isEmpty && label.utf8.count <= 200 && label.utf8.first != UInt8(ascii: ".")
        && label.unicodeScalars.allSatisfy { !isForbidden($0) }
    }
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
    // Systems other than this one forbid more than the slash.
    default: "/\\:*?\"<>|".unicodeScalars.contains(scalar)
    }
  }
}
