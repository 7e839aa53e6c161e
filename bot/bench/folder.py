"""The bench's own data folder for a number of papers: filled once, resumed when interrupted, reused for good."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path

from bot import console
from bot.bench.children import BenchError
from bot.bench.papers_file import first_papers, papers_format
from bot.config import Settings
from bot.wiring import Parts, fill_if_empty
from corpus.account import Account
from corpus.latex import readable
from corpus.store import PaperStore

_CHUNK = 2000  # papers in one transaction: what an interruption costs


def own_settings(settings: Settings, size: int) -> Settings:
    """The settings with a data folder of the bench's own, and SQLite in it, whatever database is set.

    The bundled papers, which are as many as they are, have size 0.
    """
    return settings.model_copy(
        update={
            "data": settings.data.absolute() / "bench" / (str(size) if size else "bundled"),
            "storage": settings.storage.model_copy(update={"database_url": ""}),
        }
    )


async def fill(parts: Parts, file: Path | None, size: int) -> None:
    """Store the first papers of a file (None: the bundled set), encode what has no vectors yet, and index all.

    Raises what reading, storing and encoding raise.
    """
    if file is None:
        await fill_if_empty(parts)
    else:
        await _store(parts.store, file, size)
    await asyncio.to_thread(_take_vectors, parts.settings.data)
    with console.progress_bar("Encoding papers") as progress:
        await parts.upkeep(owns=True).catch_up(progress)


async def _store(store: PaperStore, file: Path, size: int) -> None:
    now, held = datetime.now(UTC), len(await store.contents())
    told = first_papers(file, size, today=now.date())
    first = await asyncio.to_thread(next, told, None)
    if held and first and not await _knows(store, first):
        raise BenchError(f"the bench's folder has papers of another file than {file.name}: delete it first")
    if first is None or held >= size:
        return
    source, told, done = papers_format().account, chain([first], told), 0
    with console.progress_bar("Storing papers") as progress:
        while chunk := await asyncio.to_thread(lambda: list(islice(told, _CHUNK))):
            await store.put(chunk, source=source, now=now)
            done += len(chunk)
            progress(done, size)


async def _knows(store: PaperStore, account: Account) -> bool:
    """Whether the paper is stored, by whatever rules it got its id."""
    by_id = await store.get(account.arxiv_id) if account.arxiv_id else None
    return by_id is not None or bool(await store.by_title(readable(account.title)))


def _take_vectors(folder: Path) -> None:
    """Copy what the bench's folders of other sizes have encoded already: the same content has the same vectors."""
    with closing(sqlite3.connect(folder / "papercord.db", isolation_level=None)) as connection:
        for other in sorted(folder.parent.glob("*/papercord.db")):
            if other.parent == folder:
                continue
            connection.execute("ATTACH DATABASE ? AS other", (str(other),))
            if connection.execute("SELECT 1 FROM other.sqlite_master WHERE name = 'vectors'").fetchone():
                connection.execute(
                    "INSERT OR IGNORE INTO vectors SELECT theirs.* FROM other.vectors AS theirs "
                    "WHERE theirs.content_hash IN (SELECT content_hash FROM papers)"
                )
            connection.execute("DETACH DATABASE other")
