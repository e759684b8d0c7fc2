"""HDF5 files with cycles, overlaps and lies, for formats/hdf5.md."""

from . import deflate, u16, u32, u64
from .hdf5_pieces import (
    File, attribute, chunked, contiguous, continuation, dataset, dataspace, float32, header, link, message, text_type,
)  # fmt: skip

NOWHERE = 2**64 - 1
# What mnist-convert says of an HDF5 file that is none of Keras's, whose data it need not read.
NEITHER = "the HDF5 file has neither a model of Keras"


def one(messages, before=b""):
    """A file with a root group and one dataset `w` of these messages."""
    file = File()
    if before:
        file.add(before)
    place = file.add(header(messages))
    return file.finish(file.add(header([link("w", place)])))


def superblocks(corpus):
    """The superblock."""
    sound = one(dataset((2, 2), contiguous(0, 16)))
    corpus.refuse("signature-only.h5", sound[:8], "byte 8: the superblock ends early", "a signature alone")
    corpus.refuse("version-9.h5", sound[:8] + b"\x09" + sound[9:], "version 9 of the superblock is not read", "an unknown version")
    corpus.refuse("addresses-4.h5", sound[:13] + b"\x04" + sound[14:], "byte 13: a file with addresses of 4 bytes is not read", "addresses of four bytes")
    corpus.refuse("lengths-255.h5", sound[:14] + b"\xff" + sound[15:], "byte 14: a file with lengths of 255 bytes is not read", "lengths of 255 bytes")
    corpus.refuse("base.h5", sound[:24] + u64(512) + sound[32:], "byte 24: the superblock is malformed: addresses count from 512, and the superblock is at 0", "a base address that lies")
    corpus.refuse("end-2e63.h5", sound[:40] + u64(2**63) + sound[48:], f"byte 40: the HDF5 file is cut off: it says that it has 9223372036854775808 bytes", "an end of 2^63")
    corpus.refuse("end-before-root.h5", sound[:40] + u64(96) + sound[48:], "byte 64: an object header would take 0 bytes at address 208, and the file ends at 96", "an end in front of the root group")
    corpus.refuse("cut.h5", sound[:-1], "byte 40: the HDF5 file is cut off", "a file that is cut off")
    root = 64
    corpus.refuse("root-nowhere.h5", sound[:root] + u64(NOWHERE) + sound[root + 8 :], "byte 64: an object header has no address", "no root group")
    corpus.refuse("root-2e62.h5", sound[:root] + u64(2**62) + sound[root + 8 :], f"byte 64: an object header would take 0 bytes at address {2**62}", "a root group beyond the file")
    corpus.refuse("root-in-superblock.h5", sound[:root] + u64(0) + sound[root + 8 :], "byte 0: version 137 of an object header is not read", "the superblock as root group")
    place = File()
    at = place.add(header(dataset((2, 2), contiguous(NOWHERE, 0))))
    corpus.refuse("root-is-dataset.h5", place.finish(at), "the root group is malformed: the object there is no group", "a dataset as root group")
    corpus.refuse("version-2-checksum.h5", sound[:8] + b"\x02\x08\x08\0" + u64(0) + u64(NOWHERE) + u64(56) + u64(48) + b"\0" * 12, "byte 44: the superblock is damaged: its checksum is", "a wrong checksum")
    corpus.refuse("signature-at-512.h5", b"\0" * 512 + sound[:8], "byte 520: the superblock ends early", "a signature behind a user block")


