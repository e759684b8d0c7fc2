import CNNRecognition
import CNNTestSupport
import Testing

@Suite struct ReadmeExampleTests {
  /// The lines that README.md shows under "From Swift", to the letter.
  @Test func aPNGFileBecomesAPredictionInThreeLines() throws {
    let path = try SampleModel.path()
    let bytes = try TemporaryFolder.read(RepositoryPaths.root + "/samples/digits/7-plain.png")

    let recognizer = try DigitRecognizer(contentsOf: path)
    let prediction = try recognizer.predict(png: bytes)
    print(prediction.label, prediction.probability)

    #expect(prediction.label == "7")
    #expect(prediction.probability > 0.9)
    let readme = String(
      decoding: try TemporaryFolder.read(RepositoryPaths.root + "/README.md"), as: UTF8.self)
    #expect(
      readme.contains(
        """
        let recognizer = try DigitRecognizer(contentsOf: path)
        let prediction = try recognizer.predict(png: bytes)
        print(prediction.label, prediction.probability)
        """))
  }
}
