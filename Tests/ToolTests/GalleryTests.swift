import CNNCodecs
import CNNTestSupport
import Testing

/// docs/gallery.md: its pictures are what its commands draw.
@Suite struct GalleryTests {
  private static let page = Result {
    String(decoding: try TemporaryFolder.read(RepositoryPaths.root + "/docs/gallery.md"), as: UTF8.self)
  }

  private func commands() throws -> [String] {
    try Self.page.get().split(separator: "\n").filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
  }

  private func output(of command: String) throws -> String {
    let words = command.split(separator: " ").map(String.init)
    let place = try #require(words.firstIndex(of: "-o"))
    return words[place + 1]
  }

  @Test func everyPictureHasItsCommand() throws {
    let drawn = try commands().filter { $0.hasPrefix("cnn-export-filters ") }.map(output)
    let page = try Self.page.get()
    let shown = page.split(separator: "(images/gallery/").dropFirst().compactMap {
      $0.split(separator: ")").first.map(String.init)
    }
    #expect(drawn == shown && drawn.count > 8)
    let folder = try TemporaryFolder()
    let files = try shell(#"ls "$1""#, [RepositoryPaths.root + "/docs/images/gallery"], in: folder)
    #expect(lines(files.output) == drawn.sorted())
    // A page with pictures stays small.
    let size = try shell(
      #"cat "$1"/*.png | wc -c"#, [RepositoryPaths.root + "/docs/images/gallery"], in: folder)
    #expect(try #require(Int(size.output.filter(\.isNumber))) < 400_000)
  }

  /// Pixel for pixel those of weights, which are the same everywhere; what a network computes may differ in the last bit
  /// between processors, and so by one grey. Bytes are not compared: another version of zlib may find others for the same
  /// pixels.
  @Test func theQuickOnesAreAsDrawn() throws {
    let folder = try TemporaryFolder()
    #expect(try shell(#"ln -s "$1" samples"#, [Samples.folder], in: folder).status == 0)
    var same: [String] = []
    var near: [String] = []
    for command in try commands() where command.hasPrefix("cnn-export-filters ") {
      let isSlow = ["maximize", "--top-activating", "--compare", "--saliency"].contains {
        command.contains($0)
      }
      if isSlow { continue }
      let name = try output(of: command)
      let result = try shell(command, in: folder)
      #expect(result.status == 0, "\(result.error)")
      let new = try PNG.decodeRGB(folder.read(name))
      let old = try PNG.decodeRGB(TemporaryFolder.read("\(RepositoryPaths.root)/docs/images/gallery/\(name)"))
      #expect(new.width == old.width && new.height == old.height, "\(name)")
      let difference = zip(new.pixels, old.pixels).map { abs(Int($0) - Int($1)) }.max()
      if difference == 0 { same.append(name) }
      if command.contains("--feature-maps"), try #require(difference) <= 2 { near.append(name) }
    }
    #expect(Set(same).isSuperset(of: ["filters.png", "signs.png", "strongest.png", "classes.png"]))
    #expect(near == ["maps.png", "deep-maps.png"])
  }
}
