"""IDX files that lie, for formats/idx.md; also pieces of sound ones."""

from . import big32


def idx(extents, content, kind=8, zeros=b"\0\0"):
    """An IDX file."""
    return zeros + bytes([kind, len(extents)]) + b"".join(big32(extent) for extent in extents) + content


def cases(corpus):
    """Adds all of them."""
    corpus.group = "IDX"
    start = "the IDX file is cut off: its elements take"
    corpus.refuse("idx-short", idx([10], b"\0" * 9), f"byte 8: {start} 10 bytes, and 9 are left", "a label too few")
    corpus.refuse("idx-long", idx([10], b"\0" * 11), "byte 18: the IDX file goes on for 1 bytes behind its last element", "a byte too many")
    corpus.refuse("idx-header-only", idx([60000, 28, 28], b""), f"byte 16: {start} 47040000 bytes, and 0 are left", "47 MB of pictures that are not there")
    most = 2**32 - 1
    corpus.refuse("idx-2e64", idx([most, most], b"abc"), f"byte 4: the IDX dimensions [{most}, {most}] multiply to more than can be counted", "4 billion pictures of 4 billion pixels")
    corpus.refuse("idx-2e64-doubles", idx([2**31, 2**30, 4], b"abc", 0x0E), "byte 4: the IDX dimensions", "a product of 2^66 bytes")
    corpus.refuse("idx-zero-and-2e96", idx([0, most, most, most], b""), "byte 4: the IDX dimensions [0, ", "an overflow behind a 0")
    corpus.refuse("idx-4g", idx([most], b"abc"), f"byte 8: {start} 4294967295 bytes, and 3 are left", "four gigabytes that are not there")
    corpus.refuse("idx-rank-64", idx([1] * 64, b""), f"byte 260: {start} 1 bytes, and 0 are left", "64 dimensions")
    corpus.refuse("idx-rank-64-2e64", idx([2] * 64, b"x"), "byte 4: the IDX dimensions", "2^64 elements in 64 dimensions")
    corpus.refuse("idx-rank-65", idx([1] * 65, b"x"), "the format is not known (it begins with 00 00 08 41", "65 dimensions")
    corpus.refuse("idx-unknown-type", idx([1], b"x", 0x0A), "the format is not known (it begins with 00 00 0a 01", "an element type that is none")
    corpus.refuse("idx-cut-in-header", idx([10, 28, 28], b"")[:10], "byte 8: the input ends early", "a header that is cut off")
    corpus.refuse("idx-four-bytes", b"\0\0\x08\x03", "byte 4: the input ends early", "a header without dimensions")
    corpus.useless("idx-labels-alone", idx([3], b"\1\2\3"), "there are no images for the labels in", "labels without pictures")
    corpus.useless("idx-pictures-alone-zero", idx([0, 28, 28], b""), "there are no labels for the images in", "no pictures, without labels")
    corpus.useless("idx-flat-4-billion", idx([0, most, most // 2], b""), "there are no labels for the images in", "no pictures of 2^63 pixels each")
    corpus.useless("idx-scalar", idx([], b"x"), "this is an IDX file of one number, which holds neither", "a single number")
