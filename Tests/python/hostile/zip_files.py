"""Zip archives, as npz files, that lie in one of their three directories, for formats/zip.md."""

import zlib

from . import deflate, u16, u32, u64
from .numpy_files import npy

SOUND = npy("<f4", "(2, 2)", b"\0" * 16)


class Entry:
    """One entry; what its local header and the directory say can differ."""

    def __init__(self, name, content, packed=None, **lies):
        self.name = name.encode() if isinstance(name, str) else name
        self.content = content
        self.packed = content if packed is None else packed
        self.values = {
            "method": 0 if packed is None else 8, "flags": 0, "crc": zlib.crc32(content), "compressed": len(self.packed),
            "size": len(content), "name": self.name, "extra": b"", "descriptor": b"", "attributes": 0, "disk": 0,
        }  # fmt: skip
        # `crc` lies everywhere, `local_crc` in the local header, `central_crc` in the directory.
        self.lies = lies

    def value(self, key, place):
        """What is said there."""
        return self.lies.get(f"{place}_{key}", self.lies.get(key, self.values[key]))

    def local(self):
        """Local header, data and descriptor."""
        v = lambda key: self.value(key, "local")
        fixed = u16(20) + u16(v("flags")) + u16(v("method")) + u16(0) + u16(0x21) + u32(v("crc"))
        sizes = u32(v("compressed")) + u32(v("size")) + u16(len(v("name"))) + u16(len(v("extra")))
        return b"PK\3\4" + fixed + sizes + v("name") + v("extra") + self.packed + self.value("descriptor", "local")

    def central(self, offset):
        """The directory's entry."""
        v = lambda key: self.value(key, "central")
        fixed = u16(20) + u16(20) + u16(v("flags")) + u16(v("method")) + u16(0) + u16(0x21) + u32(v("crc"))
        sizes = u32(v("compressed")) + u32(v("size")) + u16(len(v("name"))) + u16(len(v("extra"))) + u16(0)
        rest = u16(v("disk")) + u16(0) + u32(v("attributes")) + u32(self.lies.get("central_offset", offset))
        return b"PK\1\2" + fixed + sizes + rest + v("name") + v("extra")


def archive(entries, gap=b"", before_directory=b"", comment=b"", **lies):
    """The whole archive; `lies` are those of the end record."""
    body, places = b"", []
    for entry in entries:
        places.append(len(body))
        body += entry.local() + gap
    body += before_directory
    directory = b"".join(entry.central(place) for entry, place in zip(entries, places))
    count, size = lies.get("count", len(entries)), lies.get("size", len(directory))
    end = b"PK\5\6" + u16(lies.get("disk", 0)) + u16(lies.get("first_disk", lies.get("disk", 0))) + u16(lies.get("disk_count", count)) + u16(count)
    end += u32(size) + u32(lies.get("offset", len(body))) + u16(lies.get("comment_size", len(comment))) + comment
    return body + directory + lies.get("zip64", b"") + end + lies.get("behind", b"")


