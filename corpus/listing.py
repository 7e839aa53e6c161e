"""Which papers came up in a period, and in which order? Exact, in SQL, on the caller's connection."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import Column, Select, Text, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from corpus.tables import papers

Count = Literal["upvotes", "comments", "stars"]

_COLUMNS: dict[Count, Column[Any]] = {
    "upvotes": papers.c.upvotes,
    "comments": papers.c.comments,
    "stars": papers.c.stars,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Papers to be listed: those that came up from day `first` to day `last`, both included.

    Without either every paper, those without a day too. `categories` are arXiv's, any of them, and `cs` holds `cs.CL`.
    `among`: only these, some hundreds at most. With `by` the highest count comes first, and papers of which it is not
    known are left out; without it the newest day, and within a day the most upvoted.
    """

    first: date | None = None
    last: date | None = None
    categories: tuple[str, ...] = ()
    among: tuple[str, ...] | None = None
    by: Count | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The ids of the papers, in order, and how many papers there are.

    `total` counts all of the period, `counted` those that the order knows a place for: of which there may be more than
    ids. `newest` is the last day on which any of the categories came up, not after the period's end; None if there is none.
    """

    ids: tuple[str, ...]
    total: int
    counted: int
    newest: date | None


async def list_papers(connection: AsyncConnection, wanted: Wanted) -> Listing:
    """The papers that are wanted."""
    before = _until(wanted)
    period = before if wanted.first is None else [*before, papers.c.day >= wanted.first]
    placed = _COLUMNS[wanted.by] if wanted.by else papers.c.id
    counts = select(func.count(), func.count(placed)).select_from(papers).where(*period)
    total, counted = (await connection.execute(counts)).one()
    newest = await connection.scalar(select(func.max(papers.c.day)).where(*before))
    ids = await connection.scalars(_ordered(wanted).where(*period).limit(wanted.limit))
    return Listing(tuple(ids), total, counted, newest)


def _until(wanted: Wanted) -> list[Any]:
    """What a paper must be, but for the day on which the period begins."""
    conditions: list[Any] = []
    if wanted.last is not None:
        conditions.append(papers.c.day <= wanted.last)
    if wanted.categories:
        stored = cast(papers.c.categories, Text)  # ["cs.CL", "cs.LG"]
        endings = [f'"{category}{end}' for category in wanted.categories for end in ('"', ".")]
        conditions.append(or_(*(stored.icontains(ending, autoescape=True) for ending in endings)))
    if wanted.among is not None:
        conditions.append(papers.c.id.in_(wanted.among))
    return conditions


def _ordered(wanted: Wanted) -> Select[Any]:
    # Last by the id: of papers that are alike in all else the higher arXiv id is the newer, and no order is left open.
    newest = (papers.c.day.desc().nulls_last(), papers.c.upvotes.desc().nulls_last(), papers.c.id.desc())
    if wanted.by is None:
        return select(papers.c.id).order_by(*newest)
    count = _COLUMNS[wanted.by]
    return select(papers.c.id).where(count.is_not(None)).order_by(count.desc(), *newest)
