"""gzip files that are damaged, lie about their content or expand, for formats/gzip.md."""

import zlib

from . import deflate, u16, u32
from .idx_files import idx


def member(content, packed=None, flags=0, fields=b"", method=8, checksum=None, length=None):
    """One member."""
    packed = deflate.stored(content) if packed is None else packed
    checksum = zlib.crc32(content) if checksum is None else checksum
    length = len(content) if length is None else length
    head = b"\x1f\x8b" + bytes([method, flags]) + b"\0\0\0\0\0\xff" + fields
    return head + packed + u32(checksum) + u32(length)


def cases(corpus):
    """Adds all of them."""
    corpus.group = "gzip"
    labels = idx([16], bytes(range(16)))
    sound = member(labels)
    early = "the input ends early"
    for count in (2, 3, 4, 9):
        corpus.refuse(f"cut-at-{count}.gz", sound[:count], f"byte 0: {early}: the header of a gzip member takes 10 bytes, and {count} are left", "cut off in the header")
    corpus.refuse("cut-in-data.gz", sound[:20], f"byte 20: the gzip data are cut off", "cut off in the data")
    corpus.refuse("cut-in-trailer.gz", sound[:-3], f"byte {len(sound) - 4}: {early}: the length of the content takes 4 bytes, and 1 are left", "cut off in the trailer")
    corpus.refuse("method-7.gz", member(labels, method=7), "byte 2: the gzip compression method is 7", "an unknown method")
    for flags in (0x20, 0x40, 0x80):
        corpus.refuse(f"flags-{flags:02x}.gz", member(labels, flags=flags), "byte 3: the gzip header sets reserved flags", "a reserved flag")
    corpus.refuse("header-checksum.gz", member(labels, flags=2, fields=u16(0x1234)), "byte 10: the gzip header is damaged: its checksum is", "a wrong header checksum")
    corpus.refuse("extra-too-long.gz", member(labels, flags=4, fields=u16(65535)), f"byte 12: {early}: the extra field takes 65535 bytes", "an extra field of 65,535 bytes")
    corpus.refuse("name-without-end.gz", b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"A" * 3000, f"byte 10: {early}: the file name", "a name without end")
    corpus.refuse("comment-without-end.gz", b"\x1f\x8b\x08\x10" + b"\0" * 6 + b"A" * 3000, f"byte 10: {early}: the comment", "a comment without end")
    corpus.refuse("checksum.gz", member(labels, checksum=0xDEADBEEF), "and deadbeef is declared", "a wrong CRC-32")
    corpus.refuse("length.gz", member(labels, length=25), "the decompressed data have 24 bytes modulo 2^32, and 25 are declared", "a wrong length")
    corpus.refuse("length-4g.gz", member(labels, length=2**32 - 1), "the decompressed data have 24 bytes modulo 2^32, and 4294967295 are declared", "a length of four gigabytes")
    corpus.refuse("block-type-3.gz", member(labels, packed=b"\x07\0\0"), "the compressed data are damaged: ", "a block of the type that is none")
    corpus.refuse("stored-lengths.gz", member(labels, packed=b"\1\x18\0\0\0" + labels), "the compressed data are damaged: ", "a stored block whose two lengths disagree")
    corpus.refuse("match-too-far.gz", member(b"\0", packed=deflate.too_far()), "the compressed data are damaged: ", "a match before the data")
    corpus.refuse("trailing.gz", sound + b"garbage", f"byte {len(sound)}: the gzip data are followed by 7 bytes", "bytes behind the end")
    corpus.refuse("zeros-then-bytes.gz", sound + b"\0" * 100 + b"x", f"byte {len(sound) + 100}: the gzip data are followed by 1 bytes", "bytes behind padding")
    corpus.refuse("zeros-then-member.gz", sound + b"\0" * 100 + sound, f"byte {len(sound) + 100}: the gzip data are followed by", "a member behind padding")
    half = len(labels) // 2
    corpus.refuse("second-member-cut.gz", member(labels[:half]) + member(labels[half:])[:-9], "the gzip data are cut off: the file ends before the compressed data do", "a second member that is cut off")
    corpus.refuse("second-member-checksum.gz", member(labels[:half]) + member(labels[half:], checksum=1), "and 00000001 is declared", "a second member with a wrong CRC-32")
    corpus.refuse("empty-content.gz", member(b""), "the file is empty", "nothing, compressed")
    corpus.refuse("members-300-empty.gz", member(b"") * 300, "the file is empty", "nothing, three hundred times")
    again = sound
    for depth in range(10):
        again = member(again)
    corpus.refuse("gzip-ten-deep.gz", again, "this is a gzip file within a gzip file, which is not read", "gzip in gzip, ten deep")
    packed, content = deflate.bomb(b"", 0, 62000)
    corpus.refuse("bomb-zeros.gz", member(content, packed), "the format is not known (it begins with 00 00 00 00", "16 MB of zeros in 16 kB")
    packed, content = deflate.bomb(labels, 0, 62000)
    corpus.refuse("bomb-behind-idx.gz", member(content, packed), "decompressed byte 24: the IDX file goes on behind its last element", "16 MB behind 16 labels")
    short = idx([60000, 28, 28], b"")
    packed, content = deflate.bomb(short, 0, 60000)
    corpus.refuse("bomb-idx-short.gz", member(content, packed), "decompressed byte 16: the IDX file is cut off", "15 MB of pictures, and 47 MB declared")
    one, single = deflate.bomb(b"\x80\x04", ord("("), 2000)
    corpus.refuse("bomb-marks.pkl.gz", member(single, one), "the pickle ends without a STOP", "half a million marks in 500 bytes")
    one, single = deflate.bomb(b'{"weights":', ord("["), 4000)
    corpus.refuse("bomb-brackets.json.gz", member(single, one), "the JSON is nested more than 8 deep", "a million brackets in 1 kB")
    one, single = deflate.bomb(b"{", ord(" "), 8000)
    corpus.refuse("bomb-spaces.json.gz", member(single, one), "the JSON ends early; a name in quotation marks should follow", "2 MB of white space in 2 kB")
    one, single = deflate.bomb(b"1,1,", ord("1"), 4000)
    corpus.refuse("bomb-field.csv.gz", member(single, one), "the format is not known (it begins with", "a number of a million digits in 1 kB")
    one, single = deflate.bomb(b"1,2,3,4,5\n3,", ord(","), 4000)
    corpus.refuse("bomb-columns.csv.gz", member(single, one), "line 2, field 2 is empty", "a million columns in 1 kB")
    one, single = deflate.bomb(b"\x93NUMPY\x01\0\xff\xff", ord(" "), 4000)
    corpus.refuse("bomb-header.npy.gz", member(single, one), "the npy header has 65535 bytes; at most 10000 are read", "a header of a million spaces")
    one, single = deflate.bomb((2).to_bytes(8, "little") + b"{}", 0, 60000)
    corpus.refuse("bomb-behind-safetensors.gz", member(single, one), "something follows the last tensor", "15 MB behind an empty header")
    corpus.refuse("pickle-in-gzip.pkl.gz", member(b"cos\nsystem\n(S'id'\ntR."), "decompressed byte 19: the pickle calls os.system", "a call in a compressed pickle")
