public import CNNCodecs
import CNNFiles
public import CNNInsight
import CNNModelFile
import CNNPictures
public import CNNRecognition

/// A picture file as a network sees it.
public struct SeenPicture {
  /// The pixels that the network takes: [C, H, W].
  public let pixels: [UInt8]
  /// The same as a picture.
  public let picture: Picture

  /// Reads a picture and makes it ready as `cnn-infer` does. For networks that take no grey pictures, it has to have
  /// exactly the size of the network's input.
  ///
  /// - Parameters:
  ///   - path: a PNG file; `-` is standard input.
  ///   - model: whose preparation it is.
  ///   - network: the model's network.
  ///   - preparation: how pictures are made ready.
  /// - Throws: `FileError`, or `ToolFailure` for a file that is no picture, or none of a digit, or of another size.
  public init(
    _ path: String, for model: DrawnModel, _ network: LearntNetwork, preparation: PicturePreparation
  )
    throws
  {
    let bytes = try InputFile(path: path).readAll(limit: PictureInference.fileLimit)
    let shape = network.pictureShape
    if network.description.inputShape.count == 3, shape[0] == 1 {
      var recognizer: DigitRecognizer
      do { recognizer = try DigitRecognizer(model.file) } catch { throw ToolFailure(error, path: model.name) }
      recognizer.preparation = preparation
      do {
        let image = try recognizer.prepared(PNG.decodeInk(bytes)).image
        self.init(image.pixels, shape)
      } catch {
        throw ToolFailure(error, path: path)
      }
      return
    }
    guard preparation == PicturePreparation() else {
      throw ToolFailure(
        path: model.name,
        "the model takes inputs of shape \(NumberFormat.shape(network.description.inputShape)), for which there is no "
          + "--normalize and no --deskew", status: .badData)
    }
    do {
      let header = try PNG.header(bytes)
      guard header.height == shape[1], header.width == shape[2] else {
        throw ToolFailure(
          path: path,
          "the picture is \(header.width) pixels wide and \(header.height) high, and the model takes pictures "
            + "\(shape[2]) wide and \(shape[1]) high", status: .badData)
      }
      switch shape[0] {
      case 1: self.init(try PNG.decodeGray(bytes).pixels, shape)
      case 3: self.init(try PNG.decodeRGB(bytes).planes, shape)
      default:
        throw ToolFailure(
          path: model.name,
          "the model takes pictures of \(shape[0]) channels, and PNG files have one or three",
          status: .badData)
      }
    } catch {
      throw ToolFailure(error, path: path)
    }
  }

  private init(_ pixels: [UInt8], _ shape: [Int]) {
    self.pixels = pixels
    picture = Picture(pixels: pixels, shape: shape)
  }
}

extension RGBImage {
  /// The samples colour by colour: [3, height, width].
  fileprivate var planes: [UInt8] {
    (0..<3).flatMap { channel in stride(from: channel, to: pixels.count, by: 3).map { pixels[$0] } }
  }
}
