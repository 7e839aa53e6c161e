"""What narrows a search, how two such things become one, and how they are said in words. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

_T = TypeVar("_T")
_MOST_NAMED = 3  # values of one kind in a headline
_MOST_CHARACTERS = 40  # of one value in a headline


@dataclass(frozen=True, slots=True)
class Filters:
    """What a paper must be to be found; where nothing is said, every paper is. Several kinds must all hold."""

    titles: tuple[str, ...] = ()
    """Words or phrases, each of which the title must contain."""
    authors: tuple[str, ...] = ()
    """Names or parts of names; every one must be an author."""
    organisations: tuple[str, ...] = ()
    """Names or parts of names; any of them, since a paper has one."""
    categories: tuple[str, ...] = ()
    """arXiv's, written as arXiv does; any of them, and `cs` holds `cs.CL`."""
    ids: tuple[str, ...] = ()
    """arXiv ids without version, or our own for papers that have none; any of them."""
    after: date | None = None
    """That day or later."""
    before: date | None = None
    """That day or earlier."""
    has_code: bool = False
    min_upvotes: int | None = None
    phrases: tuple[str, ...] = ()
    """Must occur word for word in the title or abstract."""
    without: tuple[str, ...] = ()
    """Words or phrases that may not occur in either."""

    def __bool__(self) -> bool:
        """Whether anything is filtered."""
        return self != Filters()


def both(one: Filters, other: Filters) -> Filters:
    """What was said here and there: values of one kind add up, of two dates or counts the narrower stays."""
    return Filters(
        titles=_union(one.titles, other.titles),
        authors=_union(one.authors, other.authors),
        organisations=_union(one.organisations, other.organisations),
        categories=_union(one.categories, other.categories),
        ids=_union(one.ids, other.ids),
        after=max(_known(one.after, other.after), default=None),
        before=min(_known(one.before, other.before), default=None),
        has_code=one.has_code or other.has_code,
        min_upvotes=max(_known(one.min_upvotes, other.min_upvotes), default=None),
        phrases=_union(one.phrases, other.phrases),
        without=_union(one.without, other.without),
    )


def describe(filters: Filters) -> str:
    """The filters for a headline: `by song han, since 1 Jan 2024, with code`. Values are as typed, not escaped."""
    said = [
        _listed("title with", (f"“{title}”" for title in map(_shortened, filters.titles)), "and"),
        _listed("by", map(_shortened, filters.authors), "and"),
        _listed("from", map(_shortened, filters.organisations), "or"),
        _listed("in", filters.categories, "or"),
        _listed("only", filters.ids, "or"),
        f"since {in_words(filters.after)}" if filters.after else "",
        f"until {in_words(filters.before)}" if filters.before else "",
        "with code" if filters.has_code else "",
        "" if filters.min_upvotes is None else _upvotes(filters.min_upvotes),
        _listed("saying", (f"“{phrase}”" for phrase in map(_shortened, filters.phrases)), "and"),
        _listed("without", map(_shortened, filters.without), "or"),
    ]
    return ", ".join(part for part in said if part)


def in_words(day: date) -> str:
    """A day as readers see it: 1 Jan 2024."""
    return f"{day.day} {day:%b} {day.year}"


def _union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Each value once; `Han` and `han` are one."""
    firsts: dict[str, str] = {}
    for value in (*one, *other):
        firsts.setdefault(value.casefold(), value)
    return tuple(firsts.values())


def _known(*values: _T | None) -> list[_T]:
    return [value for value in values if value is not None]


def _upvotes(least: int) -> str:
    return f"with at least {least:,} upvote{'' if least == 1 else 's'}"


def _shortened(value: str) -> str:
    return value if len(value) <= _MOST_CHARACTERS else value[: _MOST_CHARACTERS - 1].rstrip() + "…"


def _listed(lead: str, values: Iterable[str], joint: str) -> str:
    """`by a, b and c`; beyond three, `by a, b, c and 2 more`."""
    every = list(values)
    more = len(every) - _MOST_NAMED
    if more > 0:
        every = [*every[:_MOST_NAMED], f"{more} more"]
        joint = "and"
    if not every:
        return ""
    *begin, last = every
    return f"{lead} {', '.join(begin)} {joint} {last}" if begin else f"{lead} {last}"
