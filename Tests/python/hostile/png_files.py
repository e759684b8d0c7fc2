"""PNG files, as sheets of digits, whose chunks, sizes or pixels lie, for formats/png.md."""

import zlib

from . import big32, deflate

SIGNATURE = b"\x89PNG\r\n\x1a\n"
WIDTH = 784  # A sheet of digits, so that both tools decode it.


def chunk(kind, data=b"", checksum=None, length=None):
    """A chunk."""
    checksum = zlib.crc32(kind + data) if checksum is None else checksum
    return big32(len(data) if length is None else length) + kind + data + big32(checksum)


def header(width=WIDTH, height=1, depth=8, color=0, compression=0, filtering=0, interlace=0):
    """IHDR."""
    return chunk(b"IHDR", big32(width) + big32(height) + bytes([depth, color, compression, filtering, interlace]))


def rows(count=1, size=WIDTH, filtering=0, value=0):
    """Rows of one value with their filter in front."""
    return (bytes([filtering]) + bytes([value]) * size) * count


def image(data):
    """IDAT, stored."""
    return chunk(b"IDAT", deflate.zlib_stream(deflate.stored(data), data))


END = chunk(b"IEND")


def png(*chunks):
    """The signature and the chunks."""
    return SIGNATURE + b"".join(chunks)