def directories(corpus):
    """Lies of the end record and of the directory as a whole."""
    entry = Entry("W1.npy", SOUND)
    sound = archive([entry])
    start, size = len(entry.local()), len(entry.central(0))
    end = start + size
    contradicts = "the zip archive's directory contradicts itself: "
    corpus.refuse("no-end.npz", sound[:-22], f"byte {len(sound) - 22}: the zip archive is cut off", "no directory's end")
    corpus.refuse("cut-in-end.npz", sound[:-1], "the zip archive is cut off", "cut off in the end record")
    corpus.refuse("local-header-only.npz", b"PK\3\4", "byte 4: the zip archive is cut off", "four bytes")
    corpus.refuse("behind-end.npz", archive([entry], behind=b"hidden"), f"byte {end + 20}: the zip archive's end has a comment of 0 bytes, and 6 bytes follow", "bytes behind the end")
    corpus.refuse("comment-too-long.npz", archive([entry], comment_size=100), f"byte {end + 20}: the zip archive's end has a comment of 100 bytes, and 0 bytes follow", "a comment that is not there")
    inner = archive([Entry("evil.npy", SOUND)])
    corpus.refuse("archive-in-comment.npz", archive([entry], comment=inner), contradicts, "an archive in the comment: two directories, and readers that disagree")
    corpus.refuse("prefix.npz", b"#!/bin/sh\nid\n" + sound, "the format is not known (it begins with 23 21 2f 62", "a program in front")
    for name, lies in [("disk", {"disk": 1}), ("first-disk", {"first_disk": 1}), ("disk-65535", {"disk": 65535})]:
        corpus.refuse(f"split-{name}.npz", archive([entry], **lies), "the zip archive is a part of several", "a part of several")
    corpus.refuse("count-differs.npz", archive([entry], disk_count=2), f"{contradicts}the number of entries", "two counts of entries")
    corpus.refuse("count-less.npz", archive([entry, Entry("b1.npy", SOUND)], count=1), f"byte {end + start}: 52 bytes in the zip archive belong to no entry", "an entry that is not counted")
    corpus.refuse("count-more.npz", archive([entry], count=2), f"byte {end}: the input ends early: a directory entry takes", "an entry that is not there")
    corpus.refuse("count-65535.npz", archive([entry], count=65535), f"byte {end}: the input ends early: a directory entry takes", "65,535 entries in 120 bytes")
    corpus.refuse("directory-size.npz", archive([entry], size=2**32 - 1), f"{contradicts}the directory's size is 4294967295", "a directory of four gigabytes")
    corpus.refuse("directory-size-less.npz", archive([entry], size=size - 1), contradicts, "a directory that begins elsewhere")
    corpus.refuse("directory-offset.npz", archive([entry], offset=0), f"{contradicts}the directory's offset is 0, and {start} was found", "a directory's offset that leads elsewhere")
    corpus.refuse("before-directory.npz", archive([entry], before_directory=b"hidden"), f"byte {start}: 6 bytes in the zip archive belong to no entry", "bytes in front of the directory")
    corpus.refuse("gap.npz", archive([entry, Entry("b1.npy", SOUND)], gap=b"hide"), f"byte {start}: 4 bytes in the zip archive belong to no entry", "bytes between entries")

    record = b"PK\6\6" + u64(44) + u16(45) + u16(45) + u32(0) + u32(0) + u64(1) + u64(1) + u64(size) + u64(start)
    locator = b"PK\6\7" + u32(0) + u64(end) + u32(1)
    all_ones = {"count": 0xFFFF, "size": 0xFFFFFFFF, "offset": 0xFFFFFFFF}
    corpus.refuse("zip64-locator-alone.npz", archive([entry], zip64=locator), f"byte {end + 8}: {contradicts}the zip64 end record's offset is {end}", "a locator of nothing")
    far = b"PK\6\7" + u32(0) + u64(2**63) + u32(1)
    corpus.refuse("zip64-locator-far.npz", archive([entry], zip64=record + far, **all_ones), f"{contradicts}the zip64 end record's offset is 9223372036854775808", "a locator that leads out of the file")
    long = record[:4] + u64(2**63) + record[12:]
    corpus.refuse("zip64-size.npz", archive([entry], zip64=long + locator, **all_ones), f"{contradicts}the zip64 end record's size", "an end record of 2^63 bytes")
    other = record[:24] + u64(2) + u64(2) + record[40:]
    corpus.refuse("zip64-disagrees.npz", archive([entry], zip64=other + locator), f"{contradicts}the number of entries", "two end records that disagree")
    many = record[:24] + u64(2**40) + u64(2**40) + record[40:]
    corpus.refuse("zip64-2e40-entries.npz", archive([entry], zip64=many + locator, **all_ones), "the zip archive has 1099511627776 entries; at most 1048576 are read", "a trillion entries")
    large = record[:40] + u64(2**63) + record[48:]
    corpus.refuse("zip64-directory-2e63.npz", archive([entry], zip64=large + locator, **all_ones), f"{contradicts}the directory's size is 9223372036854775808", "a directory of 2^63 bytes")


