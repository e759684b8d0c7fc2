import CNNCodecs
import CNNInterchange
import CNNModelFile

/// What `cnn-inspect` has to say about a file, as text and as JSON.
public struct Inspection {
  private let input: LoadedInput

  /// Describes a file that has been read. Everything but pictures and the arrays of HDF5 files was checked then; those
  /// are decoded now.
  ///
  /// - Throws: `ToolFailure` for what is damaged in them.
  public init(_ input: LoadedInput) throws(ToolFailure) {
    self.input = input
    do {
      switch input.content {
      case .png(let bytes): _ = try PNG.decodeGray(bytes)
      case .hdf5(let file): try Self.decode(file)
      case .keras(let file): try Self.decode(file.weights)
      default: break
      }
    } catch {
      throw ToolFailure(error, path: input.path)
    }
  }

  /// Reads every array of numbers once, so that damaged data and missing pieces are found.
  private static func decode(_ file: HDF5File) throws(HDF5Error) {
    var reader = HDF5ArrayReader()
    for entry in try file.datasets() where entry.dataset.elementType != nil && !entry.dataset.isNull {
      _ = try reader.array(of: entry.dataset)
    }
  }

  /// Whether checksums cover every byte of the content, so that reading it has verified it.
  public var isVerified: Bool {
    switch input.content {
    case .modelFile, .png, .npz, .keras: true
    case .torch(let file): file.container == .zip || input.isCompressed
    case .plainSafetensors, .idx, .npy, .pickle, .hdf5, .onnx, .csv, .network2, .folder: input.isCompressed
    }
  }

  /// The whole description as text.
  public var text: String {
    let packing = input.isCompressed ? "gzip, and in it " : ""
    let crc = input.source.crc32.eightHexadecimalDigits
    var text =
      "\(input.path.onOneLine): \(packing)\(input.contentName), \(NumberFormat.byteCount(input.source.size)), CRC-32 \(crc)\n"
    switch input.content {
    case .modelFile(let file): text += ModelInspection(file).text
    case .plainSafetensors(let plain):
      text += properties
      text += Self.table(plain.tensors.map { ($0.name, $0.elementType.name, $0.shape, "") })
    case .idx(let array):
      text += "\(array.elementType.name) \(NumberFormat.shape(array.shape))\n"
    case .pickle(let pickle):
      text += Self.describe(pickle)
    case .png(let bytes):
      if let header = try? PNG.header(bytes) { text += Self.describe(header) + "\n" }
    case .npy, .npz, .torch, .hdf5, .keras, .onnx, .csv, .network2, .folder:
      text += properties
      let layers = input.kerasLayers
      if !layers.isEmpty {
        var table = TextTable([("layer", .left), ("class", .left), ("settings", .left)])
        for layer in layers { table.add([layer.name, layer.className, layer.settings]) }
        text += table.text
      }
      text += Self.table(input.arraySummaries.map { ($0.name, $0.elementType.name, $0.shape, "") })
    }
    return text
  }

