"""What happened to papers, in order, for whoever wants to know: feeds, and what is derived from the papers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.database import reading
from corpus.tables import events

Kind = Literal["new", "updated"]
_CHUNK = 500  # ids in one IN (…)


@dataclass(frozen=True, slots=True)
class Event:
    """Something happened to a paper. `number` grows from event to event, and is never given twice.

    A paper is new once, whatever it is called later and whoever tells of it; `source` is whose account it was.
    """

    number: int
    paper_id: str
    kind: Kind
    source: str
    at: datetime


class Events:
    """The events of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def after(self, number: int, *, limit: int) -> Sequence[Event]:
        """The first events behind this one, oldest first: who remembers the last number it saw misses none."""
        query = select(events).where(events.c.id > number).order_by(events.c.id).limit(limit)
        return await self._read(query)

    async def newest(
        self, *, after: int, until: int, limit: int, kind: Kind | None = None
    ) -> Sequence[Event]:
        """Of the events behind `after` and up to `until` the last ones, oldest first; of one kind, if it is given."""
        query = select(events).where(events.c.id > after, events.c.id <= until)
        if kind:
            query = query.where(events.c.kind == kind)
        return list(reversed(await self._read(query.order_by(events.c.id.desc()).limit(limit))))

    async def count(self, *, after: int, until: int, kind: Kind) -> int:
        """How many events of a kind there are behind `after` and up to `until`."""
        query = select(func.count()).where(events.c.id > after, events.c.id <= until, events.c.kind == kind)
        async with reading(self._engine) as connection:
            return await connection.scalar(query) or 0

    async def arrivals_of(self, paper_ids: Collection[str]) -> dict[str, Event]:
        """When each of these papers was new, by its id."""
        ids, found = list(paper_ids), list[Event]()
        for start in range(0, len(ids), _CHUNK):
            came = (events.c.paper_id.in_(ids[start : start + _CHUNK])) & (events.c.kind == "new")
            found += await self._read(select(events).where(came).order_by(events.c.id.desc()))
        return {event.paper_id: event for event in found}  # of two the first

    async def last_before(self, time: datetime) -> int:
        """The number of the last event before a time; 0 if there was none."""
        async with reading(self._engine) as connection:
            return await connection.scalar(select(func.max(events.c.id)).where(events.c.at < time)) or 0

    async def last(self) -> int:
        """The number of the last event; 0 before the first."""
        async with reading(self._engine) as connection:
            return await connection.scalar(select(func.max(events.c.id))) or 0

    async def _read(self, query: Select[Any]) -> list[Event]:
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return [Event(row.id, row.paper_id, row.kind, row.source, _aware(row.at)) for row in rows]


def _aware(time: datetime) -> datetime:
    return time if time.tzinfo else time.replace(tzinfo=UTC)