def entries(corpus):
    """Lies of single entries."""
    name = '"W1.npy"'

    def lie(file, attack, sentence, **lies):
        corpus.refuse(f"{file}.npz", archive([Entry("W1.npy", SOUND, **lies)]), sentence, attack)

    says = f"{name} in the zip archive has another"
    lie("local-name", "another name in the local header", f"byte 30: {says} name than the directory says", local_name=b"W2.npy")
    lie("local-method", "another method in the local header", f"byte 8: {says} method", local_method=8)
    lie("local-flags", "a descriptor by the local header alone", f"byte 6: {says} set of flags", local_flags=8)
    lie("local-crc", "another CRC-32 in the local header", f"byte 14: {says} CRC-32", local_crc=1)
    lie("local-compressed", "another compressed size in the local header", f"byte 18: {says} compressed size", local_compressed=1)
    lie("local-size", "another size in the local header", f"byte 22: {says} size", local_size=1)
    lie("encrypted", "encryption", f"{name} in the zip archive is encrypted", flags=1)
    lie("encrypted-strongly", "strong encryption", f"{name} in the zip archive is encrypted", flags=0x41)
    lie("encrypted-directory", "an encrypted directory", f"{name} in the zip archive is encrypted", flags=0x2000)
    lie("flags", "flags that mean nothing", f"{name} in the zip archive has the flags 0x10", flags=0x10)
    for method, word in [(12, "bzip2"), (14, "LZMA"), (93, "Zstandard"), (99, "AES encryption"), (255, "")]:
        found = f"{name} in the zip archive is compressed by method {method}"
        lie(f"method-{method}", "a method that is not read", f"{found} ({word})" if word else found, method=method)
    lie("stored-two-sizes", "a stored entry of two sizes", f"{name} in the zip archive cannot have 4294967294 bytes in {len(SOUND)}", size=2**32 - 2)
    packed = deflate.stored(SOUND)
    data = archive([Entry("W1.npy", SOUND, packed, size=2**31)])
    corpus.refuse("ratio.npz", data, f"{name} in the zip archive cannot have 2147483648 bytes in {len(packed)}", "more than deflate can expand to")
    corpus.refuse("folder-with-content.npz", archive([Entry("W1/", SOUND)]), '"W1/" in the zip archive cannot have', "a folder with content")
    lie("part", "an entry in another part", "the zip archive is a part of several", disk=7)
    lie("offset", "an entry's offset that leads out of the archive", "the zip archive's directory contradicts itself: an entry's offset is 2147483647", central_offset=2**31 - 1)
    lie("offset-inside", "an entry's offset that leads into its header", "byte 0: 8 bytes in the zip archive belong to no entry", central_offset=8)
    lie("descriptor-missing", "a descriptor that is not there", "a descriptor of the zip archive is due here", flags=8)
    wrong = b"PK\7\x08" + u32(1) + u32(len(SOUND)) + u32(len(SOUND))
    lie("descriptor-wrong", "a descriptor with another CRC-32", f"{says} descriptor", flags=8, local_descriptor=wrong)
    for file, path, problem in [
        ("absolute", "/etc/passwd.npy", 'is absolute: "/etc/passwd.npy"'), ("drive", "C:\\x.npy", "is absolute"), ("backslash", "\\x.npy", "is absolute"),
        ("dots", "../../W1.npy", 'has .. in it: "../../W1.npy"'), ("dots-inside", "a/../../W1.npy", "has .. in it"),
        ("dots-backslash", "..\\W1.npy", "has .. in it"), ("empty", "", "is empty"), ("zero", "W1.npy\0.exe", "has a zero byte in it"),
        ("latin1", b"W\xe9.npy", "is not UTF-8"),
    ]:  # fmt: skip
        corpus.refuse(f"name-{file}.npz", archive([Entry(path, SOUND)]), f"a name in the zip archive {problem}", "a name that is no place in the archive")
    corpus.refuse("duplicate.npz", archive([Entry("W1.npy", SOUND)] * 2), f"the zip archive has two entries {name}", "two entries of one name")
    corpus.refuse("name-escape.npz", archive([Entry("W\x1b[2J.npy", SOUND)] * 2), 'the zip archive has two entries "W\\u{1b}[2J.npy"', "a name that clears the terminal")
    for file, extra, problem in [
        ("length", u16(1) + u16(200), "a part of 200 bytes, and 0 are left"), ("two", (u16(1) + u16(0)) * 2, "two zip64 parts"),
    ]:  # fmt: skip
        lie(f"extra-{file}", "a malformed extra field", f"an extra field of the zip archive has {problem}", central_extra=extra)
    lie("extra-short", "a zip64 part without its number", "an extra field of the zip archive has too few numbers in its zip64 part", central_extra=u16(1) + u16(0), central_size=2**32 - 1)
    wide = u16(1) + u16(16) + u64(2**63) + u64(2**63)
    lie("zip64-2e63", "an entry of 2^63 bytes", f"{name} in the zip archive cannot have 9223372036854775808 bytes", central_extra=wide, central_size=2**32 - 1, central_compressed=2**32 - 1)

    # An entry inside the data of another, as in bombs of overlapping entries.
    inside = Entry("b.npy", SOUND)
    outside = Entry("a.npy", inside.local())
    body = outside.local()
    place = len(body) - len(inside.local())
    directory = outside.central(0) + inside.central(place)
    end = b"PK\5\6" + u32(0) + u16(2) + u16(2) + u32(len(directory)) + u32(len(body)) + u16(0)
    corpus.refuse("overlap.npz", body + directory + end, 'another entry of the zip archive begins inside "a.npy"', "an entry inside another's data")
    kernel = b"A" * 200
    names = [f"{i}.npy".encode() for i in range(200)]
    first = Entry(names[0], kernel).local()
    directory = b"".join(Entry(name, kernel).central(0) for name in names)
    end = b"PK\5\6" + u32(0) + u16(200) + u16(200) + u32(len(directory)) + u32(len(first)) + u16(0)
    corpus.refuse("shared-data.npz", first + directory + end, 'another entry of the zip archive begins inside "0.npy"', "two hundred entries of the same data")