def headers(corpus):
    """Object headers and their continuations."""
    file = File()
    at = file.position
    loop = file.add(header([continuation(at, 40)]))
    corpus.refuse("continuation-loop.h5", file.finish(loop), "a continuation of an object header is used twice, as in a cycle", "a continuation that is its own header")
    file = File()
    at = file.position
    size = len(header([continuation(0, 0)]))
    root = file.add(header([continuation(at + size, 24)]))
    file.add(message(0x10, u64(at + size) + u64(24)))
    corpus.refuse("continuation-itself.h5", file.finish(root), "a continuation of an object header is used twice, as in a cycle", "a continuation that continues in itself")
    corpus.refuse("continuation-far.h5", File().with_root([continuation(2**62, 100)]), f"a continuation of an object header would take 100 bytes at address {2**62}", "a continuation beyond the file")
    corpus.refuse("continuation-2e64.h5", File().with_root([continuation(96, 2**64 - 1)]), "a continuation of an object header would take 18446744073709551615 bytes", "a continuation of 2^64 bytes")
    corpus.refuse("continuation-short.h5", File().with_root([message(0x10, b"\0" * 8)]), "a continuation message ends early", "a continuation without a length")
    raw = b"\1\0" + u16(1) + u32(1) + u32(2**32 - 1) + u32(0)
    file = File()
    corpus.refuse("header-4g.h5", file.finish(file.add(raw)), "an object header ends early: a field takes 4294967295 bytes", "an object header of four gigabytes")
    raw = b"\1\0" + u16(1) + u32(1) + u32(16) + u32(0) + u16(6) + u16(60000) + b"\0" * 12
    file = File()
    corpus.refuse("message-60000.h5", file.finish(file.add(raw)), "an object header ends early: a field takes 60000 bytes, and 8 are left", "a message longer than its header")
    file = File()
    corpus.refuse("header-version-2-checksum.h5", file.finish(file.add(b"OHDR\2\0\0" + b"\0" * 4 + b"abc")), "an object header is damaged: its checksum is", "a wrong checksum")
    corpus.refuse("message-forbidden.h5", File().with_root([message(0x60, b"", flags=0x80)]), "an object header's message of type 96 is not read", "a message that must not be passed over")
    corpus.refuse("two-layouts.h5", one(dataset((2, 2), contiguous(0, 16)) + [contiguous(0, 16)]), "an object header is malformed: it has two messages about the data's layout", "two layouts")
    corpus.refuse("no-type.h5", one([dataspace((2, 2)), contiguous(0, 16)]), "a dataset is malformed: it has no message about its type", "a dataset without a type")
    corpus.refuse("no-shape.h5", one([float32(), contiguous(0, 16)]), "a dataset is malformed: it has no message about its shape", "a dataset without a shape")
    corpus.refuse("shared-layout.h5", one([dataspace((2,)), float32(), message(8, b"\3\1" + u64(0) + u64(8), flags=2)]), "a data layout that objects share is not read", "a layout that is elsewhere")


