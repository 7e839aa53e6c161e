"""Read files and pastes of papers into the store, and say what came of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.resources import files

from corpus.account import Account
from corpus.best import Told, paper_of
from corpus.catalogue import format_of
from corpus.errors import FetchError, UnreadableSourceError
from corpus.known_ids import with_known_ids
from corpus.material import Line, Material
from corpus.paper import Paper
from corpus.report import Refusal, Report
from corpus.sources.reading import Reading, Rejected
from corpus.sources.source import Context, Format
from corpus.store import PaperStore, Put

Progress = Callable[[int, int], None]
"""Told how many bytes are read, and how many there are."""
LookUp = Callable[[Sequence[str]], AsyncIterator[Reading]]
"""Asks arXiv about papers by their ids. Raises FetchError."""

ARXIV = "arxiv"
"""Whose word it is what arXiv answers."""
_BUNDLED_PAGE = "daily-papers-page.txt"
_BUNDLED_PAGE_VISITED = date(2025, 12, 8)
_IN_ONE_TRANSACTION = 500  # papers: what an interruption costs
_LINES = 1000  # read in one piece
_OFFLINE = "only its id is given, and nobody looks ids up here"


def _unseen(_done: int, _total: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Reader:
    """How material is read: on which day, in which format (None: whichever it is), and who looks ids up (None: nobody).

    `visited` is the day a page was saved, where the person knows it, `at_once` how many papers are stored in one
    transaction: while one of hundreds is matched, an event loop beside it gets its turns late.
    """

    now: datetime
    visited: date | None = None
    named: str | None = None
    look_up: LookUp | None = None
    progress: Progress = _unseen
    at_once: int = _IN_ONE_TRANSACTION

    def context(self, first: int = 1) -> Context:
        """What the parsers need; `first` is the number of a piece's first line."""
        return Context(today=self.now.date(), visited=self.visited, first=first)


async def import_material(
    store: PaperStore, materials: Sequence[Material], reader: Reader, *, dry_run: bool = False
) -> Report:
    """Take in what was given; with `dry_run` only say what that would change.

    What is read in one piece is read before anything is stored, so that an unreadable file leaves the store as it was.
    Long files of a record a line are stored while they are read: begun again, they go on. Raises UnreadableSourceError,
    naming the file, and UnknownSourceError for a format that there is none of.
    """
    opened = [await _open(material, reader) for material in materials]
    if dry_run:
        async with store.rehearsal() as put:
            return await _store(store, put, opened, reader)
    return await _store(store, store.put, opened, reader)


def bundled_papers() -> list[Paper]:
    """The paper set that ships with the package."""
    kind, told = _bundled()
    then = datetime.combine(_BUNDLED_PAGE_VISITED, time(), UTC)
    return [paper_of([Told(account, kind.account, then)]) for account in told]


async def import_bundled(store: PaperStore, *, now: datetime) -> Report:
    """Take in the paper set that ships with the package."""
    kind, told = _bundled()
    report = Report()
    report.add(await store.put(told, source=kind.account, now=now))
    return report


def _bundled() -> tuple[Format, list[Account]]:
    text = (files("corpus") / "data" / _BUNDLED_PAGE).read_text("utf-8")
    kind = format_of(text)
    page = kind.parse(text, Context(today=_BUNDLED_PAGE_VISITED, visited=_BUNDLED_PAGE_VISITED))
    return kind, with_known_ids(page.accounts)


@dataclass(frozen=True, slots=True)
class _Opened:
    """Material whose format is known; `whole` is what it says, unless that is read a piece at a time."""

    material: Material
    kind: Format
    whole: Reading | None


async def _open(material: Material, reader: Reader) -> _Opened:
    head = await asyncio.to_thread(material.head)
    if not head.strip():
        raise UnreadableSourceError(f"{material.name} is empty")
    try:
        kind = format_of(head, reader.named)
    except UnreadableSourceError as error:
        raise UnreadableSourceError(f"{material.name}: {error}") from error
    if kind.by_line:
        return _Opened(material, kind, None)
    text = await asyncio.to_thread(material.text)
    try:
        return _Opened(material, kind, await asyncio.to_thread(kind.parse, text, reader.context()))
    except UnreadableSourceError as error:
        raise UnreadableSourceError(f"{material.name} cannot be read as {kind.name}: {error}") from error


async def _store(store: PaperStore, put: Put, opened: Iterable[_Opened], reader: Reader) -> Report:
    report = Report()
    for one in opened:
        async for reading in _readings(one, reader):
            report.reject(_refusals(one.material, reading.rejected))
            accounts = await asyncio.to_thread(with_known_ids, reading.accounts)
            await _put(put, accounts, one.kind.account, reader, report)
            if reading.wanted:
                await _look_up(store, put, one.material, reading.wanted, reader, report)
    return report


async def _readings(one: _Opened, reader: Reader) -> AsyncIterator[Reading]:
    if one.whole is not None:
        yield one.whole
        return
    pieces = one.material.pieces(_LINES)
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield await asyncio.to_thread(_parsed, one.kind, piece, reader)
        reader.progress(piece[-1].bytes_read, one.material.size)


def _parsed(kind: Format, piece: Sequence[Line], reader: Reader) -> Reading:
    bad = [
        Rejected(f"line {line.number}", "it is not UTF-8, or far too long")
        for line in piece
        if line.text is None
    ]
    text = "".join(line.text if line.text is not None else "\n" for line in piece)
    reading = kind.parse(text, reader.context(piece[0].number))
    return Reading(reading.accounts, (*bad, *reading.rejected), reading.wanted)


async def _put(put: Put, accounts: Sequence[Account], source: str, reader: Reader, report: Report) -> None:
    for start in range(0, len(accounts), reader.at_once):
        chunk = accounts[start : start + reader.at_once]
        report.add(await put(chunk, source=source, now=reader.now))


async def _look_up(
    store: PaperStore, put: Put, material: Material, wanted: Sequence[str], reader: Reader, report: Report
) -> None:
    """Papers of which only the ids are given: those that are not known are asked for."""
    known = {paper.arxiv_id for paper in await store.get_many(wanted)}
    report.read += len(known)
    report.unchanged += len(known)
    missing = [arxiv_id for arxiv_id in wanted if arxiv_id not in known]
    if reader.look_up is None:
        report.reject(Refusal(f"{material.name} {arxiv_id}", _OFFLINE) for arxiv_id in missing)
        return
    if not missing:
        return
    answered: set[str | None] = set()
    try:
        async for reading in reader.look_up(missing):
            answered |= {account.arxiv_id for account in reading.accounts}
            answered |= {rejected.where for rejected in reading.rejected}
            report.reject(_refusals(material, reading.rejected))
            await _put(put, reading.accounts, ARXIV, reader, report)
    except FetchError as error:  # those before are stored, and the next import asks for the rest alone
        report.reject(
            Refusal(f"{material.name} {arxiv_id}", str(error))
            for arxiv_id in missing
            if arxiv_id not in answered
        )


def _refusals(material: Material, rejected: Iterable[Rejected]) -> list[Refusal]:
    return [Refusal(f"{material.name} {one.where}", one.why) for one in rejected]
