import CNNCodecs
import CNNModelFile

/// Trains a network: steps, epochs, measuring, averaging, stopping, and the state to go on from.
///
///     let trainer = try Trainer(network, tensors: tensors, training: examples, validation: nil, options: options)
///     try trainer.run { event in
///       if case .epoch(let record) = event { print(record.epoch, record.trainLoss) }
///       return .goOn
///     }
///     let weights = trainer.result
///
/// The same network, data and options give the same bits for any number of threads, and however often the training was
/// stopped and gone on with.
public final class Trainer {
  /// The network that learns.
  public let network: NetworkDescription
  /// How it is trained.
  public let options: TrainingOptions
  /// How many optimiser steps have been taken.
  public private(set) var step = 0
  /// How the epochs went that are over.
  public private(set) var history: [EpochRecord] = []
  /// Whether early stopping has ended the training.
  public private(set) var isStoppedEarly = false
  /// What caching the outputs of frozen layers saved and took; nil where nothing was cached.
  public let cache: CacheReport?

  /// What keeping the outputs of frozen layers is worth.
  public struct CacheReport: Sendable, Equatable {
    /// The last of the layers whose outputs are kept.
    public let lastLayer: String
    /// The memory that they take.
    public let byteCount: Int
  }

  let parameters: ParameterStore
  let slots: [[FloatBuffer]]
  let averages: [FloatBuffer]?
  var best: [[Float]]?
  var plateau = PlateauState()
  var stopping: EarlyStopping
  var epochSums = EpochSums()
  /// What tells this training from others, beyond its network and options.
  let origin: Origin

  let pool: WorkerPool
  let kernels: KernelSet
  private let training: Examples
  private let validation: Examples?
  private let prefix: ForwardPlan?
  private let prefixWorkspaces: [ForwardPlan.Workspace]
  private let plan: TrainingPlan
  /// A few training examples, by which it is seen whether the weights are of any use.
  let probe: Examples
  private let augmentationWorkspaces: [AugmentationWorkspace]
  private let average: WeightAverage?
  private var batches: EpochBatches?

  /// What an epoch that is under way has measured.
  struct EpochSums: Equatable {
    var loss = 0.0
    var correct = 0
    var examples = 0
  }

  /// Makes ready to train.
  ///
  /// - Parameters:
  ///   - tensors: the network's first parameters.
  ///   - training: at least one example, with labels below the network's outputs.
  ///   - validation: what schedules, stopping and the best weights go by; nil for none.
  ///   - cacheMemory: the most bytes that the outputs of frozen layers may take; beyond, they are computed anew.
  /// - Throws: `EngineError` for a network that cannot be trained, `TrainingError` for data that don't fit it.
  public init(
    _ network: NetworkDescription, tensors: [Tensor], training: Examples, validation: Examples?,
    options: TrainingOptions, pool: WorkerPool = WorkerPool(), kernels: KernelSet = .best,
    cacheMemory: Int = 1 << 30
  ) throws {
    let shapes = try network.inferShapes()
    try Self.check(training, validation, network: network, outputs: shapes[network.output] ?? [], options)
    self.network = network
    self.options = options
    self.pool = pool
    self.kernels = kernels
    self.validation = validation
    parameters = try ParameterStore(network, tensors: tensors, frozen: options.frozen)
    origin = Origin(training: training, validation: validation, parameters: parameters)

    let parts = FrozenPrefix(network, shapes: shapes, frozen: options.frozen)
    var examples = training
    var running: ForwardPlan?
    var report: CacheReport?
    if let before = parts.prefix {
      let plan = try ForwardPlan(Network(before, tensors: tensors), kernels: kernels)
      running = plan
      let byteCount = training.count * plan.outputCount * MemoryLayout<Float>.size
      if options.augmentation == .none, byteCount <= cacheMemory {
        let session = InferenceSession(plan: plan, pool: pool)
        examples = Examples(
          inputs: session.logits(for: training), inputShape: parts.rest.inputShape, labels: training.labels)
        report = CacheReport(lastLayer: before.output, byteCount: byteCount)
        running = nil
      }
    }
    self.training = examples
    probe = training.first(min(options.batchSize, 64))
    prefix = running
    cache = report
    let threads = pool.threadCount
    prefixWorkspaces = running.map { plan in (0..<threads).map { _ in plan.makeWorkspace() } } ?? []
    plan = try TrainingPlan(
      parts.rest, parameters: parameters, frozen: options.frozen,
      maximumBatch: min(options.batchSize, training.count), pool: pool, kernels: kernels)
    let shape = training.inputShape
    let background = training.background
    augmentationWorkspaces =
      options.augmentation == .none
      ? []
      : (0..<threads).map { _ in
        AugmentationWorkspace(channels: shape[0], height: shape[1], width: shape[2], background: background)
      }

    let optimizer = options.optimizer
    slots = parameters.entries.map { entry in
      entry.isTrained ? optimizer.slots.map { _ in FloatBuffer(count: entry.count) } : []
    }
    average = options.averageDecay.flatMap { WeightAverage(decay: $0) }
    averages =
      average == nil
      ? nil
      : parameters.entries.map { entry in
        let buffer = FloatBuffer(count: entry.count)
        buffer.pointer.update(from: entry.weights.pointer, count: entry.count)
        return buffer
      }
    stopping = EarlyStopping(patience: options.patience)
  }

