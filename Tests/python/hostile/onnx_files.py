"""ONNX files and their wire format, lying about tensors, names and graphs, for formats/onnx.md and formats/protobuf.md."""

import struct



def varint(value):
    """A number in seven bits a byte."""
    value &= 2**64 - 1
    result = b""
    while value >= 0x80:
        result += bytes([value & 0x7F | 0x80])
        value >>= 7
    return result + bytes([value])


def number(field, value):
    """A field of a number."""
    return varint(field << 3) + varint(value)


def block(field, content):
    """A field of text, bytes or a message."""
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def tensor(name, dims, kind=1, content=b"", *fields):
    """A TensorProto with its elements in raw_data."""
    result = b"".join(number(1, extent) for extent in dims) + number(2, kind) + block(8, name)
    return result + (block(9, content) if content else b"") + b"".join(fields)


def value(name, dims, kind=1):
    """A ValueInfoProto."""
    shape = b"".join(block(1, number(1, extent)) for extent in dims)
    return block(1, name) + block(2, block(1, number(1, kind) + block(2, shape)))


def node(operator, inputs, outputs, *attributes, domain=""):
    """A NodeProto."""
    result = b"".join(block(1, name) for name in inputs) + b"".join(block(2, name) for name in outputs)
    result += block(3, f"{operator}_node") + block(4, operator) + b"".join(block(5, item) for item in attributes)
    return result + (block(7, domain) if domain else b"")


def integers(name, values):
    """An attribute of several integers."""
    return block(1, name) + b"".join(number(8, item) for item in values) + number(20, 7)


def integer(name, item):
    """An attribute of one integer."""
    return block(1, name) + number(3, item) + number(20, 2)


WEIGHT = tensor("w", (2, 4), 1, b"\0" * 32)
BIAS = tensor("b", (2,), 1, b"\0" * 8)
GEMM = node("Gemm", ["x", "w", "b"], ["y"], integer("transB", 1))


def graph(nodes=(GEMM,), tensors=(WEIGHT, BIAS), inputs=(value("x", (1, 4)),), outputs=(value("y", (1, 2)),), more=b""):
    """A GraphProto."""
    result = b"".join(block(1, item) for item in nodes) + block(2, "g") + b"".join(block(5, item) for item in tensors)
    return result + b"".join(block(11, item) for item in inputs) + b"".join(block(12, item) for item in outputs) + more


def model(content, opset=17, more=b""):
    """A ModelProto."""
    return number(1, 8) + block(2, "hostile") + block(7, content) + block(8, number(2, opset)) + more


def with_tensor(item):
    """A file whose weight is this."""
    return model(graph(tensors=(item, BIAS)))


def with_nodes(*nodes, tensors=(WEIGHT, BIAS)):
    """A file of these nodes."""
    return model(graph(nodes=nodes, tensors=tensors))


