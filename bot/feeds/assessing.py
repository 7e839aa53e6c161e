"""What every feed thinks of the papers that came: one look at papers and topics for all feeds together."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.feeds.feed import Feed
from bot.feeds.judging import Candidate, Wish
from bot.feeds.news import Arrival
from corpus.paper import Paper
from retrieval.narrowing import Narrowing
from retrieval.query import Filters, describe, parse

Scores = NDArray[Any]


class TopicJudge(Protocol):
    """Says how much papers are about topics: retrieval.topic_scores."""

    async def scores(self, topics: Sequence[str], content_hashes: Sequence[str]) -> Scores:
        """Shape (topics, papers), from 0 to 1; NaN for a paper that is not encoded yet."""
        ...


class Assessment:
    """Some papers as each of some feeds sees them."""

    def __init__(
        self,
        arrivals: Sequence[Arrival],
        wishes: Mapping[int, Wish],
        scores: Mapping[str, Scores],
        passing: Mapping[str, Collection[str]],
    ) -> None:
        self._arrivals = arrivals
        self.wishes = wishes
        self._scores = scores
        self._passing = passing
        self._places = {arrival.paper.id: place for place, arrival in enumerate(arrivals)}

    def candidate(self, feed: Feed, arrival: Arrival) -> Candidate:
        """The paper as this feed sees it."""
        wish = self.wishes[feed.number]
        score = None
        if wish.topic:
            told = float(self._scores[wish.topic][self._places[arrival.paper.id]])
            score = None if np.isnan(told) else round(told, 4)
        passes = not wish.narrowed or arrival.paper.id in self._passing[feed.settings.query]
        return Candidate(arrival.paper, arrival.number, arrival.sources, passes, score)


class Assessor:
    """Looks at papers for feeds."""

    def __init__(self, judge: TopicJudge, run_blocking: Callable[..., Awaitable[Any]]) -> None:
        self._judge = judge
        self._run_blocking = run_blocking

    async def assess(self, feeds: Sequence[Feed], arrivals: Sequence[Arrival], *, today: date) -> Assessment:
        """What these feeds think of these papers."""
        filters: dict[str, Filters] = {}
        wishes: dict[int, Wish] = {}
        for feed in feeds:
            filters[feed.settings.query] = _without_votes(parse(feed.settings.query, today=today).filters)
            wishes[feed.number] = wish_of(feed.settings.query, today=today)
        topics = sorted({wish.topic for wish in wishes.values() if wish.topic})
        hashes = [arrival.paper.content_hash for arrival in arrivals]
        rows = await self._judge.scores(topics, hashes) if topics and hashes else np.zeros((len(topics), 0))
        passing: dict[str, Collection[str]] = {}
        if narrowed := {query: one for query, one in filters.items() if one}:
            passing = await self._run_blocking(_passing, [arrival.paper for arrival in arrivals], narrowed)
        return Assessment(arrivals, wishes, dict(zip(topics, rows, strict=True)), passing)


def wish_of(query: str, *, today: date) -> Wish:
    """A feed's query as it is understood."""
    read = parse(query, today=today)
    return Wish(read.words, describe(_without_votes(read.filters)), read.filters.min_upvotes)


def _without_votes(filters: Filters) -> Filters:
    return replace(filters, min_upvotes=None)  # a rule of its own: papers may get them later


def _passing(papers: Sequence[Paper], narrowed: Mapping[str, Filters]) -> dict[str, set[str]]:
    narrowing = Narrowing(papers)
    return {query: narrowing.passing(filters) for query, filters in narrowed.items()}
