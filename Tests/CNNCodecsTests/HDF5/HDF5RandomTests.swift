import CNNCodecs
import CNNTestSupport
import Testing

/// Real files with damage: whatever the bytes, there is a value or a typed error.
@Suite struct HDF5RandomTests {
  private static let names = [
    "attributes", "attributes-latest", "dense", "keras2", "keras3-inner", "layouts", "layouts-latest",
    "refused",
    "structure", "structure-latest", "structure-tracked", "types", "user-block",
  ]

  /// Reads everything that can be read, and counts what could.
  private static func touch(_ bytes: [UInt8]) -> Int {
    guard let file = try? HDF5File(parsing: bytes), let datasets = try? file.datasets() else { return 0 }
    var count = 0
    for entry in datasets {
      if (try? entry.dataset.array(limit: 1 << 16, opaqueAs: .bfloat16)) != nil { count += 1 }
      for attribute in entry.dataset.attributes where (try? attribute.value()) != nil { count += 1 }
    }
    for attribute in file.root.attributes where (try? attribute.value()) != nil { count += 1 }
    return count
  }

  @Test(arguments: names) func damagedFilesAreRefusedOrRead(name: String) throws {
    let sound = try hdf5Fixture("\(name).h5")
    #expect(Self.touch(sound) > 0 || name.hasPrefix("structure") || name == "dense")
    for seed in 0..<40 as Range<UInt64> {
      var noise = SeededNoise(seed: seed)
      var bytes = sound
      switch seed % 4 {
      case 0:
        for _ in 0..<Int.random(in: 1...4, using: &noise) {
          bytes[Int.random(in: 0..<bytes.count, using: &noise)] = UInt8.random(in: 0...255, using: &noise)
        }
      case 1:
        // Fields of all ones or of small numbers: lengths, counts and addresses.
        let start = Int.random(in: 0..<bytes.count / 8, using: &noise) * 8
        let value: UInt8 = Bool.random(using: &noise) ? 0xFF : UInt8.random(in: 0...9, using: &noise)
        for index in start..<min(start + 8, bytes.count) { bytes[index] = value }
      case 2: bytes.removeLast(Int.random(in: 1..<bytes.count, using: &noise))
      default:
        let from = Int.random(in: 0..<bytes.count - 64, using: &noise)
        let to = Int.random(in: 0..<bytes.count - 64, using: &noise)
        for index in 0..<64 { bytes[to + index] = sound[from + index] }
      }
      _ = Self.touch(bytes)
    }
  }

  /// Structures with checksums, one bit of each flipped.
  @Test(arguments: [
    ("structure-latest", "OHDR", 13, "an object header"), ("dense", "FRHP", 20, "a fractal heap"),
    ("dense", "FHDB", 60, "a block of a fractal heap"),
    ("dense", "FHIB", 30, "an indirect block of a fractal heap"),
    ("dense", "BTHD", 14, "a B-tree"), ("dense", "BTLF", 9, "a B-tree's node"),
    ("dense", "BTIN", 9, "a B-tree's node"), ("layouts-latest", "FAHD", 20, "a fixed array"),
    ("layouts-latest", "FADB", 15, "a fixed array"),
  ]) func checksumsAreVerified(name: String, signature: String, place: Int, what: String) throws {
    var bytes = try hdf5Fixture("\(name).h5")
    let letters = Array(signature.utf8)
    let start = try #require(
      (0..<bytes.count - 4).first { Array(bytes[$0..<$0 + 4]) == letters }, "\(signature) is not in the file")
    bytes[start + place] ^= 1
    guard case .checksum(let found, _, _)? = hdf5Error(bytes)?.kind else {
      Issue.record("\(String(describing: hdf5Error(bytes)))")
      return
    }
    #expect(found == what)
  }
}