def wire(corpus):
    """Varints, lengths and wire types."""
    start = number(1, 8) + block(2, "hostile")
    at = len(start)
    for name, after, reason, attack in [
        ("varint-endless", number(7, 0)[:1] + b"\xff" * 40, "a varint has more than ten bytes or 64 bits", "a number of forty bytes"),
        ("varint-65-bits", b"\x28" + b"\xff" * 9 + b"\x02", "a varint has more than ten bytes or 64 bits", "a number of 65 bits"),
        ("varint-cut", b"\x28\xff\xff", "in the ONNX file the input ends early", "a number that is cut off"),
        ("field-0", b"\x00\x00", "a field has the number 0; numbers go from 1 to", "field 0"),
        ("field-2e61", b"\xf8" + b"\xff" * 8 + b"\x01\x00", "a field has the number 2305843009213693951; numbers go from 1 to 536870911", "a field's number beyond 2^29"),
        ("wire-type-6", b"\x2e\x00", "field 5 has the wire type 6, which means nothing", "a wire type that is none"),
        ("wire-type-7", b"\x2f\x00", "field 5 has the wire type 7, which means nothing", "a wire type that is none"),
        ("group", b"\x2b\x08\x01\x2c", "field 5 is a group, an old form that is not read", "a group"),
        ("groups-deep", b"\x2b" * 30000, "field 5 is a group, an old form that is not read", "30,000 groups in each other"),
        ("length-2e63", b"\x3a" + varint(2**63 - 1), "field 7 has 9223372036854775807 bytes, and its message has 0 left", "a length of 2^63 - 1"),
        ("length-2e64", b"\x3a" + varint(2**64 - 1) + b"abc", "field 7 has 18446744073709551615 bytes, and its message has 3 left", "a length of 2^64 - 1"),
        ("fixed-cut", b"\x29\0\0\0", "in the ONNX file the input ends early", "eight bytes of which three are there"),
        ("graph-as-number", b"\x38\x01", "in the ONNX file the graph is a varint, and should be bytes", "a number as the graph"),
        ("name-as-number", b"\x10\x01", "in the ONNX file producer_name is a varint, and should be bytes", "a number as a text"),
        ("text-latin1", b"\x12\x01\xff", "in the ONNX file producer_name is not valid UTF-8", "a text in no UTF-8"),
        ("text-long", block(2, "A" * 2000), "has 2000 bytes; at most 1024 are read", "a name of 2,000 letters"),
    ]:  # fmt: skip
        corpus.refuse(f"{name}.onnx", start + after, reason, attack)
    corpus.refuse("no-graph.onnx", start + block(8, number(2, 17)), "the ONNX file lacks a graph", "no graph")
    corpus.refuse("two-graphs.onnx", model(graph(), more=block(7, graph())), "the graph stands twice in the ONNX file", "two graphs")
    deep = b""
    for _ in range(40):
        deep = block(5, block(1, "a") + block(6, block(1, deep)) + number(20, 5))
    corpus.useless("graphs-40-deep.onnx", with_nodes(node("If", ["x"], ["y"]) + deep), "(If): control flow is not read", "graphs within attributes, forty deep")
    inner = b"\x0a\x00"
    for _ in range(10000):
        inner = block(1, inner)
        if len(inner) > 50000:
            break
    corpus.refuse("types-deep.onnx", model(graph(inputs=(block(1, "x") + block(2, inner),))), "an elem_type is bytes of a told length, and should be a varint", "messages in each other, thousands deep")
    corpus.refuse("fields-5000.onnx", start + b"\x98\x06\x01" * 5000, "the ONNX file lacks a graph", "five thousand unknown fields")
    corpus.refuse("keys-cut.onnx", b"\x08\x08\x12", "the format is not known (it begins with 08 08 12)", "a key without its field")


