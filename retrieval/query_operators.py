"""The operators of a query: what each is called, which values it takes, and what was meant by a slip. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from corpus.paper import parse_arxiv_id
from retrieval.query_dates import days
from retrieval.query_filters import Filters

_LIKE_ENOUGH = 0.8  # difflib's ratio
_SHORTEST_SLIP = (
    4  # letters; of names of four letters and fewer none is a slip: "chat:", "aid:" and "hat:" are words
)
# Names that people know from elsewhere, or from the options of /find.
_OTHER_NAMES = {
    "since": "after",
    "until": "before",
    "category": "cat",
    "organisation": "org",
    "organization": "org",
    "upvotes": "min_upvotes",
}
_MOST_IN_A_LIST = 20
_OUR_ID = re.compile(r"[tk]-[0-9a-f]{16}")
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_CATEGORY = re.compile(r"(?P<archive>[a-z-]{2,8})(?:\.(?P<subject>[a-z-]{2,10}))?", re.ASCII)
# https://arxiv.org/category_taxonomy
_ARCHIVES = {
    *("astro-ph", "cond-mat", "cs", "econ", "eess", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math"),
    *("math-ph", "nlin", "nucl-ex", "nucl-th", "physics", "q-bio", "q-fin", "quant-ph", "stat"),
}
_CAPITALS = 2  # letters: cs.CL, but physics.optics


@dataclass(frozen=True, slots=True)
class Operator:
    """`read` gives the filters of a value, None if it is none; `takes` tells a reader which values there are."""

    read: Callable[[str, date], Filters | None]
    takes: str
    is_date: bool = False


def _after(value: str, today: date) -> Filters | None:
    named = days(value, today)
    return Filters(after=named.first) if named else None


def _before(value: str, today: date) -> Filters | None:
    named = days(value, today)
    return Filters(before=named.last) if named else None


def _categories(value: str, _: date) -> Filters | None:
    named = _each(value, _category)
    return Filters(categories=named) if named else None


def _ids(value: str, _: date) -> Filters | None:
    named = _each(value, _paper_id)
    return Filters(ids=named) if named else None


def _has(value: str, _: date) -> Filters | None:
    return Filters(has_code=True) if value.lower() == "code" else None


def _min_upvotes(value: str, _: date) -> Filters | None:
    return Filters(min_upvotes=int(value)) if _COUNT.fullmatch(value) else None


def _each(value: str, read: Callable[[str], str | None]) -> tuple[str, ...]:
    """What each part between commas is; nothing if one of them is not understood."""
    parts = [part for part in value.split(",", _MOST_IN_A_LIST) if part.strip()]
    found = [read(part.strip()) for part in parts]
    return tuple(part for part in found if part) if all(found) else ()


def _category(text: str) -> str | None:
    """As arXiv writes it: cs.CL, physics.optics, hep-th."""
    match = _CATEGORY.fullmatch(text.lower())
    if not match or match["archive"] not in _ARCHIVES:
        return None
    subject = match["subject"] or ""
    if len(subject) == _CAPITALS:
        subject = subject.upper()
    return f"{match['archive']}.{subject}" if subject else match["archive"]


def _paper_id(text: str) -> str | None:
    return text.lower() if _OUR_ID.fullmatch(text.lower()) else parse_arxiv_id(text)


_A_DATE = 'a date, such as 2024-05, "16 May 2024", 30d or "last month"'
OPERATORS = {
    "title": Operator(
        lambda value, _: Filters(titles=(value,)), 'a word or phrase of the title, such as "world models"'
    ),
    "author": Operator(lambda value, _: Filters(authors=(value,)), 'a name, such as han or "song han"'),
    "org": Operator(lambda value, _: Filters(organisations=(value,)), 'a name, such as nvidia or "mila lab"'),
    "cat": Operator(_categories, "an arXiv category, such as cs.CL or cs"),
    "id": Operator(_ids, "an arXiv id, such as 2405.01234"),
    "after": Operator(_after, _A_DATE, is_date=True),
    "before": Operator(_before, _A_DATE, is_date=True),
    "has": Operator(_has, "only code"),
    "min_upvotes": Operator(_min_upvotes, "a number, such as 10"),
}
_LONG_NAMES = [name for name in OPERATORS if len(name) > _SHORTEST_SLIP]


def filters_of(name: str, value: str, today: date) -> Filters | None:
    """The filters of an operator with a value; None if the operator takes no such value."""
    if not any(character.isalnum() for character in value):
        return None
    return OPERATORS[name].read(value, today)


@lru_cache(maxsize=1000)
def meant(name: str) -> str | None:
    """The operator that was probably meant by a name in small letters that is none."""
    if name in OPERATORS or len(name) < _SHORTEST_SLIP:
        return None
    if name in _OTHER_NAMES:
        return _OTHER_NAMES[name]
    # A slip is seldom in the first letter ("later:" is a word), nor longer than a letter ("authority:", "auto:").
    like = [right for right in _LONG_NAMES if right[0] == name[0] and abs(len(right) - len(name)) <= 1]
    close = get_close_matches(name, like, n=1, cutoff=_LIKE_ENOUGH)
    return close[0] if close else None
