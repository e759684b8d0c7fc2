import ArgumentParser
import CNNCodecs
import CNNEngine
import CNNModelFile
import CNNToolSupport

/// Where the time of inference goes, and what bounds each layer.
struct Layers: CommandLineTool {
  static let configuration = CommandConfiguration(
    abstract: "What each layer of inference takes on one thread, beside what bounds it: a Markdown table.",
    discussion: """
      Operations are two a multiply-add. Bytes are those that have to come from beyond the layer: its input, its \
      weights (read once for a micro-batch) and its output before pooling. With few operations a byte, memory is the bound.
      """)

  @Argument(help: "A preset: lenet, simple-convnet, double-convnet, deep-convnet, mlp:WIDTHS.")
  var net: String

  @Option(help: "How often the network is run; the least time of each layer counts.")
  var passes = 300

  func validate() throws {
    guard passes >= 1 else { throw ValidationError("--passes must be at least 1") }
  }

  func execute() throws -> ExitStatus {
    let subject = Subject(task: .infer, net: net, batch: 64, threads: 1)
    let network = try subject.network()
    let plan = try ForwardPlan(
      Network(network, tensors: Initializer.he.parameters(of: network, seed: 1)), kernels: .best)
    let peak = Peak.measure(threads: 1, seconds: 0.5).map(\.oneThread).max() ?? 0
    let shapes = try network.inferShapes()
    let costs = network.costs(shapes: shapes)
    let images = Double(plan.microBatchSize)
    var table =
      "| layer | ns an image | GFLOP/s | of the peak | operations a byte |\n| --- | --- | --- | --- | --- |\n"
    for (name, time) in plan.layerTimes(passes: passes) {
      guard let index = network.nodes.firstIndex(where: { $0.name == name }) else { continue }
      let node = network.nodes[index]
      let seconds = Double(time.components.attoseconds) * 1e-18 + Double(time.components.seconds)
      let operations = 2 * Double(costs[index].multiplyAddCount)
      let inputs = Double((shapes[node.inputs[0]] ?? []).reduce(1, *))
      let outputs = Double((shapes[name] ?? []).reduce(1, *))
      let bytes = 4 * (inputs + outputs + Double(costs[index].parameterCount) / images)
      let speed = operations * images / seconds * 1e-9
      let cells = [
        name, NumberFormat.fixed(seconds / images * 1e9, 0), NumberFormat.fixed(speed, 0),
        NumberFormat.fixed(speed / peak, 2), NumberFormat.fixed(operations / bytes, 1),
      ]
      table += "| " + cells.joined(separator: " | ") + " |\n"
    }
    try StandardStreams.write(table)
    return .success
  }
}