  /// How many steps an epoch has; the last one may have fewer examples than the others.
  public var stepsPerEpoch: Int { (training.count + options.batchSize - 1) / options.batchSize }

  /// The epoch that is under way, counted from 0.
  public var epoch: Int { step / stepsPerEpoch }

  /// Whether all steps have been taken or training was stopped early.
  public var isFinished: Bool { step >= options.steps || isStoppedEarly }

  /// Trains until all steps are taken, training is stopped early, or `observe` wants to stop.
  ///
  /// - Throws: `TrainingError.diverged` when the loss is no longer a number, with the parameters as they were before
  ///   the step; what `observe` throws.
  public func run(_ observe: (Event) throws -> Decision) throws {
    while !isFinished {
      let report = try takeStep()
      var record: EpochRecord?
      if step % stepsPerEpoch == 0 || step >= options.steps { record = finishEpoch() }
      var decision = try observe(.step(report))
      if let record, try observe(.epoch(record)) == .stop { decision = .stop }
      if decision == .stop { return }
    }
  }

  private func takeStep() throws(TrainingError) -> StepReport {
    let epoch = epoch
    if batches?.epoch != epoch {
      batches = EpochBatches(
        examples: training,
        order: EpochBatches.order(count: training.count, seed: options.seed, epoch: epoch),
        augmentation: options.augmentation, seed: options.seed, epoch: epoch,
        workspaces: augmentationWorkspaces, prefix: prefix.map { ($0, prefixWorkspaces) })
    }
    guard let batches else { throw .noExamples("training") }
    let start = step % stepsPerEpoch * options.batchSize
    let count = min(options.batchSize, training.count - start)
    let labels = batches.order[start..<start + count].map { training.labels[$0] }
    let result = plan.computeGradients(
      of: batches.batch(at: start), count: count, labels: labels, loss: options.loss, seed: options.seed,
      step: step)
    guard result.lossSum.isFinite else {
      throw .diverged(step: step + 1, layer: plan.firstLayerWithoutNumbers(count: count))
    }
    let rate = learningRate(at: step)
    updateWeights(rate: rate)
    step += 1
    epochSums.loss += result.lossSum
    epochSums.correct += result.correct
    epochSums.examples += count
    return StepReport(
      step: step, epoch: epoch + 1, loss: epochSums.loss / Double(epochSums.examples),
      accuracy: Double(epochSums.correct) / Double(epochSums.examples), examples: count,
      lossSum: result.lossSum, correct: result.correct, learningRate: rate)
  }

  /// The learning rate of a step.
  func learningRate(at step: Int) -> Double {
    options.schedule.learningRate(
      base: options.learningRate, step: step, stepsPerEpoch: stepsPerEpoch, totalSteps: options.steps,
      plateau: plateau)
  }

  private func updateWeights(rate: Double) {
    let next = step + 1
    for (index, entry) in parameters.entries.enumerated() {
      // Running statistics are averaged too, so that averaged weights come with statistics of their own kind.
      guard entry.isTrained || averages != nil else { continue }
      let decays = entry.shape.count >= 2
      let layerRate = rate * (options.learningRateScales[entry.node] ?? 1)
      let memory = OptimizerSlots(slots[index].first?.pointer, slots[index].dropFirst().first?.pointer)
      let piece = 1 << 14
      pool.run((entry.count + piece - 1) / piece) { number, _ in
        let range = number * piece..<min(number * piece + piece, entry.count)
        if entry.isTrained {
          options.optimizer.update(
            entry.weights.pointer, gradient: entry.gradient.pointer, slots: memory, range: range,
            learningRate: layerRate, weightDecay: decays ? options.weightDecay : 0, step: next)
        }
        if let average, let averages {
          average.update(averages[index].pointer, weights: entry.weights.pointer, range: range, step: next)
        }
      }
    }
  }

  private func finishEpoch() -> EpochRecord {
    let examples = Double(max(epochSums.examples, 1))
    var record = EpochRecord(
      epoch: (step + stepsPerEpoch - 1) / stepsPerEpoch, step: step, learningRate: learningRate(at: step - 1),
      trainLoss: epochSums.loss / examples, trainAccuracy: Double(epochSums.correct) / examples)
    epochSums = EpochSums()
    if let validation, let measured = try? measure(validation) {
      record.validLoss = measured.loss
      record.validAccuracy = measured.accuracy
      if case .plateau(let rule) = options.schedule.shape {
        _ = rule.observe(validationLoss: measured.loss, base: options.learningRate, &plateau)
      }
      if options.patience != nil {
        if stopping.observe(validationLoss: measured.loss, epoch: record.epoch) {
          best = resultValues
        }
        isStoppedEarly = stopping.shouldStop
      }
    }
    history.append(record)
    return record
  }

  /// Puts a checkpoint's state in the place of this one's. The restoring code is in `Trainer+Checkpoint.swift`.
  func restore(step: Int, history: [EpochRecord], isStoppedEarly: Bool) {
    self.step = step
    self.history = history
    self.isStoppedEarly = isStoppedEarly
  }
}