def cases(corpus):
    """Adds all of them."""
    corpus.group = "PNG"
    sound = rows()

    def refuse(name, sentence, attack, *chunks, convert=None):
        corpus.refuse(f"{name}.png", png(*chunks), sentence, attack, convert)

    at = 33  # behind the header
    refuse("signature-only", "byte 8: the PNG has no IHDR chunk where there must be one", "a signature alone")
    corpus.refuse("signature-cut.png", SIGNATURE[:5], "the format is not known (it begins with 89 50 4e 47 0d)", "half a signature")
    refuse("header-missing", "byte 8: the PNG has no IHDR chunk where there must be one", "no header", image(sound), END)
    refuse("header-crc", "byte 8: the PNG chunk IHDR is damaged: its CRC-32 is", "a header with a wrong CRC-32", header()[:-4] + b"abcd", image(sound), END)
    refuse("header-short", "byte 8: the PNG chunk IHDR declares 12 bytes, which it cannot have", "a header of twelve bytes", chunk(b"IHDR", b"\0" * 12), END)
    refuse("header-twice", f"byte {at}: the PNG chunk IHDR stands in the wrong place: there can be only one", "two headers", header(), header(1), image(sound), END)
    for name, options, field in [
        ("width-0", {"width": 0}, "0 for the width"), ("height-0", {"height": 0}, "0 for the height"), ("width-2e31", {"width": 2**31}, "2147483648 for the width"),
        ("height-2e32", {"height": 2**32 - 1}, "4294967295 for the height"), ("depth-3", {"depth": 3}, "3 for the bit depth"), ("depth-0", {"depth": 0}, "0 for the bit depth"),
        ("depth-255", {"depth": 255}, "255 for the bit depth"), ("color-1", {"color": 1}, "1 for the colour type"), ("color-7", {"color": 7}, "7 for the colour type"),
        ("rgb-depth-4", {"color": 2, "depth": 4}, "4 for the bit depth"), ("palette-depth-16", {"color": 3, "depth": 16}, "16 for the bit depth"),
        ("compression-1", {"compression": 1}, "1 for the compression"), ("filtering-1", {"filtering": 1}, "1 for the filter"), ("interlace-2", {"interlace": 2}, "2 for the interlac"),
    ]:  # fmt: skip
        refuse(name, f"the PNG header says {field}", "a header that says what cannot be", header(**options), image(sound), END)
    large = "the picture has {} by {} pixels; at most 1048576 by 1048576 and 67108864 in all are read"
    sheet = "the picture has {}x{} pixels; a sheet has a digit in each row of 784"
    for name, width, height in [("65535", 65535, 65535), ("2e31", 2**31 - 1, 2**31 - 1), ("wide", 2**31 - 1, 1), ("8193", 8193, 8193)]:
        refuse(f"bomb-{name}", large.format(width, height), "billions of pixels", header(width, height), image(sound), END, convert=sheet.format(width, height))
    refuse("bomb-high", large.format(WIDTH, 2**31 - 1), "two billion rows", header(height=2**31 - 1), image(sound), END)
    refuse("bomb-rows", large.format(WIDTH, 85599), "67 million pixels and a few", header(height=85599), image(sound), END)
    refuse("bomb-declared", "the image data end early: the picture takes 62800000 bytes, and 785 are there", "63 MB of pixels that are not there", header(height=80000), image(sound), END)
    packed, content = deflate.bomb(b"", 0, 60000)
    refuse("bomb-compressed", "the image data go on behind the picture's 785 bytes", "15 MB in a picture of 784 pixels", header(), chunk(b"IDAT", deflate.zlib_stream(packed, content)), END)
    text = chunk(b"zTXt", b"Comment\0\0" + deflate.zlib_stream(packed, content))
    refuse("bomb-text", "the PNG has no IDAT chunk", "15 MB in a comment, which is never decompressed", header(), text, END)
    profile = chunk(b"iCCP", b"x\0\0" + deflate.zlib_stream(packed, content))
    refuse("bomb-profile", "the image data end early", "15 MB in a colour profile, which is never decompressed", header(), profile, image(rows(1, 100)), END)

    refuse("chunk-crc", "the PNG chunk IDAT is damaged: its CRC-32 is", "image data with a wrong CRC-32", header(), image(sound)[:-4] + b"abcd", END)
    refuse("ancillary-crc", "the PNG chunk tEXt is damaged: its CRC-32 is", "a comment with a wrong CRC-32", header(), chunk(b"tEXt", b"x\0y", 1), image(sound), END)
    refuse("chunk-2e31", f"byte {at}: the PNG chunk IDAT declares 2147483648 bytes, which it cannot have", "a chunk of 2^31 bytes", header(), chunk(b"IDAT", b"abc", length=2**31))
    refuse("chunk-2e31-less", "the input ends early: the data of the PNG chunk IDAT takes 2147483647 bytes", "a chunk of 2^31 - 1 bytes", header(), chunk(b"IDAT", b"abc", length=2**31 - 1))
    refuse("chunk-type-numbers", "a PNG chunk has the type [49, 50, 51, 52]; a type is four ASCII letters", "a type of digits", header(), chunk(b"1234"), image(sound), END)
    refuse("chunk-type-escape", "a PNG chunk has the type [27, 91, 50, 74]", "a type that clears the terminal", header(), chunk(b"\x1b[2J"), image(sound), END)
    refuse("chunk-critical", f"byte {at}: the PNG chunk EXEC is critical, and unknown", "a critical chunk that is unknown", header(), chunk(b"EXEC", b"id"), image(sound), END)
    refuse("chunks-1000", "the PNG has no IDAT chunk where there must be one", "a thousand empty chunks", header(), chunk(b"tEXt") * 1000, END)
    refuse("no-image", f"byte {at}: the PNG has no IDAT chunk where there must be one", "no image data", header(), END)
    refuse("no-end", "the PNG has no IEND chunk where there must be one", "no end", header(), image(sound))
    refuse("end-with-data", "the PNG chunk IEND declares 3 bytes, which it cannot have", "bytes in the end", header(), image(sound), chunk(b"IEND", b"abc"))
    refuse("trailing", "the PNG goes on for 6 bytes behind its end", "bytes behind the end", header(), image(sound), END, b"hidden")
    refuse("png-in-png", "bytes behind its end", "a second picture behind the first", header(), image(sound), END, png(header(), image(sound), END))
    half = image(sound)
    refuse("image-interrupted", "the PNG chunk IDAT stands in the wrong place: the image data must not be interrupted", "a chunk between image data", header(), half, chunk(b"tEXt", b"x\0y"), half, END)

    refuse("filter-5", "stored row 0 has the filter 5; the filters are 0 to 4", "a filter that is none", header(), image(rows(filtering=5)), END)
    refuse("filter-255", "stored row 2 has the filter 255; the filters are 0 to 4", "a filter that is none, in the third row", header(height=3), image(rows(2) + rows(filtering=255)), END)
    refuse("data-short", "the image data end early: the picture takes 785 bytes, and 784 are there", "a pixel too few", header(), image(sound[:-1]), END)
    refuse("data-long", "the image data go on behind the picture's 785 bytes", "a pixel too many", header(), image(sound + b"\0"), END)
    refuse("data-none", "the image data end early: the picture takes 785 bytes, and 0 are there", "no image data at all", header(), chunk(b"IDAT"), END)
    stream = deflate.zlib_stream(deflate.stored(sound), sound)
    refuse("adler", "the image data are damaged: their Adler-32 is", "a wrong Adler-32", header(), chunk(b"IDAT", stream[:-4] + b"abcd"), END)
    refuse("adler-cut", "the image data end early", "half an Adler-32", header(), chunk(b"IDAT", stream[:-2]), END)
    refuse("behind-adler", "the image data go on behind the picture's 785 bytes", "bytes behind the Adler-32", header(), chunk(b"IDAT", stream + b"hidden"), END)
    refuse("zlib-header", "the image data begin with 0x", "no zlib stream", header(), chunk(b"IDAT", b"\0\0" + stream[2:]), END)
    refuse("zlib-dictionary", "the image data begin with 0x78bb, which is no zlib header that PNG allows", "a preset dictionary", header(), chunk(b"IDAT", b"\x78\xbb" + stream[2:]), END)
    refuse("zlib-window", "which is no zlib header that PNG allows", "a window of 64 KiB", header(), chunk(b"IDAT", b"\x88\x1c" + stream[2:]), END)
    refuse("zlib-block-3", "the compressed image data are damaged: ", "a block of the type that is none", header(), chunk(b"IDAT", b"\x78\x01\x07" + stream[3:]), END)
    refuse("zlib-too-far", "the compressed image data are damaged: ", "a match before the data", header(), chunk(b"IDAT", b"\x78\x01" + deflate.too_far() + b"\0" * 4), END)

    palette = header(color=3)
    refuse("palette-missing", "the PNG has no PLTE chunk where there must be one", "indices without a palette", palette, image(sound), END)
    refuse("palette-index", "the pixel in column 0 of row 0 has the colour 9 of a palette of 1", "a colour beyond the palette", palette, chunk(b"PLTE", b"\0\0\0"), image(rows(value=9)), END)
    bits = header(color=3, depth=2)
    refuse("palette-index-bits", "the pixel in column 0 of row 0 has the colour 3 of a palette of 3", "a colour of two bits beyond the palette", bits, chunk(b"PLTE", b"\0" * 9), image(rows(1, WIDTH // 4, 0, 0xFF)), END)
    for name, size in [("empty", 0), ("two-bytes", 2), ("257", 771)]:
        refuse(f"palette-{name}", f"the PNG chunk PLTE declares {size} bytes, which it cannot have", "a palette that cannot be", palette, chunk(b"PLTE", b"\0" * size), image(sound), END)
    refuse("palette-twice", "the PNG chunk PLTE stands in the wrong place: there can be only one", "two palettes", palette, chunk(b"PLTE", b"\0" * 3) * 2, image(sound), END)
    refuse("palette-late", "the PNG has no PLTE chunk", "a palette behind the image data", palette, image(sound), chunk(b"PLTE", b"\0" * 3), END)
    refuse("palette-in-grey", "the PNG chunk PLTE stands in the wrong place: the colour type does not allow it", "a palette in a grey picture", header(), chunk(b"PLTE", b"\0" * 3), image(sound), END)
    refuse("transparency-long", "the PNG chunk tRNS declares 9 bytes, which it cannot have", "more transparency than colours", palette, chunk(b"PLTE", b"\0" * 3), chunk(b"tRNS", b"\0" * 9), image(sound), END)
    refuse("transparency-early", "the PNG chunk tRNS stands in the wrong place: it must stand behind the palette", "transparency before the palette", palette, chunk(b"tRNS", b"\0"), chunk(b"PLTE", b"\0" * 3), image(sound), END)
    refuse("transparency-alpha", "the PNG chunk tRNS stands in the wrong place: the colour type does not allow it", "transparency beside alpha", header(color=6), chunk(b"tRNS", b"\0" * 2), image(rows(1, 4 * WIDTH)), END)
    refuse("transparency-late", "the PNG chunk tRNS stands in the wrong place: it must stand before the image data", "transparency behind the image data", header(), image(sound), chunk(b"tRNS", b"\0\0"), END)
    interlaced = header(height=8, interlace=1)
    refuse("interlace-short", "the image data end early", "the rows of a plain picture in an interlaced one", interlaced, image(rows(7)), END)
    refuse("interlace-filter", "has the filter 9; the filters are 0 to 4", "a filter in the last pass", interlaced, image(interlaced_rows(9)), END)
    refuse("interlace-long", "the image data go on behind the picture's", "the rows of an interlaced picture in a plain one", header(height=8), image(interlaced_rows(0)), END)
    corpus.useless("sheet-783.png", png(header(783), image(rows(1, 783)), END), "the picture has 783x1 pixels; a sheet has a digit in each row of 784", "a sheet that lacks a column")


def interlaced_rows(last):
    """The rows of all seven passes of a picture of 784x8, the last with this filter."""
    passes = [(8, 8, 0, 0), (8, 8, 4, 0), (4, 8, 0, 4), (4, 4, 2, 0), (2, 4, 0, 2), (2, 2, 1, 0), (1, 2, 0, 1)]
    data = b""
    for index, (dx, dy, x, y) in enumerate(passes):
        for row in range(y, 8, dy):
            filtering = last if index == 6 and row + dy >= 8 else 0
            data += bytes([filtering]) + b"\0" * len(range(x, WIDTH, dx))
    return data
