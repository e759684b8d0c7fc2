import CNNEngine
import Testing

@Suite struct AugmentationTextTests {
  @Test func presetsHaveNames() throws {
    #expect(try Augmentation(parsing: "none") == .none)
    #expect(try Augmentation(parsing: "light") == Augmentation(shift: 2, rotation: 10, scale: 0.1))
    #expect(try Augmentation(parsing: "digits") == .digits)
    #expect(Augmentation.none.description == "none")
    #expect(Augmentation.light.description == "light")
    #expect(Augmentation.digits.description == "digits")
    #expect(Augmentation.none.parts == "none")
    #expect(Augmentation.light.parts == "shift=2,rotate=10,scale=0.1")
  }

  @Test func listsAreReadAndPrinted() throws {
    let text = "shift=2,rotate=10,scale=0.1,shear=5,elastic=34:4,thickness=0.5,erase=0.1"
    let augmentation = try Augmentation(parsing: text)
    #expect(
      augmentation
        == Augmentation(
          shift: 2, rotation: 10, scale: 0.1, shear: 5, elasticStrength: 34, elasticSmoothness: 4,
          thickness: 0.5,
          erasing: 0.1))
    #expect(augmentation.description == text)
    #expect(try Augmentation(parsing: "erase=1, shift = 2.50").description == "shift=2.5,erase=1")
    #expect(try Augmentation(parsing: "shift=0,elastic=0") == .none)
    #expect(try Augmentation(parsing: "shift=2,rotate=10,scale=0.1").description == "light")
    #expect(try Augmentation(parsing: "light,scale=0,erase=0.2").description == "shift=2,rotate=10,erase=0.2")
    #expect(try Augmentation(parsing: Augmentation.digits.parts) == .digits)
  }

  @Test func whateverIsPrintedIsReadBack() throws {
    var random = RandomStream(seed: 1, purpose: .selection)
    for _ in 0..<200 {
      func part(_ greatest: Float) -> Float { random.uniform() < 0.3 ? 0 : random.uniform(0...greatest) }
      let augmentation = Augmentation(
        shift: part(1000), rotation: part(180), scale: part(0.9), shear: part(60),
        elasticStrength: part(1e-3),
        elasticSmoothness: 1 + part(999), thickness: part(1), erasing: part(1))
      #expect(try Augmentation(parsing: augmentation.description) == augmentation)
    }
  }

  @Test(arguments: [
    ("", AugmentationTextError.unknown("")),
    ("strong", .unknown("strong")),
    ("shift=1,", .unknown("")),
    ("shift=1,light", .presetNotFirst("light")),
    ("tilt=3", .unknownPart("tilt")),
    ("shift", .notANumber(part: "shift", value: "")),
    ("shift=", .notANumber(part: "shift", value: "")),
    ("shift=two", .notANumber(part: "shift", value: "two")),
    ("shift=1=2", .notANumber(part: "shift", value: "1=2")),
    ("rotate=nan", .notANumber(part: "rotate", value: "nan")),
    ("rotate=inf", .notANumber(part: "rotate", value: "inf")),
    ("elastic=34", .notANumber(part: "elastic", value: "34")),
    ("elastic=34:4:1", .notANumber(part: "elastic", value: "34:4:1")),
    ("elastic=:4", .notANumber(part: "elastic", value: ":4")),
    ("scale=0.1,scale=0.2", .repeated("scale")),
    ("shift=-1", .outOfRange(part: "shift", value: "-1", allowed: "0 to 1000")),
    ("scale=0.1\0x", .notANumber(part: "scale", value: "0.1\0x")),
    ("scale=1", .outOfRange(part: "scale", value: "1", allowed: "0 to 0.9")),
    ("erase=1.5", .outOfRange(part: "erase", value: "1.5", allowed: "0 to 1")),
    (
      "elastic=34:0.5",
      .outOfRange(
        part: "elastic", value: "34:0.5", allowed: "0 to 10000 in strength and 1 to 1000 in smoothness")
    ),
  ])
  func otherTextIsRefused(text: String, error: AugmentationTextError) {
    #expect(throws: error) { try Augmentation(parsing: text) }
  }

  @Test func errorsSayWhatIsUnderstood() {
    let parts = "shift=2,rotate=10,scale=0.1,shear=5,elastic=34:4,thickness=0.5,erase=0.1"
    #expect(
      AugmentationTextError.unknown("strong").description
        == "there is no augmentation \"strong\"; give none, light, digits, or any of \(parts)")
    #expect(
      AugmentationTextError.unknownPart("tilt").description
        == "augmentation has no part \"tilt\"; its parts, with examples, are \(parts)")
    #expect(
      AugmentationTextError.notANumber(part: "elastic", value: "34").description
        == "elastic takes two numbers, strength:smoothness, as in elastic=34:4, not \"34\"")
    #expect(
      AugmentationTextError.notANumber(part: "shift", value: "two").description
        == "shift takes a number, as in shift=2, not \"two\"")
    #expect(
      AugmentationTextError.outOfRange(part: "scale", value: "1", allowed: "0 to 0.9").description
        == "scale is 1, and may be 0 to 0.9")
    #expect(AugmentationTextError.repeated("scale").description == "scale is given twice")
    #expect(
      AugmentationTextError.presetNotFirst("light").description
        == "light sets every part of an augmentation, so it has to come first")
  }
}
