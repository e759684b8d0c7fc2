import CNNCodecs
import CNNModelFile

/// A network preset: what `--architecture NAME` names.
///
/// | name | network |
/// | --- | --- |
/// | `lenet` | conv 20@5x5, ReLU, max pool 2, conv 50@5x5, ReLU, max pool 2, linear 500, ReLU, linear |
/// | `simple-convnet` | conv 30@5x5, ReLU, max pool 2, linear 100, ReLU, linear |
/// | `double-convnet` | conv 10@7x7 pad 1, ReLU, max pool 2, conv 20@3x3 pad 1, ReLU, max pool 2, linear 100, ReLU, linear |
/// | `deep-convnet` | six 3x3 convolutions of 16, 16, 32, 32, 64, 64 (pad 1, the fourth pad 2), ReLU after each, max pool 2 after every second; linear 50, ReLU, dropout 0.5, linear |
/// | `mlp:100,50` | linear layers of these widths, then the last one; ReLU between |
/// | `mlp:none` | the last linear layer alone: softmax regression |
///
/// Behind a colon stand the activation (`lenet:tanh`, `mlp:100:sigmoid`) and, for `mlp`, `bn` (batch
/// normalisation before each activation) and `dropout=0.2` (after each activation).
public struct Architecture: Sendable, Equatable {
  /// The family of networks.
  public enum Family: Sendable, Equatable {
    /// Two 5x5 convolutions with pooling and two linear layers: the Theano and Chainer tutorials.
    case lenet
    /// One 5x5 convolution: *Deep Learning from Scratch*, chapter 7.
    case simpleConvnet
    /// A 7x7 and a 3x3 convolution.
    case doubleConvnet
    /// Six 3x3 convolutions: *Deep Learning from Scratch*, chapter 8.
    case deepConvnet
    /// Linear layers only.
    case mlp
  }

  /// The family of networks.
  public var family: Family
  /// The output channels of the convolutions, in order.
  public var channels: [Int]
  /// The kernel sizes of the convolutions, in order.
  public var kernelSizes: [Int]
  /// The widths of the linear layers before the last, in order.
  public var hidden: [Int]
  /// What follows every convolution and every linear layer but the last.
  public var activation: Activation
  /// Whether there is batch normalisation before each activation (`mlp` only).
  public var hasBatchNorm: Bool
  /// The dropout after each hidden layer, or 0 (`mlp`), and before the last layer (`deep-convnet`).
  public var dropout: Double

  init(
    family: Family, channels: [Int] = [], kernelSizes: [Int] = [], hidden: [Int],
    activation: Activation = .relu,
    hasBatchNorm: Bool = false, dropout: Double = 0
  ) {
    self.family = family
    self.channels = channels
    self.kernelSizes = kernelSizes
    self.hidden = hidden
    self.activation = activation
    self.hasBatchNorm = hasBatchNorm
    self.dropout = dropout
  }

  /// The presets as people name them, for help texts and messages.
  public static let names = ["lenet", "simple-convnet", "double-convnet", "deep-convnet", "mlp:WIDTHS"]

  /// The family's preset with its usual widths.
  public static func preset(_ family: Family) -> Architecture {
    switch family {
    case .lenet:
      Architecture(family: family, channels: [20, 50], kernelSizes: [5, 5], hidden: [500])
    case .simpleConvnet:
      Architecture(family: family, channels: [30], kernelSizes: [5], hidden: [100])
    case .doubleConvnet:
      Architecture(family: family, channels: [10, 20], kernelSizes: [7, 3], hidden: [100])
    case .deepConvnet:
      Architecture(
        family: family, channels: [16, 16, 32, 32, 64, 64], kernelSizes: [3, 3, 3, 3, 3, 3], hidden: [50],
        dropout: 0.5)
    case .mlp:
      Architecture(family: family, hidden: [100])
    }
  }

  /// How the family is called on the command line.
  public var familyName: String {
    switch family {
    case .lenet: "lenet"
    case .simpleConvnet: "simple-convnet"
    case .doubleConvnet: "double-convnet"
    case .deepConvnet: "deep-convnet"
    case .mlp: "mlp"
    }
  }

  /// The name by which `init(name:)` gives this architecture again, as far as names reach: widths that differ
  /// from a convolutional preset's cannot be named.
  public var name: String {
    var parts = [familyName]
    if family == .mlp {
      parts.append(hidden.isEmpty ? "none" : hidden.map(String.init).joined(separator: ","))
    }
    if family == .mlp, hidden.isEmpty { return parts.joined(separator: ":") }
    if activation != .relu { parts.append(activation.rawValue) }
    if hasBatchNorm { parts.append("bn") }
    if family == .mlp, dropout > 0 { parts.append("dropout=\(dropout)") }
    return parts.joined(separator: ":")
  }

