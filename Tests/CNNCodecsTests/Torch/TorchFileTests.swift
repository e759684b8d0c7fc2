import CNNCodecs
import Testing

/// Files of PyTorch itself: what they hold, and what is refused.
@Suite struct TorchFileTests {
  static func bytes(_ name: String) throws -> [UInt8] { try FixtureFile.bytes("torch/" + name) }

  /// All tensors in the notation of `make_torch_goldens.py`.
  static func describe(_ file: TorchFile) -> String {
    file.groups.flatMap { group in
      group.tensors.map { tensor in
        let isIndex = tensor.name.hasPrefix("[")
        let path = group.path.isEmpty || isIndex ? group.path + tensor.name : group.path + "." + tensor.name
        let shape = tensor.array.shape.map(String.init).joined(separator: ",")
        let bytes = hex(tensor.array.rowMajorLittleEndianBytes())
        return "\(path) \(tensor.array.elementType.name) [\(shape)] \(bytes)\n"
      }
    }.sorted().joined()
  }

  static func expected(_ name: String) throws -> String {
    let lines = String(decoding: try bytes(name + ".txt"), as: UTF8.self).split(separator: "\n")
    return lines.map { $0 + "\n" }.sorted().joined()
  }

  @Test(arguments: [
    "state-dict", "types", "views", "checkpoint", "parameters", "list", "tensor", "protocol4", "wrapped",
    "pictures",
    "halves",
  ])
  func readsWhatPyTorchWrote(_ name: String) throws {
    for container in [TorchFile.Container.zip, .legacy] {
      let file = try TorchFile(parsing: try Self.bytes("\(name)-\(container).pt"))
      #expect(file.container == container)
      #expect(Self.describe(file) == (try Self.expected(name)))
    }
  }

