"""Questions made from the papers themselves, never the same one twice: no cache can answer them. Pure.

A part of a title or of a sentence of an abstract, from 4 to 14 words: titles first, then the first sentences, and so on.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from corpus.paper import Paper
from retrieval.query import Query
from retrieval.query_filters import Filters
from retrieval.representation import split_sentences

_SHORTEST, _LONGEST = 4, 14  # words
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")  # no marks that the query language would read


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the paper that it was cut from."""

    words: str
    paper: Paper

    def query(self, filters: Filters) -> Query:
        """The question as a search reads it."""
        return Query(self.words, self.words, filters)


class Questions:
    """A supply of questions that gives each only once."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        self._supply = _cut(papers)
        self._kept: list[Asked] = []

    def take(self, count: int, fits: Callable[[Paper], bool] = lambda _: True) -> list[Asked]:
        """The next questions from papers that fit; fewer when there are no more. The others stay for later."""
        taken: list[Asked] = []
        kept: list[Asked] = []
        for asked in chain(self._kept, self._supply):
            (taken if fits(asked.paper) else kept).append(asked)
            if len(taken) == count:
                break
        self._kept = kept + self._kept[len(taken) + len(kept) :]
        return taken


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A kind of filter, made for the paper that a question was cut from; None where the paper does not allow it."""

    name: str
    of: Callable[[Paper], Filters | None]


def in_year(paper: Paper) -> Filters | None:
    """The year that it was published in."""
    if paper.published is None:
        return None
    year = paper.published.year
    return Filters(after=date(year, 1, 1), before=date(year, 12, 31))


def in_year_with_code(paper: Paper) -> Filters | None:
    """The same, and only papers with code."""
    if paper.published is None:
        return None
    year = paper.published.year
    return Filters(after=date(year, 1, 1), before=date(year, 12, 31), has_code=True)


def by_author(paper: Paper) -> Filters | None:
    """Its first author."""
    return Filters(authors=(paper.authors[0],)) if paper.authors else None


NARROWINGS = (
    Narrowing("one year", in_year),
    Narrowing("one year, with code", in_year_with_code),
    Narrowing("one author", by_author),
)


def _cut(papers: Sequence[Paper]) -> Iterator[Asked]:
    seen: set[str] = set()
    place, was = 0, -1
    while len(seen) > was or place == 0:
        was = len(seen)
        for number, paper in enumerate(papers):
            texts = [paper.title] if place == 0 else split_sentences(paper.abstract)[place - 1 : place]
            length = _SHORTEST + (number + place) % (_LONGEST - _SHORTEST + 1)
            words = " ".join(_WORD.findall(texts[0])[:length]) if texts else ""
            if words.count(" ") >= _SHORTEST - 1 and words.lower() not in seen:
                seen.add(words.lower())
                yield Asked(words, paper)
        place += 1
