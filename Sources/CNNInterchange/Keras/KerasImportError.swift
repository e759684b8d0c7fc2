import CNNCodecs
import CNNModelFile

/// A file of Keras that was opened without trouble but whose network cannot be taken over.
public enum KerasImportError: FormatError, Equatable {
  /// The archive lacks an entry that every `.keras` file has.
  case missingEntry(String)
  /// `config.json`, or the attribute `model_config`, is no JSON. Its places are not those of the file.
  case json(JSONError)
  /// Something in the configuration is missing or of another type.
  case config(JSONContentError)
  /// `model.weights.h5` within the archive is damaged. Its places are not those of the file.
  case weightFile(HDF5Error)
  /// An HDF5 file's group, attribute or array is damaged or of a kind that is not read.
  case hdf5(HDF5Error)
  /// The model is of a class whose configuration does not say what it computes.
  case modelClass(String)
  /// A layer that cannot be taken over, and why or what to do.
  case layer(name: String, className: String, problem: String)
  /// Two layers of one model have the same name.
  case duplicateLayer(String)
  /// The layers are no chain: what they are instead.
  case notAChain(String)
  /// There are more layers than a chain of pictures needs.
  case tooManyLayers(limit: Int)
  /// Nothing says how large the input is.
  case noInputShape
  /// The input's shape, without the number of pictures, is that of no picture and no row.
  case inputShape(String)
  /// The layers share their weights so often that there would be far more of them than the file has.
  case tooManyWeights(limit: Int)
  /// An array does not fit its layer.
  case weights(InterchangeError)
  /// The layers make no sense together.
  case graph(GraphError)
  /// The network gives something else than one row of values, one for each class.
  case outputShape([Int])

  /// Where in the file the trouble begins, where that is known.
  public var offset: Int? {
    if case .hdf5(let error) = self { error.offset } else { nil }
  }

  /// What is wrong, as a sentence for people.
  public var reason: String {
    switch self {
    case .missingEntry(let name):
      "the .keras file has no \(name), in which Keras keeps half of a model; save the model again with "
        + "model.save('model.keras')"
    case .json(let error): "the model's configuration is no JSON: \(error.description)"
    case .config(let error): "the model's configuration is not as Keras writes it: \(error.reason)"
    case .weightFile(let error): "in model.weights.h5: \(error.description)"
    case .hdf5(let error): error.reason
    case .modelClass(let name):
      "the model is a \(name.quotedForMessage), whose configuration does not say what it computes; read are "
        + "Sequential and Functional models. Save the weights alone (model.save_weights('m.weights.h5')) and name the "
        + "network with --architecture"
    case .layer(let name, let className, let problem): "layer \(name) (\(className)): \(problem)"
    case .duplicateLayer(let name): "two layers are called \(name.quotedForMessage)"
    case .notAChain(let problem):
      "\(problem); only chains of layers are read, without residual or parallel branches"
    case .tooManyLayers(let limit): "the model has more than \(limit) layers"
    case .noInputShape:
      "the configuration does not say how large the input is; call the model once, or begin it with "
        + "keras.Input(shape), and save it again"
    case .inputShape(let shape):
      "the model's input has the shape \(shape); a height and a width, with channels or without, or one row of values "
        + "are needed, all of them fixed"
    case .tooManyWeights(let limit):
      "the layers share weights, or average over windows, that would come to more than \(limit) numbers"
    case .weights(let error): error.description
    case .graph(let error): error.reason
    case .outputShape(let shape):
      "the network gives \(shape); one row of at most \(WeightImport.maximumOutputCount) values, one for each class, is "
        + "needed"
    }
  }
}
