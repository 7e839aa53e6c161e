"""Papers in SQL: stored once whatever they are called, found again by any id they ever had."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import RowMapping, and_, case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from corpus.database import reading, writing
from corpus.paper import Paper, merge, title_id
from corpus.tables import accounts, aliases, papers

_CHUNK = 500  # ids in one IN (…); databases limit the parameters of a statement
_MAX_TITLE_WORDS = 8
_LISTS = ("authors", "links", "categories", "keywords")


@dataclass(frozen=True, slots=True)
class Counts:
    """What storing some papers changed."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0

    def plus(self, outcome: str) -> Self:
        """One more of `new`, `updated` or `unchanged`."""
        return dataclasses.replace(self, **{outcome: getattr(self, outcome) + 1})


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

    async def put(self, told: Iterable[Paper], *, source: str, now: datetime) -> Counts:
        """Store what a source told, merging it with what is known; all of it or, on an error, nothing."""
        counts = Counts()
        async with writing(self._engine) as connection:
            for paper in told:
                counts = counts.plus(await _put_one(connection, paper, source, now))
        return counts

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
            for start in range(0, len(paper_ids), _CHUNK):
                chunk = paper_ids[start : start + _CHUNK]
                found.update((paper.id, paper) for paper in await _find(connection, papers.c.id.in_(chunk)))
        return [found[paper_id] for paper_id in paper_ids if paper_id in found]

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
            return [_from_row(row) for row in (await connection.execute(query)).mappings()]

    async def by_title(self, title: str) -> list[Paper]:
        """Every paper that goes, or went, by this title."""
        async with reading(self._engine) as connection:
            return await _find(connection, _goes_by(title_id(title)))

    async def contents(self) -> dict[str, str]:
        """The content hash of every paper, by id: what an index must hold."""
        async with reading(self._engine) as connection:
            rows = await connection.execute(select(papers.c.id, papers.c.content_hash).order_by(papers.c.id))
            return dict(rows.all())

    async def revision(self) -> str:
        """Another one whenever any paper was added, changed or taken away."""
        query = select(func.count(), func.max(papers.c.updated)).select_from(papers)
        async with reading(self._engine) as connection:
            count, updated = (await connection.execute(query)).one()
        return f"{count} {updated.isoformat() if updated else '-'}"

    async def accounts_of(self, paper_id: str) -> dict[str, dict[str, Any]]:
        """What each source last said of a paper, in the source's own words, by source."""
        query = select(accounts.c.source, accounts.c.told).where(accounts.c.paper_id == paper_id)
        async with reading(self._engine) as connection:
            return dict((await connection.execute(query)).all())

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


async def _put_one(connection: AsyncConnection, told: Paper, source: str, now: datetime) -> str:
    matches = await _known(connection, told)
    account = {"source": source, "told": _told(told), "told_at": now}
    if not matches:
        await connection.execute(insert(papers).values(_row(told) | {"first_seen": now, "updated": now}))
        await connection.execute(insert(accounts).values(account | {"paper_id": told.id}))
        await _remember_alias(connection, told)
        return "new"
    known, *twins = matches
    if not twins and await _last_told(connection, known.id, source) == account["told"]:
        return "unchanged"  # a source that repeats itself does not undo what others have said since
    merged = known
    for twin in twins:
        merged = merge(twin, merged)
        await _absorb(connection, twin, into=known)
    merged = merge(merged, told)
    row = _row(merged) | {"updated": now}
    await connection.execute(update(papers).where(papers.c.id == known.id).values(row))
    await _replace_account(connection, merged.id, account)
    await _remember_alias(connection, merged)
    return "updated"


async def _known(connection: AsyncConnection, told: Paper) -> list[Paper]:
    """The paper that `told` is about, first; behind it a second row that turns out to be the same one."""
    namesakes = await _find(connection, _goes_by(title_id(told.title)))
    if told.arxiv_id is None:
        same_abstract = [paper for paper in namesakes if paper.abstract == told.abstract]
        return (same_abstract or namesakes)[:1]
    known = await _find(connection, papers.c.id == told.arxiv_id)
    return known + [paper for paper in namesakes if paper.arxiv_id is None]


async def _absorb(connection: AsyncConnection, twin: Paper, *, into: Paper) -> None:
    """Give all that hangs on `twin` to `into`, which has it already where both do, and let the row go."""
    for table, column in ((aliases, aliases.c.alias), (accounts, accounts.c.source)):
        held = select(column).where(table.c.paper_id == into.id).scalar_subquery()
        await connection.execute(
            update(table).where(table.c.paper_id == twin.id, column.not_in(held)).values(paper_id=into.id)
        )
    seen = select(papers.c.first_seen).where(papers.c.id == twin.id).scalar_subquery()
    await connection.execute(
        update(papers)
        .where(papers.c.id == into.id)
        .values(first_seen=case((seen < papers.c.first_seen, seen), else_=papers.c.first_seen))
    )
    await connection.execute(papers.delete().where(papers.c.id == twin.id))


async def _last_told(connection: AsyncConnection, paper_id: str, source: str) -> dict[str, Any] | None:
    same = and_(accounts.c.paper_id == paper_id, accounts.c.source == source)
    return await connection.scalar(select(accounts.c.told).where(same))


async def _replace_account(connection: AsyncConnection, paper_id: str, account: dict[str, Any]) -> None:
    same = and_(accounts.c.paper_id == paper_id, accounts.c.source == account["source"])
    await connection.execute(accounts.delete().where(same))
    await connection.execute(insert(accounts).values(account | {"paper_id": paper_id}))


async def _remember_alias(connection: AsyncConnection, paper: Paper) -> None:
    alias = {"alias": title_id(paper.title), "paper_id": paper.id}
    if not await connection.scalar(select(func.count()).select_from(aliases).filter_by(**alias)):
        await connection.execute(insert(aliases).values(alias))


async def _find(connection: AsyncConnection, condition: Any) -> list[Paper]:
    rows = await connection.execute(select(papers).where(condition).order_by(papers.c.id))
    return [_from_row(row) for row in rows.mappings()]


def _goes_by(alias: str) -> Any:
    return papers.c.id.in_(select(aliases.c.paper_id).where(aliases.c.alias == alias))


def _row(paper: Paper) -> dict[str, Any]:
    row = {field.name: getattr(paper, field.name) for field in dataclasses.fields(paper)}
    return row | {
        "id": paper.id,
        **{name: list(getattr(paper, name)) for name in _LISTS},
        "content_hash": paper.content_hash,
    }


def _from_row(row: RowMapping) -> Paper:
    values: dict[str, Any] = {field.name: row[field.name] for field in dataclasses.fields(Paper)}
    values |= {name: tuple(values[name]) for name in _LISTS}
    return Paper(**values)


def _told(paper: Paper) -> dict[str, Any]:
    """The account as JSON: only what was said, in the source's own characters."""
    values: dict[str, Any] = {field.name: getattr(paper, field.name) for field in dataclasses.fields(paper)}
    values |= {"published": paper.published and paper.published.isoformat()}
    values |= {name: list(values[name]) for name in _LISTS}
    del values["title"], values["abstract"]
    return {name: value for name, value in values.items() if value not in (None, [])}
