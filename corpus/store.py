"""Papers in SQL: stored once whatever they are called, found again by any id they ever had."""

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from corpus.account import Account
from corpus.best import Told
from corpus.database import reading, rolled_back, writing
from corpus.listing import Listing, Wanted, list_papers
from corpus.paper import Paper, title_id
from corpus.report import Changes
from corpus.source_state import ReadTo
from corpus.source_states import move
from corpus.tables import accounts, aliases, events, papers
from corpus.taking_in import CHUNK, paper_from_row, take_in, told_of

_MAX_TITLE_WORDS = 8


class Put(Protocol):
    """Takes in what a source told."""

    async def __call__(self, told: Sequence[Account], *, source: str, now: datetime) -> Changes:
        """What it changed."""
        ...


@dataclass(frozen=True, slots=True)
class Summary:
    """The corpus at a glance."""

    papers: int
    newest: date | None
    sources: Mapping[str, int]


class PaperStore:
    """The papers of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def put(
        self, told: Iterable[Account], *, source: str, now: datetime, read_to: ReadTo | None = None
    ) -> Changes:
        """Store what a source told, merging it with what is known, and how far the source is then read.

        All of it or, on an error, nothing: one transaction.
        """
        told = list(told)
        async with writing(self._engine) as connection:
            changes = await take_in(connection, told, source=source, now=now)
            if read_to:
                await move(connection, read_to, now=now)
        return changes

    @asynccontextmanager
    async def rehearsal(self) -> AsyncGenerator[Put, None]:
        """A way to put that tells what would change; at the end nothing has."""
        async with rolled_back(self._engine) as connection:

            async def put(told: Sequence[Account], *, source: str, now: datetime) -> Changes:
                return await take_in(connection, told, source=source, now=now)

            yield put

    async def get(self, paper_id: str) -> Paper | None:
        """The paper with this id, or that once had it; None for an unknown id and for an ambiguous alias."""
        async with reading(self._engine) as connection:
            known = await _find(connection, papers.c.id == paper_id)
            if not known:
                known = await _find(connection, _goes_by(paper_id))
        return known[0] if len(known) == 1 else None

    async def get_many(self, paper_ids: Sequence[str]) -> list[Paper]:
        """The papers with these ids, in this order; ids that no paper has are left out."""
        found: dict[str, Paper] = {}
        async with reading(self._engine) as connection:
            for start in range(0, len(paper_ids), CHUNK):
                chunk = paper_ids[start : start + CHUNK]
                found.update((paper.id, paper) for paper in await _find(connection, papers.c.id.in_(chunk)))
        return [found[paper_id] for paper_id in paper_ids if paper_id in found]

    async def names_of(self, paper_ids: Sequence[str]) -> dict[str, set[str]]:
        """Every id that each of these papers has or ever had, by the one it has."""
        names = {paper_id: {paper_id} for paper_id in paper_ids}
        async with reading(self._engine) as connection:
            for start in range(0, len(paper_ids), CHUNK):
                of_these = aliases.c.paper_id.in_(paper_ids[start : start + CHUNK])
                for alias, paper_id in await connection.execute(select(aliases).where(of_these)):
                    names[paper_id].add(alias)
        return names

    async def sources_of(self, paper_ids: Sequence[str]) -> dict[str, set[str]]:
        """Who told of each of these papers."""
        sources: dict[str, set[str]] = {paper_id: set() for paper_id in paper_ids}
        async with reading(self._engine) as connection:
            for start in range(0, len(paper_ids), CHUNK):
                of_these = accounts.c.paper_id.in_(paper_ids[start : start + CHUNK])
                query = select(accounts.c.paper_id, accounts.c.source).where(of_these).distinct()
                for paper_id, source in await connection.execute(query):
                    sources[paper_id].add(source)
        return sources

    async def search_titles(self, text: str, *, limit: int) -> list[Paper]:
        """Papers whose title has every word of `text`, or whose id starts with it; newest first."""
        words = text.split()[:_MAX_TITLE_WORDS]
        has_words = and_(True, *(papers.c.title.icontains(word, autoescape=True) for word in words))
        starts_with = papers.c.title.istartswith(text.strip(), autoescape=True)
        query = (
            select(papers)
            .where(or_(has_words, papers.c.id.istartswith(text.strip(), autoescape=True)))
            .order_by(case((starts_with, 0), else_=1), papers.c.published.desc().nulls_last(), papers.c.id)
            .limit(limit)
        )
        async with reading(self._engine) as connection:
            return [paper_from_row(row) for row in (await connection.execute(query)).mappings()]

    async def by_title(self, title: str) -> list[Paper]:
        """Every paper that goes, or went, by this title."""
        async with reading(self._engine) as connection:
            return await _find(connection, _goes_by(title_id(title)))

    async def listing(self, wanted: Wanted) -> Listing:
        """The papers that came up in a period, in order."""
        async with reading(self._engine) as connection:
            return await list_papers(connection, wanted)

    async def contents(self) -> dict[str, str]:
        """The content hash of every paper, by id: what an index must hold."""
        async with reading(self._engine) as connection:
            rows = await connection.execute(select(papers.c.id, papers.c.content_hash).order_by(papers.c.id))
            return dict(rows.all())

    async def revision(self) -> str:
        """Another one whenever any paper was added, changed or taken away."""
        count = select(func.count()).select_from(papers).scalar_subquery()
        last = select(func.max(events.c.id)).scalar_subquery()
        async with reading(self._engine) as connection:
            held, happened = (await connection.execute(select(count, last))).one()
        return f"{held} {happened or 0}"

    async def told_of(self, paper_id: str) -> list[Told]:
        """What each source last said of each version of a paper, in the source's own words, and when."""
        async with reading(self._engine) as connection:
            return await told_of(connection, paper_id)

    async def arrivals(self, *, since: datetime) -> dict[date, dict[str, int]]:
        """How many papers came, by the day (UTC) and by who told of them first; newest day first."""
        day = func.date(events.c.at)
        query = (
            select(day, events.c.source, func.count())
            .where(events.c.kind == "new", events.c.at >= since)
            .group_by(day, events.c.source)
            .order_by(day.desc(), events.c.source)
        )
        arrived: dict[date, dict[str, int]] = {}
        async with reading(self._engine) as connection:
            for on, source, number in await connection.execute(query):
                arrived.setdefault(date.fromisoformat(str(on)), {})[source] = number
        return arrived

    async def summary(self) -> Summary:
        """How many papers there are, of which sources, and the newest date."""
        async with reading(self._engine) as connection:
            count, newest = (
                await connection.execute(
                    select(func.count(), func.max(papers.c.published)).select_from(papers)
                )
            ).one()
            by_source = select(accounts.c.source, func.count()).group_by(accounts.c.source)
            sources = dict((await connection.execute(by_source)).all())
        return Summary(papers=count, newest=newest, sources=sources)


async def _find(connection: AsyncConnection, condition: Any) -> list[Paper]:
    rows = await connection.execute(select(papers).where(condition).order_by(papers.c.id))
    return [paper_from_row(row) for row in rows.mappings()]


def _goes_by(alias: str) -> Any:
    return papers.c.id.in_(select(aliases.c.paper_id).where(aliases.c.alias == alias))
