"""Files of no format that is read, of several at once, and names that terminals would act on."""

import random

from .idx_files import idx


def tar(name, content=b"", kind=b"0", size=None, link=b""):
    """One entry of a tar archive and its end."""
    name = name.encode() if isinstance(name, str) else name
    size = b"%011o\0" % (len(content) if size is None else size)
    head = name[:100].ljust(100, b"\0") + b"0000644\0" * 3 + size + b"0" * 11 + b"\0" + b" " * 8 + kind
    head = (head + link.ljust(100, b"\0") + b"ustar\x0000").ljust(512, b"\0")
    head = head[:148] + b"%06o\0 " % sum(head) + head[156:]
    return head + content + b"\0" * (-len(content) % 512) + b"\0" * 1024


def cases(corpus):
    """Adds all of them."""
    corpus.group = "tar"
    unread = "this is a tar archive, which is not read; unpack it first and give the files in it"
    for name, data, attack in [
        ("traversal", tar("../../../../etc/cron.d/x", b"* * * * * root id\n"), "an entry outside the folder"),
        ("absolute", tar("/etc/passwd", b"x"), "an absolute path"),
        ("link", tar("w.png", kind=b"2", link=b"/etc/passwd"), "a symbolic link out of the folder"),
        ("device", tar("disk", kind=b"4"), "a device"),
        ("size-8g", tar("w.png", size=8**11 - 1), "eight gigabytes that are not there"),
        ("sparse", tar("w.png", kind=b"S", size=8**11 - 1), "a sparse file"),
        ("escape", tar("\x1b]0;owned\x07.png", b"x"), "a name that renames the terminal"),
    ]:
        corpus.refuse(f"{name}.tar", data, unread, attack)
    corpus.refuse("checksum.tar", tar("w.png")[:300] + b"x" + tar("w.png")[301:], unread, "a header with a wrong checksum")
    old = tar("w.png", b"x")
    corpus.refuse("old.tar", old[:257] + b"\0" * 8 + old[265:], "the format is not known (it begins with 77 2e 70 6e 67", "a header without its magic word")

    corpus.group = "other"
    unknown = "the format is not known (it begins with "
    corpus.refuse("empty", b"", "the file is empty", "nothing")
    for byte in (0x00, 0x0A, 0x1F, 0x28, 0x2E, 0x50, 0x5B, 0x80, 0x89, 0x93, 0xFF):
        corpus.refuse(f"one-byte-{byte:02x}", bytes([byte]), f"{unknown}{byte:02x})", "a single byte")
    corpus.refuse("one-byte-7b", b"{", "byte 1: the JSON ends early", "a single byte")
    corpus.refuse("two-bytes-1f8b", b"\x1f\x8b", "byte 0: the input ends early: the header of a gzip member takes 10 bytes, and 2 are left", "two bytes")
    corpus.refuse("two-bytes-8004", b"\x80\x04", f"{unknown}80 04)", "two bytes")
    corpus.refuse("zeros", b"\0" * 8000, f"{unknown}00 00 00 00 00 00 00 00)", "nothing but zeros")
    corpus.refuse("ones", b"\xff" * 8000, f"{unknown}ff ff ff ff ff ff ff ff)", "nothing but ones")
    corpus.refuse("spaces", b" " * 8000, f"{unknown}20 20 20 20 20 20 20 20)", "nothing but spaces")
    for name, data, sentence in [
        ("program", b"\x7fELF\x02\x01\x01" + b"\0" * 60, f"{unknown}7f 45 4c 46"), ("script", b"#!/bin/sh\nrm -rf /\n", f"{unknown}23 21 2f 62"),
        ("python", b"import os\nos.system('id')\n", f"{unknown}69 6d 70 6f"), ("html", b"<html><script>alert(1)</script></html>", f"{unknown}3c 68 74 6d"),
        ("xml", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'>]><x>&a;</x>", f"{unknown}3c 3f 78 6d"),
        ("yaml", b"!!python/object/apply:os.system ['id']\n", f"{unknown}21 21 70 79"),
        ("parquet", b"PAR1" + b"\0" * 60, "this is a Parquet file, which is not read"), ("matlab", b"MATLAB 5.0 MAT-file" + b" " * 120, "this is a MATLAB file, which is not read"),
        ("7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 40, "this is a 7z archive, which is not read"), ("rar", b"Rar!\x1a\x07\x01\0" + b"\0" * 40, "this is a RAR archive, which is not read"),
        ("xz", b"\xfd7zXZ\0" + b"\0" * 40, "this is an xz file, which is not read"), ("bzip2", b"BZh91AY&SY" + b"\0" * 40, "this is a bzip2 file, which is not read"),
        ("zstd", b"\x28\xb5\x2f\xfd" + b"\0" * 40, "this is a zstd file, which is not read"), ("jpeg", b"\xff\xd8\xff\xe0" + b"\0" * 40, "this is a JPEG picture, which is not read"),
        ("gif", b"GIF89a" + b"\0" * 40, "this is a GIF picture, which is not read"), ("webp", b"RIFF\0\0\0\0WEBP", "this is a RIFF file such as WebP, which is not read"),
        ("pdf", b"%PDF-1.7\n/JavaScript", "this is a PDF file, which is not read"),
    ]:  # fmt: skip
        corpus.refuse(f"is-{name}", data, sentence, "a format that is not read")
    generator = random.Random(7)
    for index in range(8):
        # A first byte of 0xF5 or more begins no format.
        data = bytes([0xF5 + index]) + bytes(generator.getrandbits(8) for _ in range(2000))
        corpus.refuse(f"noise-{index}", data, f"{unknown}{data[0]:02x} {data[1]:02x}", "noise")
    labels = idx([16], bytes(16))
    corpus.refuse("idx-and-zip", labels + b"PK\5\6" + b"\0" * 18, "the IDX file goes on for 22 bytes behind its last element", "IDX from the front, zip from the back")
    corpus.refuse("pickle-and-html", b"\x80\x04N." + b"N." * 8 + b"<script>alert(1)</script>", "bytes follow the pickle's end and begin no other pickle", "a pickle and a web page")

    corpus.group = "name"
    attack = "a file's name that a terminal would act on"
    for name, shown in [
        ("clear\x1b[2J\x1b[H", "clear\\u{1b}[2J\\u{1b}[H"), ("title\x1b]0;owned\x07", "title\\u{1b}]0;owned\\u{7}"),
        ("line\nmnist-convert: all is well", "line\\nmnist-convert: all is well"), ("return\rok", "return\\rok"),
        ("override\u202egnp.7", "override\\u{202e}gnp.7"), ("bell\x07\x08\x7f", "bell\\u{7}\\u{8}\\u{7f}"), ("c1\u009b2J", "c1\\u{9b}2J"),
    ]:  # fmt: skip
        corpus.refuse(name, b"", f"{shown}: the file is empty", attack)
    corpus.refuse("-rf", b"", "-rf: the file is empty", "a name that begins like an option")
    name = "space and 'quote' \"quotes\" $HOME `id` ;id"
    corpus.refuse(name, b"", f"{name}: the file is empty", "a name that a shell would act on")
