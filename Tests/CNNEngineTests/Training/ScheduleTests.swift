import CNNCodecs
import CNNEngine
import Testing

@Suite struct ScheduleTests {
  @Test func ratesAgreeWithPyTorch() throws {
    let cases = try TrainingGoldens().root.member("schedules").elements()
    #expect(cases.count == 19)
    for golden in cases {
      let text = try golden.member("text").string()
      let schedule = try Schedule(parsing: text)
      let base = try golden.member("base").number()
      let stepsPerEpoch = try golden.member("steps_per_epoch").integer()
      let totalSteps = try golden.member("total_steps").integer()
      let losses = try golden.optionalMember("validation_losses")?.elements().map {
        $0.value.numberValue ?? .nan
      }
      var plateau = PlateauState()
      for (step, expected) in try golden.numbers("expected").enumerated() {
        let found = schedule.learningRate(
          base: base, step: step, stepsPerEpoch: stepsPerEpoch, totalSteps: totalSteps, plateau: plateau)
        #expect(
          abs(found - expected) <= 1e-13 * expected + 1e-16,
          "\(text), step \(step): \(found), not \(expected)")
        if let losses, case .plateau(let rule) = schedule.shape {
          // Through JSON, as a training that is taken up again has it.
          plateau = try PlateauState(JSONNode(plateau.json))
          rule.observe(validationLoss: losses[step], base: base, &plateau)
        }
      }
      #expect(schedule.needsValidation == (losses != nil))
    }
  }

  @Test func whatGoesByStepsBeginsAfterTheWarmUp() {
    for shape in [Schedule.Shape.cosine(), .oneCycle()] {
      let warm = Schedule(shape, warmUpSteps: 10)
      let cold = Schedule(shape)
      func rate(_ schedule: Schedule, _ step: Int, of total: Int) -> Double {
        schedule.learningRate(base: 0.1, step: step, stepsPerEpoch: 7, totalSteps: total)
      }
      for step in 0..<30 { #expect(rate(warm, step + 10, of: 40) == rate(cold, step, of: 30)) }
      #expect(rate(warm, 4, of: 40) == rate(cold, 0, of: 30) / 2)
      // The last step of the warm-up has the whole rate.
      #expect(rate(warm, 9, of: 40) == rate(cold, 0, of: 30))
    }
  }

  @Test func anyNumberOfStepsGivesARate() throws {
    for text in [
      "constant", "step:1:0.5", "exponential:0.9", "cosine", "one-cycle", "one-cycle:0", "one-cycle:1",
      "warm-up:3+one-cycle", "warm-up:9+cosine", "plateau",
    ] {
      let schedule = try Schedule(parsing: text)
      for total in 0...5 {
        for step in 0...7 {
          let rate = schedule.learningRate(
            base: 1, step: step, stepsPerEpoch: min(total, 2), totalSteps: total)
          #expect((0...1).contains(rate), "\(text), step \(step) of \(total): \(rate)")
        }
      }
    }
    // Beyond the end a wave stays at its end.
    let cosine = try Schedule(parsing: "cosine:0.25")
    #expect(cosine.learningRate(base: 1, step: 99, stepsPerEpoch: 1, totalSteps: 10) == 0.25)
  }

  @Test func textsReadBack() throws {
    for text in [
      "constant", "step:30:0.1", "exponential:0.9", "cosine", "cosine:0.01", "one-cycle", "one-cycle:0.2",
      "plateau", "plateau:0.5", "plateau:0.1:5", "plateau:0.1:5:1e-05", "plateau:0.5:3:0:2",
      "warm-up:500+cosine", "warm-up:1+plateau:0.5",
    ] {
      #expect(try Schedule(parsing: text).description == text)
    }
    #expect(
      try Schedule(parsing: "step:30:.10") == Schedule(.step(epochs: 30, factor: 0.1)))
    #expect(try Schedule(parsing: "one-cycle:0.3").description == "one-cycle")
    #expect(
      try Schedule(parsing: "warm-up:7+plateau:0.1:5")
        == Schedule(.plateau(Plateau(factor: 0.1, patience: 5)), warmUpSteps: 7))
  }

  @Test(arguments: [
    ("linear", "there is no schedule \"linear\""),
    ("step", "EPOCHS is missing"),
    ("step:30", "FACTOR is missing"),
    ("step:0:0.1", "EPOCHS should be a whole number from 1"),
    ("step:1.5:0.1", "EPOCHS should be a whole number from 1"),
    ("step:99999999999:0.1", "EPOCHS should be a whole number from 1"),
    ("exponential:0", "FACTOR should be a number above 0"),
    ("exponential:inf", "FACTOR should be a number above 0"),
    ("cosine:-1", "FINAL should be a number from 0 to 1"),
    ("one-cycle:1.5", "PEAK should be a number from 0 to 1"),
    ("plateau:1", "FACTOR should be a number above 0 and below 1"),
    ("plateau:0.1:-1", "PATIENCE should be a whole number from 0"),
    ("plateau:0.1:5:1:2:3", "\"3\" is one argument too many for plateau"),
    ("warm-up:5", "a schedule should follow the warm-up"),
    ("warm-up:0+cosine", "STEPS should be a whole number from 1"),
    ("warm-up:1:2+cosine", "\"2\" is one argument too many for warm-up"),
    ("cosine+cosine", "what stands before a + should be warm-up:STEPS"),
    ("warm-up:5+warm-up:5+cosine", "a schedule should follow the warm-up"),
    ("warm-up:5+", "there is no schedule \"\""),
  ])
  func complaintsSayWhatIsUnderstood(_ text: String, _ problem: String) {
    let found = complaint { _ = try Schedule(parsing: text) }
    #expect(found?.contains(problem) == true, "\(found ?? "understood")")
    #expect(found?.contains("write constant, step:EPOCHS:FACTOR") == true)
  }

  @Test func theStateOfAPlateauIsJSON() throws {
    #expect(
      JSONWriter.text(of: PlateauState().json)
        == #"{"best":null,"cooldown_counter":0,"factor":1,"num_bad_epochs":0}"#)
    var state = PlateauState()
    state.best = 0.0123
    state.cooldownCounter = 2
    state.factor = 0.05
    state.badEpochs = 3
    #expect(try PlateauState(JSONNode(state.json)) == state)
    #expect(try PlateauState(JSONNode(PlateauState().json)) == PlateauState())
  }

  @Test(arguments: [
    ("best", JSONValue.string("x"), "should be a number, and is a string"),
    ("cooldown_counter", .number(-1), "should be from 0"),
    ("factor", .number(1.5), "should be from 0 to 1, and is 1.5"),
    ("factor", .null, "should be a number, and is null"),
    ("num_bad_epochs", .number(0.5), "should be an integer"),
  ])
  func aDamagedPlateauIsRefused(_ name: String, _ value: JSONValue, _ problem: String) {
    guard case .object(var members) = PlateauState().json else { return }
    members = members.map { $0.name == name ? .init(name, value) : $0 }
    let node = JSONNode(.object(members), path: "training.plateau")
    let found = complaint { _ = try PlateauState(node) }
    #expect(found?.hasPrefix("training.plateau.\(name) \(problem)") == true, "\(found ?? "accepted")")
  }

  @Test func aMissingMemberIsRefused() {
    let found = complaint { _ = try PlateauState(JSONNode(.object([]), path: "training.plateau")) }
    #expect(found == "training.plateau.best is missing")
  }

  @Test func theScheduleIsJSON() throws {
    let schedule = Schedule(.cosine(finalFraction: 0.1), warmUpSteps: 20)
    let json = schedule.json(learningRate: 0.0025)
    #expect(JSONWriter.text(of: json) == #"{"learning_rate":0.0025,"name":"warm-up:20+cosine:0.1"}"#)
    let read = try Schedule.read(JSONNode(json))
    #expect(read.schedule == schedule && read.learningRate == 0.0025)
    #expect(try Schedule.read(JSONNode(schedule.json(learningRate: .nan))).learningRate == .infinity)
    let odd = JSONValue.object([.init("learning_rate", .number(1)), .init("name", .string("sine"))])
    let found = complaint { _ = try Schedule.read(JSONNode(odd, path: "schedule")) }
    #expect(found == "schedule.name is no schedule that is understood: there is no schedule \"sine\"")
  }
}