def tensors(corpus):
    """Tensors."""
    name = 'tensor "w"'
    takes = f"{name} of shape [2, 4] takes 32 bytes"
    for file, item, reason, attack in [
        ("negative", tensor("w", (-2, 4), 1, b"\0" * 32), f"{name} has the shape [-2, 4], which is none", "a negative extent"),
        ("two-negative", tensor("w", (-2, -4), 1, b"\0" * 32), f"{name} has the shape [-2, -4], which is none", "two negative extents"),
        ("2e63", tensor("w", (2**62, 4), 1, b"\0" * 32), f"{name} has the shape [{2**62}, 4], which is none", "a product that overflows to 0"),
        ("zero-2e63", tensor("w", (0, 2**62, 4)), f"{name} has the shape [0, {2**62}, 4], which is none", "an overflow behind a 0"),
        ("2e40", tensor("w", (2**40,), 1, b"\0" * 32), f"{name} of shape [{2**40}] takes 4398046511104 bytes", "four terabytes"),
        ("rank-65", tensor("w", (1,) * 65, 1, b"\0" * 4), f"{name} has the shape [1, 1, 1, 1, 1, 1, 1, 1] and more, which is none", "65 dimensions"),
        ("rank-9000", tensor("w", (1,) * 9000, 1, b"\0" * 4), f"{name} has the shape [1, 1, 1, 1, 1, 1, 1, 1] and more, which is none", "9,000 dimensions"),
        ("short", tensor("w", (2, 4), 1, b"\0" * 31), f"{takes}, and has 31", "less data than the shape says"),
        ("long", tensor("w", (2, 4), 1, b"\0" * 33), f"{takes}, and has 33", "more data than the shape says"),
        ("none", tensor("w", (2, 4)), f"{name} of shape [2, 4] takes", "no data"),
        ("strings", tensor("w", (1,), 8, b"", block(6, "id")), f"{name} holds string;", "texts"),
        ("complex", tensor("w", (1,), 14, b"\0" * 8), f"{name} holds complex64", "complex numbers"),
        ("float8", tensor("w", (4,), 17, b"\0" * 4), f"{name} holds float8", "floats of eight bits"),
        ("int4", tensor("w", (4,), 22, b"\0" * 2), f"{name} holds int4", "integers of four bits"),
        ("type-99", tensor("w", (4,), 99, b"\0" * 4), f"{name} holds type 99;", "an element type that is none"),
        ("type-0", tensor("w", (4,), 0, b"\0" * 4), f"{name} holds type 0;", "the element type 0"),
        ("two-fields", tensor("w", (2,), 1, b"\0" * 8, block(4, b"\0" * 8)), f"{name} has its values in ", "values in two fields"),
        ("wrong-field", tensor("w", (2,), 1, b"", number(7, 1) * 2), f"{name} holds float32, and has its values in int64_data", "values in another type's field"),
        ("uneven", tensor("w", (2,), 1, b"", block(4, b"\0" * 7)), "has 7 bytes, and its numbers take 4 each", "seven bytes of floats"),
        ("range", tensor("w", (1,), 2, b"", number(5, 256)), f"{name} has the value 256, which is no uint8", "256 in a byte"),
        ("range-negative", tensor("w", (1,), 9, b"", number(5, 2)), f"{name} has the value 2, which is no bool", "2 as a boolean"),
        ("segment", tensor("w", (2, 4), 1, b"\0" * 32, block(3, number(1, 0))), "the ONNX file has a tensor in segments, which are not read", "a tensor in segments"),
    ]:  # fmt: skip
        corpus.refuse(f"tensor-{file}.onnx", with_tensor(item), reason, attack)
    for file, path in [("passwd", "/etc/passwd"), ("dots", "../../../../etc/passwd"), ("url", "http://127.0.0.1/w"), ("link", "weights.bin"), ("escape", "\x1b[2J")]:
        entry = block(1, "location") + block(2, path)
        item = tensor("w", (2, 4), 1, b"", block(13, entry), number(14, 1))
        corpus.refuse(f"external-{file}.onnx", with_tensor(item), f'{name} has its values in another file', f"external data, which readers of ONNX open: {ascii(path)[1:-1]}")
    corpus.refuse("sparse.onnx", model(graph(more=block(15, b"\x0a\x00"))), "the ONNX file has sparse initializers, which are not read", "sparse initialisers")
    strange = block(1, "a") + number(20, 99)
    corpus.refuse("attribute-type.onnx", with_nodes(node("Relu", ["x"], ["y"], strange)), 'the attribute "a" has the type 99, which means nothing', "an attribute's type that is none")
    corpus.refuse("attribute-no-tensor.onnx", with_nodes(node("Constant", [], ["y"], block(1, "value") + number(20, 4))), 'the ONNX file lacks the tensor of the attribute "value"', "a tensor attribute without a tensor")
    twice = block(1, "value") + block(5, WEIGHT) * 2 + number(20, 4)
    corpus.refuse("attribute-two-tensors.onnx", with_nodes(node("Constant", [], ["y"], twice)), "stands twice in the ONNX file", "two tensors in one attribute")