  /// The whole description as one object.
  public var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("file", .string(input.path)), .init("format", .string(formatName)),
      .init("compressed", .bool(input.isCompressed)), .init("size", .integer(input.source.size)),
      .init("crc32", .string(input.source.crc32.eightHexadecimalDigits)),
      .init("verified", .bool(isVerified)),
    ]
    switch input.content {
    case .modelFile(let file):
      members += ModelInspection(file).json
    case .plainSafetensors(let plain):
      members.append(
        .init("metadata", .object(plain.metadata.map { .init($0.name, .string($0.value)) })))
      members.append(
        .init("arrays", .array(plain.tensors.map { Self.json($0.name, $0.elementType, $0.shape) })))
    case .idx(let array):
      members.append(.init("arrays", .array([Self.json("", array.elementType, array.shape)])))
    case .pickle(let pickle):
      members.append(.init("protocols", .array(pickle.protocols.map { .integer($0) })))
      let listing = pickle.arrayListing()
      members.append(
        .init(
          "arrays", .array(listing.items.map { Self.json($0.path, $0.array.elementType, $0.array.shape) })))
    case .png(let bytes):
      if let header = try? PNG.header(bytes) {
        members += [
          .init("width", .integer(header.width)), .init("height", .integer(header.height)),
          .init("bit_depth", .integer(header.bitDepth)), .init("color_type", .string("\(header.colorType)")),
          .init("interlaced", .bool(header.isInterlaced)),
        ]
      }
    case .npy, .npz, .torch, .hdf5, .keras, .onnx, .csv, .network2, .folder:
      let properties = input.properties
      if !properties.isEmpty {
        members.append(
          .init("properties", .object(properties.map { .init($0.name, .string($0.text)) })))
      }
      let layers = input.kerasLayers
      if !layers.isEmpty {
        let list = layers.map { layer in
          JSONValue.object([
            .init("name", .string(layer.name)), .init("class", .string(layer.className)),
            .init("settings", .string(layer.settings)),
          ])
        }
        members.append(.init("layers", .array(list)))
      }
      let arrays = input.arraySummaries
      members.append(.init("arrays", .array(arrays.map { Self.json($0.name, $0.elementType, $0.shape) })))
    }
    return .object(members)
  }

  /// What the file says of itself, a line each.
  private var properties: String {
    input.properties.map { "\($0.name): \($0.text)".onOneLine + "\n" }.joined()
  }

  private var formatName: String {
    switch input.content {
    case .modelFile: "cnn"
    case .plainSafetensors: "safetensors"
    case .idx: "idx"
    case .npy: "npy"
    case .npz: "npz"
    case .torch: "pytorch"
    case .hdf5: "hdf5"
    case .keras: "keras"
    case .onnx: "onnx"
    case .pickle: "pickle"
    case .png: "png"
    case .csv: "csv"
    case .network2: "network2"
    case .folder: "folder"
    }
  }

  private static func json(_ name: String, _ type: ElementType, _ shape: [Int]) -> JSONValue {
    .object([
      .init("name", .string(name)), .init("type", .string(type.name)),
      .init("shape", .array(shape.map { .integer($0) })),
    ])
  }

  private static func table(_ rows: [(name: String, type: String, shape: [Int], note: String)]) -> String {
    var table = TextTable([("array", .left), ("type", .left), ("shape", .left), ("", .left)])
    for row in rows { table.add([row.name, row.type, NumberFormat.shape(row.shape), row.note]) }
    return table.text
  }

  private static func describe(_ pickle: Pickle) -> String {
    let numbers = Set(pickle.protocols).sorted().map(String.init).joined(separator: ", ")
    let count = pickle.roots.count
    var text = count == 1 ? "protocol \(numbers), " : "\(count) pickles, protocol \(numbers), the first: "
    text += pickle.roots.first.map { pickle.typeName(of: $0) } ?? "nothing"
    let listing = pickle.arrayListing()
    text += listing.items.isEmpty ? "; no arrays\n" : "\n"
    if !listing.items.isEmpty {
      text += table(
        listing.items.map {
          var notes: [String] = []
          if $0.array.memoryOrder == .columnMajor, !$0.array.isRowMajorLittleEndian {
            notes.append("Fortran order")
          }
          if $0.array.byteOrder == .bigEndian { notes.append("big-endian") }
          return (
            $0.path.isEmpty ? "(the value itself)" : $0.path, $0.array.elementType.name, $0.array.shape,
            notes.joined(separator: ", ")
          )
        })
    }
    if !listing.isComplete { text += "and more arrays\n" }
    return text
  }

  private static func describe(_ header: PNGHeader) -> String {
    let colour =
      switch header.colorType {
      case .gray: "grey"
      case .rgb: "RGB"
      case .palette: "palette"
      case .grayAlpha: "grey with alpha"
      case .rgbAlpha: "RGB with alpha"
      }
    return "\(header.width)x\(header.height) pixels, \(header.bitDepth)-bit \(colour)"
      + (header.isInterlaced ? ", interlaced" : "")
  }
}
