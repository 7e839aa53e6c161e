"""Read files of papers into the store, and say what came of it."""

import codecs
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

from corpus.errors import UnreadableSourceError
from corpus.known_ids import with_known_ids
from corpus.paper import Paper
from corpus.sources.daily_papers_page import parse_page
from corpus.sources.reading import Reading
from corpus.store import PaperStore

_BUNDLED_PAGE = "daily-papers-page.txt"
_BUNDLED_PAGE_VISITED = date(2025, 12, 8)
_SOURCE = "daily-papers-page"
STANDARD_INPUT = Path("-")
_MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """One record or file that was not taken in: where it stands, and why in words."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `read` counts records: those stored and those rejected."""

    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Refusal] = field(default_factory=list[Refusal])


async def import_files(
    store: PaperStore, paths: Sequence[Path], *, now: datetime, visited: date | None = None
) -> ImportReport:
    """Take in page texts, `-` being what is pasted to standard input; `visited` is the day they were saved, where the person knows it.

    Every file is read before any is stored, so that an unreadable one leaves the store as it was.
    Raises UnreadableSourceError, naming the file.
    """
    texts = [(_name(path), _read_text(path)) for path in paths]
    return await _import_pages(store, texts, now=now, visited=visited)


def bundled_papers() -> list[Paper]:
    """The paper set that ships with the package."""
    page = parse_page(_bundled_text(), today=_BUNDLED_PAGE_VISITED, visited=_BUNDLED_PAGE_VISITED)
    return with_known_ids(page.papers)


async def import_bundled(store: PaperStore, *, now: datetime) -> ImportReport:
    """Take in the paper set that ships with the package."""
    return await _import_pages(
        store, [(_BUNDLED_PAGE, _bundled_text())], now=now, visited=_BUNDLED_PAGE_VISITED
    )


def _bundled_text() -> str:
    return (files("corpus") / "data" / _BUNDLED_PAGE).read_text("utf-8")


async def _import_pages(
    store: PaperStore, texts: Sequence[tuple[str, str]], *, now: datetime, visited: date | None
) -> ImportReport:
    readings: list[tuple[str, Reading]] = []
    for name, text in texts:
        try:
            readings.append((name, parse_page(text, today=now.date(), visited=visited)))
        except UnreadableSourceError as error:
            raise UnreadableSourceError(f"{name} is not the text of a Daily Papers page: {error}") from error
    papers = [paper for _, reading in readings for paper in with_known_ids(reading.papers)]
    counts = await store.put(papers, source=_SOURCE, now=now)
    rejected = [
        Refusal(f"{name} line {refused.line}", refused.why)
        for name, reading in readings
        for refused in reading.rejected
    ]
    return ImportReport(len(papers) + len(rejected), counts.new, counts.updated, counts.unchanged, rejected)


def _read_text(path: Path) -> str:
    try:
        content = _read_bytes(path)
    except OSError as error:
        raise UnreadableSourceError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(content) > _MAX_BYTES:
        raise UnreadableSourceError(
            f"{_name(path)} is larger than {_MAX_BYTES // 2**20} MB: no page is; split it"
        )
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableSourceError(
            f"{_name(path)} is not text: line {line} is not UTF-8. Save the page's text as UTF-8 and import that"
        ) from error


def _name(path: Path) -> str:
    return "the pasted text" if path == STANDARD_INPUT else path.name


def _read_bytes(path: Path) -> bytes:
    if path == STANDARD_INPUT:
        return sys.stdin.buffer.read(_MAX_BYTES + 1)
    with path.open("rb") as file:
        return file.read(_MAX_BYTES + 1)
