"""Files of Keras whose configurations are code, cycles or nonsense, for formats/keras.md."""

import json

from .hdf5_files import File, link_free
from .hdf5_pieces import attribute, text_type
from .zip_files import Entry, archive


def dense(name="a", units=2, **more):
    """A Dense layer."""
    return layer("Dense", name, units=units, activation="linear", use_bias=False, **more)


def layer(kind, name, **config):
    """Any layer."""
    return {"class_name": kind, "config": {"name": name, **config}}


START = layer("InputLayer", "input", batch_shape=[None, 4])


def sequential(*layers, kind="Sequential"):
    """A model's configuration."""
    return {"class_name": kind, "config": {"name": "m", "layers": [START, *layers]}}


def keras(config, weights=None):
    """A .keras file."""
    text = config if isinstance(config, str) else json.dumps(config)
    weights = File().with_root([link_free()]) if weights is None else weights
    return archive([Entry("metadata.json", b"{}"), Entry("config.json", text.encode()), Entry("model.weights.h5", weights)])


def with_attribute(config):
    """An .h5 file."""
    text = (config if isinstance(config, str) else json.dumps(config)).encode()
    return File().with_root([link_free(), attribute("model_config", text_type(len(text)), (), text)])


def cases(corpus):
    """Adds all of them."""
    corpus.group = "Keras"
    code = {"class_name": "__lambda__", "config": {"code": "4wEAAAAAAAAAAAAAAAEAAAADAAAA8w==", "defaults": None, "closure": None}}
    for name, config, reason, attack in [
        ("lambda", sequential(layer("Lambda", "evil", function=code)), "(Lambda): runs code of its own, which is never done here", "Python's bytecode in a layer"),
        ("lambda-first", sequential(layer("Lambda", "evil", function=code), dense()), "(Lambda): runs code of its own, which is never done here", "Python's bytecode before a layer"),
        ("custom-layer", sequential({"class_name": "Evil", "module": "evil", "registered_name": "evil>Evil", "config": {"name": "evil"}}), "layer evil (Evil): its class is not Keras's", "a class that Keras would import"),
        ("custom-model", {"class_name": "Evil", "module": "os", "config": {}}, 'the model is a "Evil", whose configuration does not say what it computes', "a model's class that Keras would import"),
        ("custom-activation", sequential(layer("Activation", "a", activation="os>system")), 'layer a (Activation): "os>system": this activation is not among the layers here', "an activation that is a function's name"),
        ("no-layers", {"class_name": "Sequential", "config": {"name": "m", "layers": []}}, "the configuration does not say how large the input is", "no layers"),
        ("layers-600", sequential(*[layer("Dropout", f"d{i}", rate=0.5) for i in range(600)]), "the model has more than 512 layers", "six hundred layers"),
        ("duplicate", sequential(dense(), dense()), 'two layers are called "a"', "two layers of one name"),
        ("units-2e60", sequential(dense(units=2**52)), f"config.layers[1].config.units should be from 1 to 2147483647, and is {2**52}", "2^52 outputs"),
        ("units-negative", sequential(dense(units=-1)), "config.layers[1].config.units should be from 1 to 2147483647, and is -1", "a negative number of outputs"),
        ("units-text", sequential(dense(units="2")), "config.layers[1].config.units should be an integer, and is a string", "a text as a number"),
        ("missing-weights", sequential(dense()), "layer a (Dense): the file has 0 arrays for it, and 1 (kernel) is needed", "weights that are not there"),
        ("name-escape", sequential(dense("\x1b[2J")), "config.layers[1].config.name is no name that can be shown", "a name that clears the terminal"),
    ]:  # fmt: skip
        corpus.useless(f"{name}.keras", keras(config), reason, attack)
    input_ = lambda shape: {"class_name": "Sequential", "config": {"name": "m", "layers": [layer("InputLayer", "i", batch_shape=shape), dense()]}}
    for name, shape in [("2e40", [None, 2**40]), ("negative", [None, -4]), ("free", [None, None]), ("rank", [None, 1, 1, 1, 1, 1])]:
        corpus.useless(f"input-{name}.keras", keras(input_(shape)), "the model's input has the shape [?, ", "an input that cannot be")
    text = json.dumps(sequential(dense()))
    no_json = "the model's configuration is no JSON: byte "
    for name, config, reason, attack in [
        ("json-python", "__import__('os').system('id')", f"{no_json}0: the JSON has '_' where", "an expression as the configuration"),
        ("json-deep", '{"class_name":' + "[" * 20000, f"{no_json}141: the JSON is nested more than 128 deep", "20,000 brackets"),
        ("json-twice", text[:-1] + ',"class_name":"Lambda"}', f'{no_json}{len(text)}: the JSON has two members called "class_name"', "two classes of one model"),
    ]:
        # The configuration says what an archive is; in an HDF5 file it is an attribute as others.
        corpus.refuse(f"{name}.keras", keras(config), reason, attack)
        corpus.useless(f"{name}.h5", with_attribute(config), reason, attack)
    corpus.refuse("json-empty.keras", keras(""), f"{no_json}0: the JSON ends early", "no configuration")
    reason = "the model's configuration is not as Keras writes it: the JSON should be an object, and is an array"
    corpus.useless("json-list.keras", keras("[]"), reason, "a list as the configuration")
    corpus.useless("json-list.h5", with_attribute("[]"), reason, "a list as the configuration")
    corpus.useless("lambda.h5", with_attribute(sequential(layer("Lambda", "evil", function=code))), "(Lambda): runs code of its own", "Python's bytecode in an attribute")
    corpus.refuse("weights-garbage.keras", keras(sequential(dense()), b"cos\nsystem\n(S'id'\ntR."), "in model.weights.h5: byte 0: the file does not begin with HDF5's signature", "a pickle as the weights")
    entries = [Entry("config.json", text.encode()), Entry("metadata.json", b"{}")]
    corpus.refuse("no-weights.keras", archive(entries), "the .keras file has no model.weights.h5", "no weights")
