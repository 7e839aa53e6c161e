"""Files and pastes before they are papers: opened, unpacked, decoded, whole or a piece at a time."""

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from corpus.errors import UnreadableSourceError

STANDARD_INPUT = Path("-")
_MAX_WHOLE = 64 * 2**20  # bytes of a text that is read in one piece
_MAX_LINE = 4 * 2**20  # bytes; no paper's record has as many
_SHORT_LINE = (
    256  # bytes; what has as many lines of less as its bound allows holds no papers, but fills the memory
)
_HEAD = 64 * 2**10  # bytes that tell a format
_GZIP = b"\x1f\x8b"
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)


class _Readable(Protocol):
    """As much of a file as is used of it here."""

    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, and where it ends in the file: its number from 1, and the bytes read so far."""

    number: int
    text: str | None  # None: it is not UTF-8, or too long
    bytes_read: int


@dataclass(frozen=True, slots=True)
class Material:
    """Something that papers are read from. `open` may be called more than once; `size` is in bytes, as stored.

    `most` is how many bytes it may have, unpacked; None: as many as there are, where it is read a piece at a time.
    """

    name: str
    open: Callable[[], BinaryIO]
    size: int
    most: int | None = None

    @classmethod
    def of_path(cls, path: Path) -> "Material":
        """A file; `-` is what is pasted to standard input. Raises UnreadableSourceError for what is no file."""
        if path == STANDARD_INPUT:
            pasted = sys.stdin.buffer.read(_MAX_WHOLE + 1)
            if len(pasted) > _MAX_WHOLE:  # half of it would be taken in, and the rest not even mentioned
                raise UnreadableSourceError(
                    f"the pasted text is larger than {_MAX_WHOLE // 2**20} MB; save it to a file and import that"
                )
            return cls.of_bytes("the pasted text", pasted)
        try:
            with path.open("rb") as file:
                size = file.seek(0, io.SEEK_END)
        except OSError as error:
            raise UnreadableSourceError(f"{path} cannot be read: {error.strerror or error}") from error
        return cls(path.name, lambda: path.open("rb"), size)

    @classmethod
    def of_bytes(cls, name: str, content: bytes, *, most: int | None = None) -> "Material":
        """What is in memory; of what a stranger packed, `most` bounds what comes out."""
        return cls(name, lambda: io.BytesIO(content), len(content), most)

    def head(self) -> str:
        """Its beginning, as far as it is text."""
        with self._unpacked() as (unpacked, _):
            return _without_mark(unpacked.read(_HEAD)).decode("utf-8", "replace")

    def text(self) -> str:
        """All of it. Raises UnreadableSourceError for what is no UTF-8 text, or too long for one piece."""
        with self._unpacked() as (unpacked, _):
            content = unpacked.read(_MAX_WHOLE + 1)
        if len(content) > _MAX_WHOLE:
            raise UnreadableSourceError(
                f"{self.name} is larger than {_MAX_WHOLE // 2**20} MB, which only JSONL may be; split it"
            )
        content = _without_mark(content)
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise UnreadableSourceError(
                f"{self.name} is not text: line {line} is not UTF-8. Save it as UTF-8 text and import that"
            ) from error

    def pieces(self, lines: int) -> Iterator[list[Line]]:
        """Its lines, so many at a time. Raises UnreadableSourceError where the file breaks off."""
        with self._unpacked() as (unpacked, raw):
            numbered = _lines(unpacked, raw)
            while piece := list(islice(numbered, lines)):
                yield piece

    @contextmanager
    def _unpacked(self) -> Generator[tuple[_Readable, BinaryIO], None, None]:
        try:
            with self.open() as raw:
                packed = raw.read(len(_GZIP)) == _GZIP
                raw.seek(0)
                unpacked = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if packed else raw
                yield (unpacked if self.most is None else _Bounded(unpacked, self.most, self.name)), raw
        except _BROKEN as error:
            raise UnreadableSourceError(
                f"{self.name} is damaged or cut off ({error}). Get it again, and import it again: what is known by then "
                "is passed over quickly"
            ) from error
        except OSError as error:
            raise UnreadableSourceError(f"{self.name} cannot be read: {error.strerror or error}") from error


class _Bounded:
    """A file that raises UnreadableSourceError once more bytes or lines were read of it than it may have."""

    def __init__(self, file: BinaryIO, most: int, name: str) -> None:
        self._file = file
        self._most = self._left = most
        self._lines_left = most // _SHORT_LINE
        self._name = name

    def read(self, size: int, /) -> bytes:
        return self._counted(self._file.read(size))

    def readline(self, size: int, /) -> bytes:
        return self._counted(self._file.readline(size))

    def _counted(self, content: bytes) -> bytes:
        self._left -= len(content)
        self._lines_left -= content.count(b"\n")
        if self._left < 0 or self._lines_left < 0:
            much = (
                f"{self._most / 2**20:g} MB of text"
                if self._left < 0
                else f"{self._most // _SHORT_LINE:,} lines"
            )
            raise UnreadableSourceError(
                f"{self._name} has more than {much}; split it, or import it from the command line, which takes files of "
                "any size"
            )
        return content


def _lines(unpacked: _Readable, raw: BinaryIO) -> Iterator[Line]:
    number = 0
    while content := unpacked.readline(_MAX_LINE):
        number += 1
        ended = content.endswith(b"\n") or len(content) < _MAX_LINE
        while not ended:  # the rest of a line that is too long
            rest = unpacked.readline(_MAX_LINE)
            ended = rest.endswith(b"\n") or len(rest) < _MAX_LINE
            content = b"\xff"
        if number == 1:
            content = _without_mark(content)
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = None
        yield Line(number, text, raw.tell())


def _without_mark(content: bytes) -> bytes:
    return content.removeprefix(codecs.BOM_UTF8)
