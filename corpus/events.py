"""What happened to papers, in order, for whoever wants to know: feeds, and what is derived from the papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.database import reading
from corpus.tables import events

Kind = Literal["new", "updated"]


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
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).all()
        return [
            Event(
                row.id,
                row.paper_id,
                row.kind,
                row.source,
                row.at if row.at.tzinfo else row.at.replace(tzinfo=UTC),
            )
            for row in rows
        ]

    async def last(self) -> int:
        """The number of the last event; 0 before the first."""
        async with reading(self._engine) as connection:
            return await connection.scalar(select(func.max(events.c.id))) or 0
