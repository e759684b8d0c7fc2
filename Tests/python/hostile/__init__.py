"""Hostile files and what is expected of the tools that are given them; make_hostile_corpus.py puts them together.

A module for each group of formats has a function `cases(corpus)`, which adds its files. What a file must be refused for
follows from `formats/`; offsets are counted while it is built, never taken from a tool's answer.
"""

REFUSED = 65
TAKEN = 0


class Case:
    """A file, what `cnn-inspect` and `mnist-convert` must say of it, and what it tries."""

    def __init__(self, name, group, data, inspect, convert, attack):
        self.name = name
        self.group = group
        self.data = bytes(data)
        # The sentence, or a part of it that nothing else says; None where the tool has nothing against the file.
        self.inspect = inspect
        self.convert = convert
        self.attack = attack


class Corpus:
    """All files, in the order in which they are added."""

    def __init__(self):
        self.cases = []
        self.group = ""

    def refuse(self, name, data, sentence, attack, convert=None):
        """A file that both tools refuse, in the same words unless `convert` has others."""
        self.cases.append(Case(name, self.group, data, sentence, convert or sentence, attack))

    def refuse_at(self, name, before, after, reason, attack):
        """A file that is refused for what stands behind `before`."""
        self.refuse(name, before + after, f"byte {len(before)}: {reason}", attack)

    def useless(self, name, data, sentence, attack):
        """A file that is sound and can be looked at, and from which no network or data set can be made."""
        self.cases.append(Case(name, self.group, data, None, sentence, attack))


def u16(value):
    """Two bytes, lowest first."""
    return (value & 0xFFFF).to_bytes(2, "little")


def u32(value):
    """Four bytes, lowest first."""
    return (value & 0xFFFFFFFF).to_bytes(4, "little")


def u64(value):
    """Eight bytes, lowest first."""
    return (value & 0xFFFFFFFFFFFFFFFF).to_bytes(8, "little")


def big32(value):
    """Four bytes, highest first."""
    return (value & 0xFFFFFFFF).to_bytes(4, "big")
