import CNNCodecs

/// A model of Keras with its configuration: a `.keras` file, or the HDF5 file that `model.save('model.h5')` writes.
///
/// `formats/keras.md` says what both look like. Nothing in them is run: layers of the user's own are refused, also
/// those that are called as Keras's are.
public struct KerasFile: Sendable {
  /// How a file keeps its weights.
  enum Form: Sendable {
    /// `layers/conv2d/vars/0`: Keras 3, in `.keras` and `.weights.h5` files.
    case variables
    /// `model_weights/conv2d/conv2d/kernel:0`, with the names in attributes: `.h5` files of all versions.
    case named
  }

  /// Its entries, by which a `.keras` file is known.
  private static let configName = "config.json"
  private static let weightsName = "model.weights.h5"
  /// How deep configurations are nested: a model within a model takes four levels.
  private static let maximumDepth = 128

  /// The most bytes that arrays may take that do not lie in the file as they are: 256 MiB.
  static let decodingLimit = 1 << 28

  /// What the model is, as Keras describes it.
  public let config: JSONValue
  /// The weights and whatever else the file keeps beside them.
  public let weights: HDF5File
  let form: Form

  /// A model of parts that have been read.
  init(config: JSONValue, weights: HDF5File, form: Form) {
    self.config = config
    self.weights = weights
    self.form = form
  }

  /// Whether a zip archive is a `.keras` file, told by the names in it.
  static func isKeras(_ archive: ZipArchive) -> Bool {
    archive.entry(named: configName) != nil
      && (archive.entry(named: weightsName) != nil || archive.entry(named: "metadata.json") != nil)
  }

  /// Takes the model out of a `.keras` file.
  ///
  /// - Throws: `ZipError` for a damaged archive; `KerasImportError` for what is wrong within it.
  public init(_ archive: ZipArchive) throws {
    func content(_ name: String) throws -> [UInt8] {
      guard let entry = archive.entry(named: name) else { throw KerasImportError.missingEntry(name) }
      return try archive.content(of: entry).bytes
    }
    // All of the archive is verified, not only what is used.
    for entry in archive.entries { _ = try archive.content(of: entry) }
    config = try Self.json(content(Self.configName))
    let bytes = try content(Self.weightsName)
    do {
      weights = try HDF5File(parsing: bytes)
    } catch {
      throw KerasImportError.weightFile(error)
    }
    form = .variables
  }

  /// Takes the model out of an HDF5 file; nil for one that has no configuration.
  ///
  /// - Throws: `KerasImportError` for a configuration that cannot be read.
  public init?(_ file: HDF5File) throws(KerasImportError) {
    guard let attribute = file.root.attribute(named: "model_config") else { return nil }
    let text: String?
    do { text = try attribute.text() } catch { throw .hdf5(error) }
    guard let text else {
      throw .config(JSONContentError(path: "model_config", problem: "should be a single text"))
    }
    config = try Self.json(Array(text.utf8))
    weights = file
    form = .named
  }

  private static func json(_ bytes: [UInt8]) throws(KerasImportError) -> JSONValue {
    do { return try JSONReader.read(bytes, maximumDepth: maximumDepth) } catch { throw .json(error) }
  }
}