  @Test(arguments: ["state-dict-deflated.pt", "state-dict-big.pt", "state-dict-1.6.pt"])
  func readsOtherWritersArchives(_ name: String) throws {
    let file = try TorchFile(parsing: try Self.bytes(name))
    #expect(Self.describe(file) == (try Self.expected("state-dict")))
    #expect(
      file.groups[0].tensors.map(\.array.byteOrder).contains(.bigEndian) == (name == "state-dict-big.pt"))
  }

  @Test func keepsTheOrderOfTheFile() throws {
    for name in ["state-dict-zip.pt", "state-dict-legacy.pt"] {
      let state = try #require(try TorchFile(parsing: try Self.bytes(name)).stateDictionary)
      #expect(
        state.tensors.map(\.name) == [
          "conv1.weight", "conv1.bias", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var",
          "bn1.num_batches_tracked", "fc1.weight", "fc1.bias",
        ])
    }
  }

  @Test func findsTheStateDictionaryOfACheckpoint() throws {
    let file = try TorchFile(parsing: try Self.bytes("checkpoint-zip.pt"))
    let state = try #require(file.stateDictionary)
    #expect(state.path == "state_dict" && state.tensors.count == 9)
    #expect(file.groups.map(\.path).prefix(3) == ["state_dict", "optimizer.state[0]", "optimizer.state[1]"])
    #expect(file.groups.last?.path == "" && file.groups.last?.tensors.map(\.name) == ["mean", "loss"])
    let values = file.values.map { "\($0.path)=\($0.text)" }
    #expect(values.prefix(5) == ["epoch=12", "best=0.5", "name=lenet", "done=False", "nothing=None"])
    #expect(values.contains("hyper.lr=0.01") && values.contains("device=cpu"))
  }

  /// Tensors that lie in the file as they are, or transposed, cost no memory of their own.
  @Test func sharesTheBytesOfTheFile() throws {
    for container in ["zip", "legacy"] {
      let bytes = try Self.bytes("views-\(container).pt")
      let file = try TorchFile(parsing: bytes)
      let arrays = Dictionary(uniqueKeysWithValues: file.groups[0].tensors.map { ($0.name, $0.array) })
      let whole = try #require(arrays["whole"])
      #expect(whole.storage.count == bytes.count)
      #expect(arrays["row"]?.range == whole.range.lowerBound + 48..<whole.range.upperBound)
      #expect(arrays["transposed"]?.memoryOrder == .columnMajor)
      #expect(arrays["transposed"]?.range == whole.range.lowerBound..<whole.range.lowerBound + 48)
      #expect(arrays["reversed"]?.range == whole.range)
      #expect(arrays["permuted"]?.storage.count == 96)
      #expect(arrays["expanded"]?.storage.count == 48)
    }
  }

  @Test(arguments: [
    (
      "module",
      "the pickle calls __main__.Net; only tensors and plain containers are read: "
        + "save model.state_dict(), not the model or other objects"
    ),
    ("sparse", "the file has a sparse tensor, which is not read; call to_dense() before saving"),
    ("csr", "the file has a sparse tensor, which is not read; call to_dense() before saving"),
    (
      "complex",
      "the file has a tensor over torch.ComplexFloatStorage; booleans, integers and floats are read, "
        + "complex and quantized numbers are not"
    ),
    (
      "quantized",
      "the file has a tensor over torch.QInt8Storage; booleans, integers and floats are read, "
        + "complex and quantized numbers are not"
    ),
    (
      "float8",
      "the file has a tensor of type torch.float8_e4m3fn; only booleans, integers and floats from 16 bits on are read"
    ),
    ("meta", "the file has a tensor without numbers (device meta), which is not read; save a real one"),
    ("nested", "the file has a nested tensor, which is not read; call to_padded_tensor() before saving"),
    (
      "attributes",
      "the file has a tensor of a subclass or with attributes, which is not read; call detach() before saving"
    ),
    ("storage", "the file has no tensors"),
    ("numbers", "the file has no tensors"),
    ("script", "this is a TorchScript program; save the model's state_dict() with torch.save"),
  ])
  func refusesByName(_ name: String, _ reason: String) throws {
    let bytes = try Self.bytes("refused/\(name).pt")
    #expect(torchError(bytes)?.reason == reason)
  }

  @Test func refusesNumbersThatAreNegatedWhenRead() throws {
    let complex = TorchProblem.unsupportedStorage("torch.ComplexFloatStorage")
    for name in ["negated", "conjugated"] {
      guard case .pickle(let error, false) = torchError(try Self.bytes("refused/\(name).pt")) else {
        Issue.record("\(name) was not refused in its pickle")
        continue
      }
      #expect(error.kind == .torch(complex) || "\(error)".contains("negated or conjugated"))
    }
  }

  @Test func isRecognised() throws {
    #expect(TorchFile.isLegacy(try Self.bytes("list-legacy.pt").prefix(32)))
    #expect(TorchFile.isLegacy(try Self.bytes("protocol4-legacy.pt").prefix(32)))
    #expect(!TorchFile.isLegacy(try Self.bytes("list-zip.pt")))
    #expect(!TorchFile.isLegacy([0x80, 2]) && !TorchFile.isLegacy([UInt8]()))
    #expect(TorchFile.isTorch(try ZipArchive(parsing: try Self.bytes("list-zip.pt"))))
    #expect(!TorchFile.isTorch(try ZipArchive(parsing: TestZip.sound)))
  }

  /// Files of PyTorch stay what they were to whoever reads plain pickles: refused.
  @Test func isNoPlainPickle() throws {
    let archive = try ZipArchive(parsing: try Self.bytes("tensor-zip.pt"))
    let entry = try #require(archive.entry(named: "tensor-zip/data.pkl"))
    let error = pickleError(try archive.content(of: entry).bytes)
    #expect(error?.kind == .refusedOpcode(.binpersid))
  }
}

/// The error of a file of PyTorch, or nil if it is read.
func torchError(_ bytes: [UInt8], limits: PickleLimits = .default) -> TorchError? {
  do {
    _ = try TorchFile(parsing: bytes, limits: limits)
    return nil
  } catch {
    return error
  }
}