def groups(corpus):
    """Groups, old and new."""
    corpus.refuse("link-far.h5", File().with_root([link("w", 2**62)]), f"an object header would take 0 bytes at address {2**62}", "a link beyond the file")
    corpus.refuse("link-nowhere.h5", File().with_root([link("w", NOWHERE)]), "an object header has no address", "a link to nothing")
    file = File()
    at = file.position
    corpus.refuse("link-into-header.h5", file.finish(file.add(header([link("w", at + 4)]))), "parts of the file overlap", "a link into the middle of a header")
    for name, value in [("slash", "../w"), ("zero", "w\0x"), ("empty", "")]:
        corpus.refuse(f"link-name-{name}.h5", File().with_root([link(value, 96)]), "a link's name is malformed: ", "a name that is none")
    twice = File()
    at = twice.add(header(dataset((2,), contiguous(0, 8))))
    corpus.refuse("link-twice.h5", twice.finish(twice.add(header([link("w", at), link("w", at)]))), 'the name "w" is given twice', "two links of one name")
    twice = File()
    at = twice.add(header(dataset((2,), contiguous(0, 8))))
    corpus.refuse("link-escape.h5", twice.finish(twice.add(header([link("\x1b[2J", at), link("\x1b[2J", at)]))), 'the name "\\u{1b}[2J" is given twice', "a name that clears the terminal")
    corpus.refuse("link-kind.h5", File().with_root([message(6, b"\1\x08\x09\1w" + u64(0))]), "a link is malformed: its kind is 9", "a link of an unknown kind")
    corpus.refuse("link-name-2e64.h5", File().with_root([message(6, b"\1\3" + u64(2**64 - 1) + b"w" + u64(0))]), "a link is malformed: a name's length is 18446744073709551615", "a name of 2^64 bytes")

    def old(tree, heap, extra=b""):
        file = File()
        if extra:
            file.add(extra)
        return file.finish(file.add(header([message(0x11, u64(tree) + u64(heap))])))

    heap = b"HEAP\0\0\0\0" + u64(16) + u64(NOWHERE) + u64(96 + 32) + b"\0" * 8 + b"w\0" + b"\0" * 6
    tree = 96 + len(heap)
    node = lambda level, children, kind=0: b"TREE" + bytes([kind, level]) + u16(len(children)) + u64(NOWHERE) * 2 + b"".join(u64(0) + u64(c) for c in children) + u64(8)
    corpus.refuse("tree-of-itself.h5", old(tree, 96, heap + node(1, [tree])), "a B-tree's node is malformed: it is of level 1 instead of 0", "a B-tree that is its own child")
    corpus.refuse("tree-255-levels.h5", old(tree, 96, heap + node(255, [tree, tree, tree])), "a B-tree's node is malformed: it is of level 255 instead of 254", "255 levels of one node")
    second = tree + len(node(1, [0, 0]))
    corpus.refuse("tree-child-twice.h5", old(tree, 96, heap + node(1, [second, second]) + node(0, [])), "a B-tree's node is used twice, as in a cycle", "a child that is there twice")
    corpus.refuse("tree-65535.h5", old(tree, 96, heap + node(0, [])[:6] + u16(65535) + node(0, [])[8:]), "a B-tree's node ends early", "65,535 children in 32 bytes")
    corpus.refuse("tree-kind.h5", old(tree, 96, heap + node(0, [], 1)), "a B-tree's node is malformed: it is none of a group", "the tree of a dataset's chunks as a group's")
    corpus.refuse("tree-signature.h5", old(96, 96, heap), "a B-tree's node does not begin with TREE", "the heap as the tree")
    corpus.refuse("heap-far.h5", old(tree, 2**60, heap), f"a local heap would take 32 bytes at address {2**60}", "a heap beyond the file")
    long = heap[:8] + u64(2**63) + heap[16:]
    corpus.refuse("heap-2e63.h5", old(tree, 96, long + node(0, [])), "a local heap's data would take 9223372036854775808 bytes", "a heap of 2^63 bytes")
    own = heap[:24] + u64(96) + heap[32:]
    corpus.refuse("heap-in-itself.h5", old(tree, 96, own + node(0, [])), "a local heap's data is used twice", "a heap whose data are its header")
    leaf = tree + len(node(0, [0]))
    symbols = lambda *entries: b"SNOD\1\0" + u16(len(entries)) + b"".join(u64(name) + u64(at) + u32(0) * 2 + b"\0" * 16 for name, at in entries)
    corpus.refuse("symbol-name-far.h5", old(tree, 96, heap + node(0, [leaf]) + symbols((2**60, 96))), f"a link's name is malformed: it would be at {2**60} of a heap of 16 bytes", "a name outside the heap")
    corpus.refuse("symbol-65535.h5", old(tree, 96, heap + node(0, [leaf]) + b"SNOD\1\0" + u16(65535)), "a symbol table ends early", "65,535 symbols in 8 bytes")
    corpus.refuse("symbol-node-twice.h5", old(tree, 96, heap + node(0, [leaf + 16, leaf + 16]) + symbols()), "a symbol table is used twice, as in a cycle", "a leaf that is there twice")
    corpus.useless("group-in-itself.h5", old_group_cycle(), NEITHER, "a group that contains itself")

    info = lambda heap, tree: message(2, b"\0\0" + u64(heap) + u64(tree))
    corpus.refuse("dense-far.h5", File().with_root([info(2**60, 96)]), f"a fractal heap would take 146 bytes at address {2**60}", "a fractal heap beyond the file")
    file = File()
    at = file.add(b"FRHP\0" + b"\0" * 141)
    corpus.refuse("dense-checksum.h5", file.finish(file.add(header([info(at, at)]))), "a fractal heap is damaged: its checksum is", "a wrong checksum")


def old_group_cycle():
    """A group with links to itself and its parent."""
    file = File()
    at = file.position
    size = len(header([link("a", 0)]))
    file.add(header([link("a", at + size)]))
    file.add(header([link("b", at)]))
    return file.finish(at)


