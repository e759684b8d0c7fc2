import CNNCodecs
import Testing

/// Files written by h5py and Keras; `Tests/python/make_hdf5_goldens.py` says how.
@Suite struct HDF5GoldenTests {
  /// What `expected.txt` says of a file, by path.
  private static func expected(_ file: String) throws -> [String: String] {
    let text = String(decoding: try hdf5Fixture("expected.txt"), as: UTF8.self)
    var result: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      if fields.count == 3, fields[0] == file { result[fields[1]] = fields[2] }
    }
    return result
  }

  @Test(arguments: [
    "attributes-latest", "attributes", "dense", "keras2", "keras3-inner", "keras3.weights", "keras3",
    "layouts-latest", "layouts-v110", "layouts", "structure-latest", "structure-tracked", "structure",
    "types",
    "user-block",
  ]) func everythingIsFound(name: String) throws {
    let file = try HDF5File(parsing: try hdf5Fixture("\(name).h5"))
    var expected = try Self.expected("\(name).h5")
    #expect(expected.count > 10)
    for (path, text) in try HDF5Description.lines(file) {
      #expect(expected.removeValue(forKey: path) == text, "\(path)")
    }
    #expect(expected.isEmpty)
  }
}
