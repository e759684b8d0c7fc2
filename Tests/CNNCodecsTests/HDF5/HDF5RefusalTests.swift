import CNNCodecs
import Testing

/// What h5py writes and this reader does not read: each is refused by name, and does no harm to the rest.
@Suite struct HDF5RefusalTests {
  @Test(arguments: [
    ("lzf", "the LZF filter"),
    ("scaleoffset", "the scale-offset filter"),
    ("text", "a dataset of text of variable length"),
    ("fixed text", "a dataset of text of 3 bytes"),
    ("compound", "a dataset of a compound type"),
    ("complex", "a dataset of a compound type"),
    ("reference", "a dataset of a reference type"),
    ("sequence", "a dataset of a type of sequences of variable length"),
    ("enumeration", "a dataset of an enumeration type"),
    ("array", "a dataset of an array type"),
    ("long double", "a dataset of a floating-point type other than IEEE 754's"),
    ("odd precision", "a dataset of an integer type with bits to spare"),
    ("opaque", "a dataset of 3 opaque bytes"),
    ("null", "a dataset of a null dataspace"),
    ("of a named type", "a dataset of a datatype that is kept elsewhere in the file"),
    ("extensible", "a dataset whose chunks are in an extensible array"),
    ("growing twice", "a dataset whose chunks are in a B-tree of version 2"),
    ("virtual", "a virtual dataset, made of others,"),
    ("elsewhere", "a dataset whose data are in another file"),
  ]) func datasets(name: String, feature: String) throws {
    let file = try HDF5File(parsing: try hdf5Fixture("refused.h5"))
    let dataset = try #require(file[name]?.dataset)
    do throws(HDF5Error) {
      _ = try dataset.array()
      Issue.record("\(name) is read")
    } catch {
      #expect(error.kind == .unsupported(feature))
      #expect(error.reason == "\(feature) is not read")
    }
  }

  @Test func theRestIsRead() throws {
    let file = try HDF5File(parsing: try hdf5Fixture("refused.h5"))
    guard case .other? = file["named type"] else {
      Issue.record("a named type is \(String(describing: file["named type"]))")
      return
    }
    let root = file.root
    guard case .numbers(let one)? = try root.attribute(named: "good")?.value() else {
      Issue.record("the attribute is no number")
      return
    }
    #expect(one.integers() == [1])
    for (name, feature) in [("compound", "a compound type"), ("reference", "a reference type")] {
      let attribute = try #require(root.attribute(named: name))
      #expect(throws: HDF5Error(.unsupported("an attribute of \(feature)"), offset: attribute.offset)) {
        try attribute.value()
      }
    }
  }

  @Test func pathsLeadToObjects() throws {
    let file = try HDF5File(parsing: try hdf5Fixture("keras2.h5"))
    let weights = try #require(file["/model_weights/"]?.group)
    let layers = try #require(try weights.attribute(named: "layer_names")?.texts())
    #expect(layers == ["conv2d", "flatten", "dense"])
    var shapes: [[Int]] = []
    for layer in layers {
      let group = try #require(weights[layer]?.group)
      for name in try #require(try group.attribute(named: "weight_names")?.texts()) {
        shapes.append(try #require(group[name]?.dataset).shape)
      }
    }
    #expect(shapes == [[3, 3, 1, 2], [2], [8, 3], [3]])
    for absent in ["model_weights/conv2d/none", "model_weights/dense/dense/kernel:0/x"] {
      if file[absent] != nil { Issue.record("\(absent) is there") }
    }
    #expect(try file.datasets().map(\.path).first == "model_weights/conv2d/conv2d/bias:0")
    #expect(HDF5File.isRecognized(try hdf5Fixture("user-block.h5")))
    #expect(!HDF5File.isRecognized([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
  }

  @Test func dataInOnePieceAreNotCopied() throws {
    let bytes = try hdf5Fixture("keras3.weights.h5")
    let datasets = try HDF5File(parsing: bytes).datasets()
    #expect(datasets.count > 8)
    for entry in datasets {
      let array = try entry.dataset.array(limit: 0, opaqueAs: .bfloat16)
      #expect(array.storage.count == bytes.count, "\(entry.path)")
    }
  }
}