def data(corpus):
    """Shapes, types and where the data are."""
    layout = contiguous(0, 16)
    corpus.refuse("rank-33.h5", one([message(1, b"\1\x21\0" + b"\0" * 5 + u64(1) * 33), float32(), layout]), "a dataspace is malformed: it has 33 dimensions; at most 32 are possible", "33 dimensions")
    corpus.refuse("extent-2e63.h5", one([dataspace((2**63,)), float32(), layout]), "a dataspace is malformed: an extent is 9223372036854775808", "an extent of 2^63")
    corpus.refuse("shape-cut.h5", one([message(1, b"\1\2\0" + b"\0" * 5 + u64(1)), float32(), layout]), "a dataspace ends early", "two dimensions, one extent")
    corpus.refuse("shape-version.h5", one([message(1, b"\7\1\0" + b"\0" * 5 + u64(1)), float32(), layout]), "version 7 of a dataspace is not read", "an unknown version")
    corpus.refuse("type-version.h5", one([dataspace((2,)), message(3, b"\x71" + b"\0" * 19), layout]), "version 7 of a datatype is not read", "an unknown version")
    corpus.refuse("type-class.h5", one([dataspace((2,)), message(3, b"\x1e" + b"\0" * 3 + u32(4) + b"\0" * 12), layout]), "a datatype is malformed: its class is 14", "a class that is none")
    corpus.refuse("type-no-bytes.h5", one([dataspace((2,)), message(3, b"\x10" + b"\0" * 3 + u32(0) + b"\0" * 12), layout]), "a datatype is malformed: its elements have no bytes", "elements without bytes")
    corpus.refuse("layout-far.h5", one(dataset((2, 2), contiguous(2**60, 16))), f"a dataset's data would take 16 bytes at address {2**60}", "data beyond the file")
    corpus.refuse("layout-2e64.h5", one(dataset((2, 2), contiguous(96, 2**64 - 1))), "a dataset's data would take 18446744073709551615 bytes", "data of 2^64 bytes")
    corpus.refuse("layout-version.h5", one(dataset((2, 2), message(8, b"\x09\1" + b"\0" * 16))), "version 9 of a data layout is not read", "an unknown version")
    corpus.refuse("layout-class.h5", one(dataset((2, 2), message(8, b"\3\7" + b"\0" * 16))), "a data layout is malformed: its class is 7", "a layout that is none")
    corpus.refuse("compact-long.h5", one(dataset((2, 2), message(8, b"\3\0" + u16(60000) + b"\0" * 12))), "a data layout ends early: a field takes 60000 bytes", "compact data longer than their message")
    shared = File()
    places = [shared.add(header(dataset((50,), contiguous(96, 200)))) for _ in range(60)]
    corpus.refuse("data-shared.h5", shared.finish(shared.add(header([link(f"w{i}", at) for i, at in enumerate(places)]))), "parts of the file overlap: together they take more than its", "sixty datasets of the same data")
    corpus.refuse("data-short.h5", one(dataset((2**20, 2**20), contiguous(96, 16)), b"\0" * 16), "byte 200: a dataset has 16 bytes where shape and element type take 4398046511104", "four terabytes in sixteen bytes", NEITHER)
    corpus.refuse("data-nowhere.h5", one(dataset((2**31, 2**31 - 1), contiguous(NOWHERE, 0))), "the array takes more than 2^63 bytes to decode; at most 1073741824 are allowed", "2^62 fill values", NEITHER)
    corpus.refuse("data-overflow.h5", one(dataset((2**62, 16), contiguous(NOWHERE, 0))), "the array takes more than 2^63 bytes to decode; at most 1073741824 are allowed", "a shape whose product overflows", NEITHER)
    corpus.refuse("external.h5", one(dataset((2,), contiguous(NOWHERE, 8)) + [message(7, b"\1\0\0\0" + u16(1) + u16(1) + u64(0) + b"/etc/passwd\0")]), "a dataset whose data are in another file is not read", "data in another file", NEITHER)
    corpus.useless("type-compound.h5", one([dataspace((2,)), message(3, b"\x16" + b"\0" * 3 + u32(4) + b"\0" * 12), contiguous(96, 16)], b"\0" * 16), NEITHER, "elements that are records")
    corpus.refuse("compact-other-size.h5", one(dataset((2, 2), message(8, b"\3\0" + u16(8) + b"\0" * 8))), "a dataset has 8 bytes where shape and element type take 16", "half of the data", NEITHER)

    leaf = lambda entries: b"TREE\1\0" + u16(len(entries)) + u64(NOWHERE) * 2 + b"".join(u32(size) + u32(mask) + u64(origin) + u64(0) + u64(at) for size, mask, origin, at in entries) + u32(0) * 2 + u64(0) * 2

    def chunks(name, entries, reason, attack, shape=(4,), extent=2, filters=(), convert=None):
        tree = leaf(entries)
        content = one(dataset(shape, chunked(96, (extent, 4))) + list(filters), tree + b"\0" * 64)
        corpus.refuse(f"chunk-{name}.h5", content, reason, attack, convert)

    data_at = 96 + len(leaf([(0, 0, 0, 0)]))
    chunks("far", [(8, 0, 0, 2**60)], f"a chunk would take 8 bytes at address {2**60}", "a chunk beyond the file")
    chunks("4g", [(2**32 - 1, 0, 0, data_at)], "a chunk would take 4294967295 bytes", "a chunk of four gigabytes")
    chunks("origin", [(8, 0, 100, data_at)], "a chunk is malformed: it begins at 100 in a dimension of 4", "a chunk behind the dataset")
    chunks("between", [(8, 0, 1, data_at)], "a chunk is malformed: it begins at 1 in a dimension of 4", "a chunk between the grid's lines")
    twice = 96 + len(leaf([(0, 0, 0, 0)] * 2))
    chunks("same-place", [(8, 0, 0, twice), (8, 0, 0, twice + 8)], "a chunk is malformed: another one is at the same place", "two chunks at one place")
    chunks("same-bytes", [(8, 0, 0, twice), (8, 0, 2, twice)], "a chunk is used twice, as in a cycle", "two chunks of the same bytes")
    for name, number, shown in [("szip", 4, "the szip filter"), ("lzf", 32000, "the LZF filter"), ("unknown", 999, "filter 999")]:
        pipeline = message(0xB, b"\1\1" + b"\0" * 6 + u16(number) + u16(0) + u16(0) + u16(0))
        chunks(f"filter-{name}", [(8, 0, 0, data_at)], f"{shown} is not read", "a filter that is not read", filters=[pipeline], convert=NEITHER)
    many = message(0xB, b"\1\xff" + b"\0" * 6)
    chunks("filters-255", [(8, 0, 0, data_at)], "a filter pipeline is malformed: it has 255 filters; at most 32 are possible", "255 filters", filters=[many])
    shuffle = message(0xB, b"\1\1" + b"\0" * 6 + u16(2) + u16(0) + u16(0) + u16(1) + u32(0) + u32(0))
    chunks("shuffle-0", [(8, 0, 0, data_at)], "a filter pipeline is malformed: shuffling does not say the size of an element", "shuffled elements of 0 bytes", filters=[shuffle])
    zlib = message(0xB, b"\1\1" + b"\0" * 6 + u16(1) + u16(0) + u16(0) + u16(0))
    chunks("zlib-damaged", [(8, 0, 0, data_at)], "the compressed data are damaged: they do not begin with a zlib header", "a chunk that is no zlib stream", filters=[zlib], convert=NEITHER)
    packed, _ = deflate.bomb(b"", 0, 60000)
    stream = b"\x78\x01" + packed
    tree = leaf([(len(stream), 0, 0, 96 + len(leaf([(0, 0, 0, 0)])))])
    corpus.refuse("chunk-bomb.h5", one(dataset((4,), chunked(96, (2, 4))) + [zlib], tree + stream), "a chunk has 9 bytes where shape and element type take 8", "15 MB in a chunk of eight bytes", NEITHER)
    corpus.refuse("chunks-2e60.h5", one(dataset((2**60,), chunked(NOWHERE, (2, 4)))), "the array takes 4611686018427387904 bytes to decode; at most 1073741824 are allowed", "2^59 chunks that are not there", NEITHER)
    corpus.refuse("chunk-rank.h5", one(dataset((4,), message(8, b"\3\2\xff" + u64(96) + u32(1)))), "a data layout is malformed: its chunks have 254 dimensions", "chunks of 254 dimensions")
    corpus.refuse("chunk-extent-0.h5", one(dataset((4,), chunked(96, (0, 4)))), "a data layout is malformed: a chunk's extent is 0", "a chunk of no elements")
    corpus.refuse("chunk-2e63.h5", one(dataset((4, 4, 4), chunked(96, (2**32 - 1, 2**32 - 1, 4, 4)))), "a data layout is malformed: a chunk takes more than 2^63 bytes", "a chunk of 2^68 bytes")


