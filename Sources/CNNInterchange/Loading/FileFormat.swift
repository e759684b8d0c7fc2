import CNNCodecs
import CNNModelFile

/// The formats that are read, told by how a file begins.
public enum FileFormat: Sendable, CaseIterable {
  /// A picture.
  case png
  /// Compressed data of whatever format.
  case gzip
  /// A native file or a plain safetensors file.
  case safetensors
  /// One array.
  case idx
  /// Python objects.
  case pickle

  /// The format of a file that begins with these bytes, or nil; 64 bytes or more tell all formats apart.
  public init?(beginning: [UInt8]) {
    if PNG.isPNG(beginning) {
      self = .png
    } else if Gzip.isGzip(beginning) {
      self = .gzip
    } else if ModelFileReader.recognize(prefix: beginning) != nil {
      self = .safetensors
    } else if IDX.isIDX(beginning) {
      self = .idx
    } else if Pickle.looksLikePickle(prefix: beginning) {
      self = .pickle
    } else {
      return nil
    }
  }
}
