"""The file that a bench is made of: JSON Lines as they are imported, but read as far as the bench goes, and strictly."""

import gzip
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from corpus.account import Account
from corpus.catalogue import formats
from corpus.errors import UnreadableSourceError
from corpus.material import Material
from corpus.sources.source import Context, Format

_AT_ONCE = 1000  # lines
_QUICKLY = 1  # gzip's level


def papers_format() -> Format:
    """How such a file is read."""
    return formats()["jsonl"]


def count_papers(file: Path) -> int:
    """How many lines say something. Raises UnreadableSourceError."""
    return sum(1 for _ in _lines(file))


def first_papers(file: Path, count: int, *, today: date) -> Iterator[Account]:
    """What the file's first papers are told to be. Raises UnreadableSourceError, naming the first line that is no paper."""
    parse = papers_format().parse
    for number, line in islice(_lines(file), count):
        reading = parse(line, Context(today=today, first=number))
        for rejected in reading.rejected:
            raise UnreadableSourceError(f"{file.name}, {rejected.where}: {rejected.why}")
        yield from reading.accounts


def cut(file: Path, count: int, to: Path) -> None:
    """Write the file's first papers, as they stand, into a gzipped file of their own. Raises UnreadableSourceError."""
    with gzip.open(to, "wt", _QUICKLY, encoding="utf-8", newline="") as written:
        for _, line in islice(_lines(file), count):
            written.write(line if line.endswith("\n") else f"{line}\n")


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """The lines that say something, and their numbers."""
    for piece in Material.of_path(file).pieces(_AT_ONCE):
        for line in piece:
            if line.text is None:
                raise UnreadableSourceError(
                    f"{file.name}, line {line.number}: it is not UTF-8, or far too long"
                )
            if line.text and not line.text.isspace():
                yield line.number, line.text