def attributes(corpus):
    """Attributes, which hold the whole configuration of a Keras model."""
    root = lambda *messages: File().with_root([link_free(), *messages])
    corpus.refuse("attribute-cut.h5", root(message(0xC, b"\1\0" + u16(60000) + u16(8) + u16(8))), "an attribute ends early: a field takes 60000 bytes", "a name of 60,000 bytes")
    corpus.refuse("attribute-nameless.h5", root(attribute("", text_type(4), (), b"abcd")), "an attribute is malformed: it has no name", "an attribute without a name")
    corpus.refuse("attribute-huge.h5", root(attribute("a", text_type(2**31), (2**31,), b"abcd")), "an attribute ends early: a field takes 4611686018427387904 bytes", "an attribute of 2^62 bytes")
    corpus.refuse("attribute-overflow.h5", root(attribute("a", text_type(2**31), (2**32, 2**32), b"abcd")), "the array takes more than 2^63 bytes to decode", "an attribute of 2^95 bytes")
    corpus.refuse("attribute-twice.h5", root(attribute("a", text_type(4), (), b"abcd"), attribute("a", text_type(4), (), b"efgh")), 'the name "a" is given twice', "two attributes of one name")
    corpus.refuse("attribute-padding.h5", root(attribute("a", b"\x13\x09\0\0" + u32(4), (), b"abcd")), "a datatype is malformed: texts are padded in an unknown way", "a text that is padded in an unknown way")
    variable = b"\x19\1\0\0" + u32(16) + b"\x13\0\0\0" + u32(1)
    corpus.refuse("text-far.h5", root(attribute("a", variable, (), u32(5) + u64(2**60) + u32(1))), f"a global heap would take", "a text in a heap beyond the file")
    corpus.refuse("text-nowhere.h5", root(attribute("a", variable, (), u32(5) + u64(NOWHERE) + u32(1))), "a text has no address", "five letters nowhere")
    file = File()
    at = file.add(b"GCOL\1\0\0\0" + u64(2**62))
    corpus.refuse("heap-2e62.h5", file.finish(file.add(header([link_free(), attribute("a", variable, (), u32(5) + u64(at) + u32(1))]))), "a global heap would take", "a global heap of 2^62 bytes")
    file = File()
    at = file.add(b"GCOL\1\0\0\0" + u64(64) + u16(1) + u16(1) + u32(0) + u64(5) + b"hello\0\0\0" + b"\0" * 24)
    for name, count, number, reason in [("object", 5, 9, "a text's place is malformed: the heap has no object 9"), ("long", 500, 1, "a text has 5 bytes where shape and element type take 500")]:
        again = File()
        again.bytes = bytearray(file.bytes)
        corpus.refuse(f"text-{name}.h5", again.finish(again.add(header([link_free(), attribute("a", variable, (), u32(count) + u64(at) + u32(number))]))), reason, "a text that is not as the heap has it")
    laughs = File()
    laughs.bytes = bytearray(file.bytes)
    places = (u32(5) + u64(at) + u32(1)) * 500
    corpus.useless("texts-shared.h5", laughs.finish(laughs.add(header([link_free()] + [attribute(f"a{i}", variable, (500,), places) for i in range(3)]))), NEITHER, "fifteen hundred texts that are one")


def link_free():
    """A link info message without a heap: an empty group."""
    return message(2, b"\0\0" + u64(NOWHERE) + u64(NOWHERE))


def cases(corpus):
    """Adds all of them."""
    corpus.group = "HDF5"
    superblocks(corpus)
    headers(corpus)
    groups(corpus)
    data(corpus)
    attributes(corpus)
