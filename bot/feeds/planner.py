"""Finds out what is due, chooses the papers, and queues the posts: per feed one transaction with its progress."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.cards.posts import MOST_SHOWN
from bot.feeds.assessing import Assessment, Assessor
from bot.feeds.composing import choose, posts
from bot.feeds.delivery import Plan, lane_of, place_of
from bot.feeds.feed import Feed
from bot.feeds.judging import Candidate
from bot.feeds.news import Arrival, News, Newsstand
from bot.feeds.post import Item
from bot.feeds.schedule import ScheduleError, falls_due, next_run
from bot.state.feeds import FeedStore
from bot.state.outbox import Outbox
from bot.state.posted import PostedPapers
from corpus.events import Events
from corpus.paper import Paper
from retrieval.finder import Quote
from retrieval.representation import split_sentences
from retrieval.topic_scores import DEFAULT_THRESHOLD

log = logging.getLogger(__name__)
LATE = timedelta(hours=1)
"""What is later than this was missed, and is caught up with."""
_WAIT_FOR_ENCODING = timedelta(
    minutes=5
)  # of a feed whose time has come, for papers that are still to be read
_FAR = timedelta(hours=26)
_AT_ONCE = 50  # feeds whose topics are read together
_REST = timedelta(minutes=1)  # of a feed that failed
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Quoting(Protocol):
    """Finds what papers say on a topic: retrieval.finder."""

    async def quotes_for_topic(self, topic: str, papers: Sequence[Paper]) -> Mapping[str, Quote]:
        """For each paper its sentence closest to the topic, by paper id."""
        ...


@dataclass(frozen=True, slots=True)
class _Time:
    """A feed's time to post: for when, and whether that was missed."""

    slot: str
    at: datetime
    is_late: bool