  /// Reads a name such as `lenet`, `lenet:tanh` or `mlp:100,50:bn:dropout=0.2`.
  ///
  /// - Throws: `ArchitectureError` that says which part is not understood and what could stand there.
  public init(name: String) throws(ArchitectureError) {
    var parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let familyName = parts.removeFirst()
    let families: [Family] = [.lenet, .simpleConvnet, .doubleConvnet, .deepConvnet, .mlp]
    guard let family = families.first(where: { Self.preset($0).familyName == familyName }) else {
      throw .unknownName(name)
    }
    self = Self.preset(family)
    if family == .mlp {
      guard !parts.isEmpty else { throw .missingWidths(name) }
      hidden = []
      let widths = parts.removeFirst()
      if widths == "none" {
        // There is nothing that a suffix could change.
        if let suffix = parts.first { throw .nothingToFollow(suffix, name: name) }
        return
      }
      for width in widths.split(separator: ",", omittingEmptySubsequences: false) {
        guard let value = Int(width), (1...65_536).contains(value) else {
          throw .badWidth(String(width), name: name)
        }
        hidden.append(value)
      }
      guard hidden.count <= 1_000 else { throw .unknownSuffix("\(hidden.count) widths", name: name) }
    }
    for part in parts {
      if let activation = Activation(rawValue: part) {
        self.activation = activation
      } else if family == .mlp, part == "bn" {
        hasBatchNorm = true
      } else if family == .mlp, part.hasPrefix("dropout="), let rate = Double(part.dropFirst(8)),
        (0..<1).contains(rate)
      {
        dropout = rate
      } else {
        throw .unknownSuffix(part, name: name)
      }
    }
  }

  /// The whole graph.
  ///
  /// - Parameters:
  ///   - inputShape: [C, H, W].
  ///   - outputs: how many logits the last layer gives: the number of classes.
  ///   - testTimeDropout: scales dropout at inference. The book's deep network (`deep-convnet`) then has, as there, a
  ///     second one behind the last layer. Without dropout it changes nothing.
  public func network(inputShape: [Int] = [1, 28, 28], outputs: Int, testTimeDropout: Bool = false)
    -> NetworkDescription
  {
    var builder = NetworkBuilder(inputShape: inputShape)
    for (index, (width, kernel)) in zip(channels, kernelSizes).enumerated() {
      switch family {
      case .deepConvnet: builder.convolution(width, kernel: kernel, padding: index == 3 ? 2 : 1)
      case .doubleConvnet: builder.convolution(width, kernel: kernel, padding: 1)
      case .lenet, .simpleConvnet, .mlp: builder.convolution(width, kernel: kernel)
      }
      builder.activation(activation)
      if family != .deepConvnet || index % 2 == 1 { builder.maxPool(2) }
    }
    builder.flatten()
    for width in hidden {
      builder.linear(width)
      if hasBatchNorm { builder.batchNorm() }
      builder.activation(activation)
      if dropout > 0 { builder.dropout(dropout, scaling: testTimeDropout ? .inference : .training) }
    }
    builder.linear(outputs)
    if family == .deepConvnet, testTimeDropout { builder.dropout(dropout, scaling: .inference) }
    return builder.network
  }
}

/// An architecture's name that is not understood.
public enum ArchitectureError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no such preset.
  case unknownName(String)
  /// `mlp` without the widths of its layers.
  case missingWidths(String)
  /// A width that is no number from 1 to 65,536.
  case badWidth(String, name: String)
  /// Something behind `mlp:none`, which has no hidden layers that it could stand behind.
  case nothingToFollow(String, name: String)
  /// Something behind a colon that the family does not take.
  case unknownSuffix(String, name: String)

  /// One sentence that says what could stand there.
  public var description: String {
    switch self {
    case .unknownName(let name):
      "there is no architecture \(Self.quoted(name)); there are \(Architecture.names.joined(separator: ", ")), "
        + "or a JSON file with a graph"
    case .missingWidths(let name):
      "\(Self.quoted(name)) lacks the widths of its hidden layers; write for example mlp:100,50, or mlp:none"
    case .badWidth(let width, let name):
      "\(Self.quoted(width)) in \(Self.quoted(name)) is not a width; widths are whole numbers from 1 to 65536, as in mlp:100,50, or none"
    case .nothingToFollow(let suffix, let name):
      "\(Self.quoted(name)) has no hidden layers that \(Self.quoted(suffix)) could follow"
    case .unknownSuffix(let suffix, let name):
      "\(Self.quoted(suffix)) in \(Self.quoted(name)) is not understood; after a colon come relu, sigmoid or tanh, and for mlp "
        + "also bn and dropout=RATE"
    }
  }

  /// A part of a name, which may hold anything, in quotation marks and fit for one line.
  private static func quoted(_ text: String) -> String {
    "'\(text.quotedForMessage.dropFirst().dropLast())'"
  }
}
