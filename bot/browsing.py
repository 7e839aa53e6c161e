"""What /latest and /top are asked: papers of which days, on what, and where to look if there are none. Pure.

The caller brings today.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.errors import BlankQuestionError
from corpus.listing import Count, Listing
from retrieval.query import Filters, Query, parse
from retrieval.query_filters import in_words
from retrieval.query_operators import filters_of

PeriodName = Literal["day", "week", "month", "year", "all"]

MOST_DAYS = 90
"""As far as /latest looks back."""
_DAYS: dict[PeriodName, int] = {"day": 1, "week": 7, "month": 30, "year": 365}
_AHEAD = timedelta(
    days=1
)  # somewhere it is tomorrow already; what is of later days is an error, or would stay on top


@dataclass(frozen=True, slots=True)
class Period:
    """Both days are included; without them it is all time. `words` continue "52 papers"; empty for all time."""

    first: date | None = None
    last: date | None = None
    words: str = ""


def last_days(days: int, today: date) -> Period:
    """The days that `since:7d` means."""
    first = today - timedelta(days=days)
    return Period(first, today + _AHEAD, f"since {in_words(first)}")


def named_period(name: PeriodName, today: date) -> Period:
    """The last day, week, month or year, or all time: a month is 30 days."""
    if name == "all":
        return Period()
    return Period(today - timedelta(days=_DAYS[name]), today + _AHEAD, f"of the last {name}")


def read_topic(text: str, today: date) -> Query:
    """An arXiv category (`cs.CL`), or words as in /find; nothing in it asks for everything.

    Raises BlankQuestionError where it only filters by something else: a listing is ordered by what SQL knows.
    """
    if category := filters_of("cat", text.strip(), today):
        return Query(text, "", category)
    query = parse(text, today=today)
    if not query.words and (query.notes or query.filters != Filters(categories=query.filters.categories)):
        advice = "To list papers by author, code and the like, use /find with “since” and “sort”."
        raise BlankQuestionError((*query.notes, advice))
    return query


def where_else(newest: date | None, *, days: bool, today: date) -> str:
    """What to try where a period has no paper, the newest being of an earlier day; `days`: what was asked is /latest."""
    if newest is None:
        return "There is none of any other day, either."
    back = (today - newest).days
    if days and back <= MOST_DAYS:
        advice = f"days:{back}"
    else:
        name = next((name for name, reach in _DAYS.items() if back <= reach), "all")
        advice = f"/top period:{name}" if days else f"period:{name}"
    return f"The newest here is of {in_words(newest)}: try {advice}."


def left_out(listing: Listing, by: Count | None) -> tuple[str, ...]:
    """A note on the papers that an order by count has no place for, if it has one for others."""
    unknown = listing.total - listing.counted
    if not by or not unknown or not listing.counted:
        return ()
    more = "1 more paper is left out: its" if unknown == 1 else f"{unknown:,} more papers are left out: their"
    return (f"{more} {by} are not known.",)