class Planner:
    """Plans what the feeds of one database post."""

    def __init__(
        self,
        feeds: FeedStore,
        outbox: Outbox,
        posted: PostedPapers,
        events: Events,
        newsstand: Newsstand,
        assessor: Assessor,
        quoting: Quoting,
        run_blocking: Callable[..., Awaitable[list[str]]],
        clock: Callable[[], datetime],
        queued: Callable[[], None],
    ) -> None:
        """`queued` is called when there is something new to post."""
        self._feeds = feeds
        self._outbox = outbox
        self._posted = posted
        self._events = events
        self._newsstand = newsstand
        self._assessor = assessor
        self._quoting = quoting
        self._run_blocking = run_blocking
        self._clock = clock
        self._queued = queued
        self._resting: dict[int, datetime] = {}
        self._failures: list[str] = []
        self._planning = asyncio.Lock()  # two plans at once could both choose one paper for one channel

    async def plan_due(self, *, was_down: bool = False) -> int:
        """Queue the posts of every feed whose time has come; how many were queued.

        `was_down`: the bot has not looked for long, so whatever is due is late. A feed that fails leaves the others.
        """
        async with self._planning:
            now, last = self._clock(), await self._events.last()
            due = await self._times(last, now)
            if not due:
                return 0
            if was_down:
                due = [(feed, replace(when, is_late=True)) for feed, when in due]
            return await self._plan(due, last, now)

    async def plan_now(self, feed: Feed) -> int:
        """Queue what a feed would post if its time were now; its schedule stays as it is. How many posts that are."""
        async with self._planning:
            now, last = self._clock(), await self._events.last()
            return await self._plan([(feed, _Time(f"run {now.isoformat()}", now, is_late=False))], last, now)

    async def mend_times(self) -> None:
        """Pull back what was put off by a clock that was ahead."""
        now = self._clock()
        for feed in await self._feeds.due_after(now + _FAR):
            async with self._pausing(feed):
                due = next_run(feed.settings.schedule, ran=feed.ran, now=now)
                if due != feed.due:
                    await self._feeds.change(feed.number, due=due)

    @asynccontextmanager
    async def _pausing(self, feed: Feed) -> AsyncGenerator[None, None]:
        """Stop a feed whose schedule cannot be: its zone is not known here any more, or somebody wrote to the database."""
        try:
            yield
        except ScheduleError as error:
            await self._feeds.pause(feed.number, f"{error} Edit its schedule, then let it go on.")

    async def _times(self, last: int, now: datetime) -> list[tuple[Feed, _Time]]:
        due: list[tuple[Feed, _Time]] = []
        for feed in await self._feeds.due(now, last):
            if abs(now - self._resting.get(feed.number, _LONG_AGO)) < _REST:
                continue
            async with self._pausing(feed):
                when = await self._time(feed, last, now)
                due += [(feed, when)] if when else []
        return due

    async def _time(self, feed: Feed, last: int, now: datetime) -> _Time | None:
        schedule = feed.settings.schedule
        if schedule.rhythm == "instant":
            return _Time(f"event {last}", now, is_late=False)
        due = falls_due(schedule, ran=feed.ran, due=feed.due, now=now)
        if due is None:
            await self._feeds.change(feed.number, due=next_run(schedule, ran=feed.ran, now=now))
            return None
        is_late = bool(due.missed) or now - due.at > LATE
        return _Time(f"{due.at:%Y-%m-%d %H:%M}", due.at, is_late)

    async def _plan(self, due: Sequence[tuple[Feed, _Time]], last: int, now: datetime) -> int:
        after = min(feed.seen for feed, _ in due)
        news = await self._newsstand.news(after=after, until=last, now=now)
        arrivals = (*news.came, *news.changed)
        taken = await self._taken(arrivals)
        queued, quiet = 0, dict[tuple[int, int], list[int]]()
        # Some at a time: the first are posted while the topics of the last are still being read.
        for start in range(0, len(due), _AT_ONCE):
            some = due[start : start + _AT_ONCE]
            assessment = await self._assessor.assess([feed for feed, _ in some], arrivals, today=now.date())
            for feed, when in some:
                try:
                    queued += await self._plan_one(feed, when, news, assessment, taken, quiet, now)
                except Exception as error:
                    log.exception("Planning feed %d failed, and is tried again", feed.number)
                    self._resting[feed.number] = now
                    self._failures.append(f"feed {feed.number}: {error}")
            if queued:
                self._queued()
        for (seen, until), numbers in quiet.items():
            await self._feeds.look_on(numbers, seen=seen, until=until)
        return queued

    def failures(self) -> list[str]:
        """What failed of single feeds since this was asked the last time."""
        failed, self._failures = self._failures, []
        return failed

    async def _plan_one(
        self,
        feed: Feed,
        when: _Time,
        news: News,
        assessment: Assessment,
        taken: "_Taken",
        quiet: dict[tuple[int, int], list[int]],
        now: datetime,
    ) -> int:
        is_instant = feed.settings.schedule.rhythm == "instant"
        candidates, until = self._candidates(feed, news, assessment, taken)
        if until < news.until:  # some are still to be encoded, and nothing behind them is passed by
            waits = now - when.at < _WAIT_FOR_ENCODING
            if until == feed.seen if is_instant else waits:
                return 0
            when = replace(when, slot=f"event {until}") if is_instant else when
        first = next((one.at for one in news.came if one.number > feed.seen), now)
        is_late = when.is_late or (is_instant and now - first > LATE)
        wish = assessment.wishes[feed.number]
        threshold = DEFAULT_THRESHOLD if feed.settings.threshold is None else feed.settings.threshold
        uncounted = news.uncounted if news.after == feed.seen else 0
        choice = choose(feed, wish, candidates, threshold, now=now, is_late=is_late, uncounted=uncounted)
        items = await self._items(wish.topic, choice.fitting)
        made = posts(feed, wish, choice, items, now=now, at_most=MOST_SHOWN)
        passed = [
            *((one.paper.id, "more") for one in choice.more),
            *((one.paper.id, "old") for one in choice.old),
        ]
        if is_instant and not made and not passed:
            quiet.setdefault((feed.seen, until), []).append(feed.number)
            return 0
        ran = when.at if not is_instant or made else feed.ran
        is_by_hand = when.slot.startswith("run ")
        plan = Plan(
            feed,
            when.slot,
            tuple(made),
            tuple(passed),
            until,
            feed.ran if is_by_hand else ran,
            feed.due if is_by_hand or is_instant else next_run(feed.settings.schedule, ran=when.at, now=now),
        )
        if not await self._outbox.commit(plan, now=now):
            return 0
        taken.take(feed, [item.paper.id for item in items])
        return len(made)

    def _candidates(
        self, feed: Feed, news: News, assessment: Assessment, taken: "_Taken"
    ) -> tuple[list[Candidate], int]:
        """What came, or changed, that was not posted yet, and up to which event: not past what is still to be encoded."""
        settings, until = feed.settings, news.until
        wish = assessment.wishes[feed.number]
        waits = bool(settings.sources or settings.min_upvotes or wish.min_upvotes)
        found: list[Candidate] = []
        for arrival in (*news.new(feed.seen), *(news.again(feed.seen) if waits else ())):
            if taken.has(feed, arrival):
                continue
            candidate = assessment.candidate(feed, arrival)
            if wish.topic and candidate.score is None:
                is_new = arrival.number > feed.seen
                until = min(until, (arrival.number if is_new else arrival.changed) - 1)
                continue
            found.append(candidate)
        return [one for one in found if one.number <= until], until

    async def _items(self, topic: str, fitting: Sequence[Candidate]) -> list[Item]:
        papers = [one.paper for one in fitting]
        quotes: Mapping[str, Quote] = {}
        if topic and papers:
            quotes = await self._quoting.quotes_for_topic(topic, papers)
        elif papers:
            firsts = await self._run_blocking(_first_sentences, papers)
            quotes = {paper.id: Quote(first) for paper, first in zip(papers, firsts, strict=True)}
        return [
            Item(replace(one.paper, abstract=""), one.score, quote.text, quote.marks)
            for one in fitting
            for quote in (quotes.get(one.paper.id, Quote("")),)
        ]

    async def _taken(self, arrivals: Sequence[Arrival]) -> "_Taken":
        names: dict[
            str, list[str]
        ] = {}  # of namesakes the one that was posted is not known: none is posted again
        for one in arrivals:
            for name in one.names:
                names.setdefault(name, []).append(one.paper.id)
        taken = _Taken()
        for one in await self._posted.posted_among(names):
            taken.lanes |= {(paper_id, one.place, one.lane) for paper_id in names[one.paper_id]}
            taken.feeds |= {(paper_id, one.feed) for paper_id in names[one.paper_id]}
        for number, name in await self._posted.passed_over(names):
            taken.feeds |= {(paper_id, number) for paper_id in names[name]}
        return taken


class _Taken:
    """Which papers are in a place's lane already, or were with a feed."""

    def __init__(self) -> None:
        self.lanes: set[tuple[str, int, str]] = set()
        self.feeds: set[tuple[str, int]] = set()

    def has(self, feed: Feed, arrival: Arrival) -> bool:
        paper_id = arrival.paper.id
        return (paper_id, place_of(feed), lane_of(feed)) in self.lanes or (
            paper_id,
            feed.number,
        ) in self.feeds

    def take(self, feed: Feed, paper_ids: Sequence[str]) -> None:
        self.lanes |= {(paper_id, place_of(feed), lane_of(feed)) for paper_id in paper_ids}


def _first_sentences(papers: Sequence[Paper]) -> list[str]:
    return [next(iter(split_sentences(paper.abstract)), "") for paper in papers]
