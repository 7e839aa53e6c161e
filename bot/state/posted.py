"""Which papers were posted where, and which were passed over: for feeds that plan, and for whoever asks why."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.feeds.delivery import Lane
from bot.state.tables import passed_papers, posted_papers
from corpus.database import reading

_CHUNK = 500  # values in one IN (…)


@dataclass(frozen=True, slots=True)
class Posted:
    """That a paper is, or is to be, in a post."""

    paper_id: str
    place: int
    lane: Lane
    feed: int
    delivery: str


class PostedPapers:
    """What the feeds of one database did with papers."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def posted_among(self, names: Collection[str]) -> list[Posted]:
        """Where papers of these names were posted, or are to be."""
        found: list[Posted] = []
        every = list(names)
        async with reading(self._engine) as connection:
            for start in range(0, len(every), _CHUNK):
                query = select(posted_papers).where(
                    posted_papers.c.paper_id.in_(every[start : start + _CHUNK])
                )
                found += [
                    Posted(row.paper_id, row.place, row.lane, row.feed, row.delivery)
                    for row in await connection.execute(query)
                ]
        return found

    async def passed_over(self, names: Collection[str]) -> dict[tuple[int, str], str]:
        """Why feeds passed papers of these names over, by the feed's number and the name."""
        found: dict[tuple[int, str], str] = {}
        every = list(names)
        async with reading(self._engine) as connection:
            for start in range(0, len(every), _CHUNK):
                query = select(passed_papers).where(
                    passed_papers.c.paper_id.in_(every[start : start + _CHUNK])
                )
                found.update({(row.feed, row.paper_id): row.why for row in await connection.execute(query)})
        return found

    async def papers_in(self, its: str) -> dict[str, float | None]:
        """The papers of a message, as they were called then, with their scores."""
        query = select(posted_papers.c.paper_id, posted_papers.c.score).where(posted_papers.c.delivery == its)
        async with reading(self._engine) as connection:
            return {row.paper_id: row.score for row in await connection.execute(query)}