def graphs(corpus):
    """Sound messages of graphs from which no chain of layers can be made."""

    def chain(name, reason, attack, *nodes, **options):
        corpus.useless(f"graph-{name}.onnx", with_nodes(*nodes, **options), reason, attack)

    relu = lambda source, target: node("Relu", [source], [target])
    chain("cycle", 'reads "a", which no node before it gives', "two nodes that read each other", relu("a", "y"), relu("y", "a"))
    chain("itself", 'reads "y", which no node before it gives', "a node that reads itself", relu("y", "y"))
    chain("twice", 'two nodes or initialisers of the network give the value "y"', "two nodes of one output", relu("x", "y"), relu("x", "y"))
    chain("no-output", 'no node of the network gives its output "y"', "an output that nobody gives", relu("x", "z"))
    chain("missing-input", "which no node before it gives", "an input that nobody gives", relu("z", "y"))
    control, other = "control flow is not read", "this operator is not read"
    for operator, reason in [
        ("Loop", control), ("Scan", control), ("If", control), ("LSTM", "recurrent layers are not among the layers here"),
        ("QLinearConv", "quantised networks are not read"), ("StringNormalizer", other), ("RandomUniform", other),
    ]:  # fmt: skip
        chain(f"operator-{operator}", f"({operator}): {reason}", f"the operator {operator}", node(operator, ["x"], ["y"]))
    chain("operator-escape", f'("Unknown\\u{{1b}}[2J"): {other}', "an operator that clears the terminal", node("Unknown\x1b[2J", ["x"], ["y"]))
    chain("domain", '(Relu): the operator belongs to "com.evil"', "an operator of another domain, which is code elsewhere", node("Relu", ["x"], ["y"], domain="com.evil"))
    chain("attribute", '(Relu): the attribute "system" is not known here', "an attribute that is unknown", node("Relu", ["x"], ["y"], integer("system", 1)))
    add = node("Add", ["x", "x"], ["y"])
    chain("doubling", "(Add): adds two values that are computed; only chains of layers are read", "values that double at each node", add)
    laughs = [node("Concat", [f"v{i}", f"v{i}"], [f"v{i + 1}"], integer("axis", 0)) for i in range(40)]
    chain("concat-laughs", "(Concat): joins values; only chains of layers and small shapes are read", "a constant that doubles forty times", node("Identity", ["w"], ["v0"]), *laughs, node("Relu", ["v40"], ["y"]))
    repeated = [node("MatMul", [f"v{i}", "q"], [f"v{i + 1}"]) for i in range(500)]
    square = tensor("q", (60, 60), 1, b"\0" * 14400)
    many = model(graph(nodes=(node("Identity", ["x"], ["v0"]), *repeated, node("Identity", ["v500"], ["y"])), tensors=(square,), inputs=(value("x", (1, 60)),)))
    corpus.useless("graph-shared-weights.onnx", many, "the layers share weights that would come to more than", "five hundred layers of the same weights")
    chain("reachable-900", "which no node before it gives", "a long chain", *[relu(f"v{i + 1}", f"v{i}") for i in range(900)], relu("v0", "y"))
    chain("gemm-shape", "(Gemm): takes 5 values, and gets [4]", "a weight of another shape than its input", GEMM, tensors=(tensor("w", (2, 5), 1, b"\0" * 40), BIAS))
    chain("gemm-rank", "(Gemm): its weight has the shape [2, 2, 2]; a matrix is needed", "a weight of three dimensions", GEMM, tensors=(tensor("w", (2, 2, 2), 1, b"\0" * 32), BIAS))
    chain("gemm-empty", "(Gemm): its weight has the shape [0, 4]; a matrix is needed", "a weight of no rows", GEMM, tensors=(tensor("w", (0, 4)), BIAS))
    chain("weights-integers", "holds int64, and floating point is needed", "integers as weights", GEMM, tensors=(tensor("w", (2, 4), 7, b"\0" * 64), BIAS))
    double = struct.pack("<8d", *[1e300] * 8)
    chain("weights-overflow", "holds numbers beyond the range of float32", "weights of 1e300", GEMM, tensors=(tensor("w", (2, 4), 11, double), BIAS))
    conv = lambda *attributes: node("Conv", ["x", "k"], ["y"], *attributes)
    kernel = tensor("k", (1, 1, 3, 3), 1, b"\0" * 36)
    for name, attribute, reason in [
        ("stride-0", integers("strides", [0, 0]), "strides is [0, 0]; 2 numbers from 1 to 2147483647 are needed"),
        ("stride-2e40", integers("strides", [2**40, 1]), f"strides is [{2**40}, 1]; 2 numbers from 1 to 2147483647 are needed"),
        ("pads-negative", integers("pads", [-1, 0, 0, 0]), "pads is [-1, 0, 0, 0]; 4 numbers from 0 to 2147483647 are needed"),
        ("pads-2e62", integers("pads", [2**62, 0, 0, 0]), f"pads is [{2**62}, 0, 0, 0]; 4 numbers from 0 to 2147483647 are needed"),
        ("dilation-2e31", integers("dilations", [2**31, 1]), f"dilations is [{2**31}, 1]; 2 numbers from 1 to 2147483647 are needed"),
        ("group-0", integer("group", 0), "group is 0"),
        ("group-negative", integer("group", -1), "group is -1"),
        ("kernel-other", integers("kernel_shape", [5, 5]), "kernel_shape is [5, 5], and the weights are of [3, 3]"),
        ("strides-three", integers("strides", [1, 1, 1]), "strides is [1, 1, 1]; 2 numbers from 1 to 2147483647 are needed"),
    ]:
        picture = model(graph(nodes=(conv(attribute),), tensors=(kernel,), inputs=(value("x", (1, 1, 8, 8)),)))
        corpus.useless(f"conv-{name}.onnx", picture, f"(Conv): {reason}", "a convolution that cannot be")
    for name, dims in [("2e31", (1, 1, 2**31, 2**31)), ("2e62", (1, 2**62)), ("negative", (1, -4)), ("zero", (1, 0)), ("rank-9", (1,) * 9)]:
        corpus.useless(f"input-{name}.onnx", model(graph(inputs=(value("x", dims),))), f'the network\'s input "x" has the shape {list(dims)}; [N, C, H, W] or [N, values] is needed', "an input that cannot be")
    corpus.useless("input-large.onnx", model(graph(nodes=(conv(),), tensors=(kernel,), inputs=(value("x", (1, 1, 60000, 60000)),))), "more than 268435456 values", "pictures of 3.6 billion pixels")
    corpus.useless("inputs-two.onnx", model(graph(inputs=(value("x", (1, 4)), value("z", (1, 4))))), "the network has 2 inputs", "two inputs")
    corpus.useless("outputs-none.onnx", model(graph(outputs=())), "the network has 0 outputs", "no output")
    corpus.useless("inputs-300.onnx", model(graph(inputs=tuple(value(f"x{i}", (1, 4)) for i in range(300)))), "the network has 300 inputs", "300 inputs")
    for version in (0, 6, -1):
        corpus.useless(f"opset-{version}.onnx", model(graph(), version), f"the ONNX file uses operator set {version}; 7 and later are read", "operators of other meaning")
    corpus.useless("opset-none.onnx", number(1, 8) + block(2, "h") + block(7, graph()), "the ONNX file does not say which operator set it uses", "no operator set")
    for name, text in [("json", "{"), ("deep", "[" * 5000), ("escape", '["\x1b[2J"]'), ("numbers", "[1,2]"), ("count", '["a"]'), ("object", "{}")]:
        entry = block(14, block(1, "cnn.labels") + block(2, text))
        corpus.useless(f"labels-{name}.onnx", model(graph(), more=entry), 'the metadata "cnn.labels" of the ONNX file', "labels that are none")
    for name, text in [("zero", '{"deviation":1,"divisor":0,"mean":0,"normalization":"none","polarity":"white-on-black"}'), ("infinite", '{"divisor":1e999}'), ("unknown", '{"normalization":"exec"}')]:
        entry = block(14, block(1, "cnn.preprocess") + block(2, text))
        corpus.useless(f"preprocess-{name}.onnx", model(graph(), more=entry), 'the metadata "cnn.preprocess" of the ONNX file', "preprocessing that cannot be")


def cases(corpus):
    """Adds all of them."""
    corpus.group = "ONNX"
    wire(corpus)
    tensors(corpus)
    graphs(corpus)