def contents(corpus):
    """Damaged contents, and archives of something else."""
    name = '"W1.npy"'
    corpus.refuse("content-crc.npz", archive([Entry("W1.npy", SOUND, crc=0x12345678)]), f"{name} in the zip archive is damaged: its CRC-32 is", "a wrong CRC-32")
    packed = deflate.stored(SOUND)
    cut = packed[:-4]
    corpus.refuse("content-cut.npz", archive([Entry("W1.npy", SOUND, cut)]), f"the compressed data of {name} are cut off", "data that are cut off")
    corpus.refuse("content-damaged.npz", archive([Entry("W1.npy", SOUND, b"\x07" + packed[1:])]), f"the compressed data of {name} are damaged: ", "damaged data")
    corpus.refuse("content-trailing.npz", archive([Entry("W1.npy", SOUND, packed + b"hidden")]), f"6 bytes follow the compressed data of {name}", "bytes behind the data")
    corpus.refuse("content-less.npz", archive([Entry("W1.npy", SOUND, packed, size=len(SOUND) + 5)]), f"{name} in the zip archive has {len(SOUND)} bytes, and {len(SOUND) + 5} are declared", "less than declared")
    bomb, content = deflate.bomb(SOUND, 0, 62000)
    corpus.refuse("content-bomb.npz", archive([Entry("W1.npy", content, bomb, size=len(SOUND))]), f"{name} in the zip archive has more than the {len(SOUND)} bytes that are declared", "16 MB where 144 bytes are declared")
    corpus.refuse("content-bomb-honest.npz", archive([Entry("W1.npy", content, bomb)]), "the npy file goes on for", "16 MB behind an array")
    unread = "this is a zip archive, which is not read; unpack it first"
    corpus.refuse("program.zip", archive([Entry("setup.exe", b"MZ")]), unread, "a program in an archive")
    corpus.refuse("array-and-program.npz", archive([Entry("W1.npy", SOUND), Entry("evil.py", b"import os")]), unread, "a program beside an array")
    again = archive([Entry("W1.npy", SOUND)])
    for _ in range(8):
        again = archive([Entry("inner.npz", again)])
    corpus.refuse("zip-nine-deep.zip", again, unread, "zip in zip, nine deep")
    corpus.refuse("empty.zip", archive([]), "this is an empty zip archive", "an archive of nothing")
    corpus.refuse("folders.zip", archive([Entry(f"{i}/", b"") for i in range(200)]), unread, "nothing but folders")
    corpus.refuse("entry-is-no-array.npz", archive([Entry("W1.npy", b"cos\nsystem\n(S'id'\ntR.")]), 'in the array "W1": this is no npy file', "a pickle as an array")
    objects = npy("|O", "(1,)", b"\x80\x04cos\nsystem\n(S'id'\ntR.")
    corpus.refuse("objects.npz", archive([Entry("W1.npy", objects)]), "the array's dtype is \"|O\" (Python objects)", "an array of objects, which NumPy unpickles")
    huge = npy("<f8", f"({2**40},)", b"\0" * 16)
    corpus.refuse("huge-shape.npz", archive([Entry("W1.npy", huge)]), "its elements take 8796093022208 bytes, and 16 are left", "eight terabytes that are not there")


def cases(corpus):
    """Adds all of them."""
    corpus.group = "zip"
    directories(corpus)
    entries(corpus)
    contents(corpus)
