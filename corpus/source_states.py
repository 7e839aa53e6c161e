"""How far is each source read, how did the last visit go, and when is the next? In SQL."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from corpus.database import reading, writing
from corpus.source_state import ReadTo, SourceState
from corpus.sources.source import Validator
from corpus.tables import source_states, validators

_ZONES = timedelta(days=1)  # a source's day may have begun elsewhere


class SourceStates:
    """The states of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, source: str) -> SourceState:
        """What is known of one; of a source that was never visited, nothing."""
        async with reading(self._engine) as connection:
            query = select(source_states).where(source_states.c.source == source)
            row = (await connection.execute(query)).one_or_none()
        return _state(row) if row else SourceState(source)

    async def all(self) -> Sequence[SourceState]:
        """Every source that was ever visited or is to be, by name."""
        async with reading(self._engine) as connection:
            rows = await connection.execute(select(source_states).order_by(source_states.c.source))
            return [_state(row) for row in rows]

    async def validator(self, url: str) -> Validator | None:
        """What the last answer from there that was taken in is recognised by."""
        async with reading(self._engine) as connection:
            row = (await connection.execute(select(validators).where(validators.c.url == url))).one_or_none()
        return Validator(row.url, row.etag, row.last_modified) if row else None

    async def begin(self, source: str, *, now: datetime) -> None:
        """A visit begins."""
        await self._note(source, started=now)

    async def end(
        self, source: str, *, now: datetime, counts: Mapping[str, int], failure: str | None
    ) -> None:
        """A visit is over, and how it went."""
        await self._note(source, ended=now, counts=dict(counts), failure=failure)

    async def expect(self, sources: Sequence[str], *, at: datetime | None) -> None:
        """When the next visit is; None: nobody knows of one."""
        for source in sources:
            await self._note(source, next_visit=at)

    async def _note(self, source: str, **facts: Any) -> None:
        async with writing(self._engine) as connection:
            await _put(connection, source, facts)


async def move(connection: AsyncConnection, read_to: ReadTo, *, now: datetime) -> None:
    """Let a source be read to there, in the transaction that stores what was read; never back."""
    if read_to.watermark:
        query = select(source_states.c.watermark).where(source_states.c.source == read_to.source)
        before = await connection.scalar(query)
        # What lies in the future was written by a clock that was set back since.
        if before is None or read_to.watermark > before or before[:10] > f"{now + _ZONES:%Y-%m-%d}":
            await _put(connection, read_to.source, {"watermark": read_to.watermark})
    if read_to.validator:
        row = {
            "url": read_to.validator.url,
            "etag": read_to.validator.etag,
            "last_modified": read_to.validator.last_modified,
            "kept": now,
        }
        await connection.execute(validators.delete().where(validators.c.url == row["url"]))
        await connection.execute(insert(validators).values(row))


async def _put(connection: AsyncConnection, source: str, facts: Mapping[str, Any]) -> None:
    changed = await connection.execute(
        source_states.update().where(source_states.c.source == source).values(**facts)
    )
    if not changed.rowcount:
        await connection.execute(insert(source_states).values(source=source, **facts))


def _state(row: Any) -> SourceState:
    times = {name: _aware(getattr(row, name)) for name in ("started", "ended", "next_visit")}
    return SourceState(row.source, row.watermark, failure=row.failure, counts=row.counts or None, **times)


def _aware(time: datetime | None) -> datetime | None:
    return time.replace(tzinfo=UTC) if time and time.tzinfo is None else time
