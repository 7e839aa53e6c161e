"""Random lives of the outbox: papers come, people change feeds, Discord fails, the process is killed, and each paper is posted
once.

The database file, the planner, the poster and all they write are the real ones. Discord is played by `Discord`, and the process
can be killed before any of its deeds: a commit, or a request to Discord.
"""

import asyncio
import json
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal
from unittest.mock import patch

import numpy as np
import pytest
from aiolimiter import AsyncLimiter
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.feed_wiring import FeedParts
from bot.feeds.aftermath import MESSAGES_CLOSED
from bot.feeds.delivery import Delivery, delivery_id, lane_of, place_of
from bot.feeds.desk import BY_HAND
from bot.feeds.feed import Feed, Settings, Style
from bot.feeds.poster import Poster
from bot.feeds.schedule import Schedule
from bot.feeds.sending import (
    CannotLookError,
    LaterError,
    NotTakenError,
    PlaceClosedError,
    PlaceGoneError,
    Standing,
    UnclearError,
)
from corpus.account import Account
from corpus.database import _begin_sqlite, _prepare_sqlite, reading
from corpus.paper import Paper, title_id
from corpus.store import PaperStore
from retrieval.finder import Quote
from tests.conftest import NOW, at_once
from tests.empty_database import lay_database

pytestmark = pytest.mark.slow

GUILD, MAKER = 1, 7
TEXT, OTHER, FORUM = 101, 102, 103
CHANNELS = (TEXT, OTHER, FORUM)
PLACES = (*CHANNELS, MAKER)
TOPIC = "speculative decoding"
CERTAIN_SECONDS = 60  # for which Discord certainly knows a nonce, as the real messenger counts
LONGEST = timedelta(days=20)  # of a life; a feed waits 30 days for upvotes
PAGE = 3  # papers of one digest's message, so that few papers make several

Misfortune = Literal["lost", "broken", "later", "later everywhere"]
"""Of the next request: it is heeded and the answer is lost, it is not heeded and nobody says so, Discord asks to wait."""
ROUNDS = st.sampled_from((0, 1, 1, 2, 4))
LUCK = st.lists(st.sampled_from(("lost", "lost", "broken", "later", "later everywhere")), max_size=3)
STYLES = st.sampled_from(("cards", "digest", "forum"))
MOST_FEEDS = 4


class Killed(BaseException):
    """kill -9, as far as one can be survived: nothing of ours catches it."""


class Fate:
    """The process ends before its deed number so many."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.is_dead = False
        self.is_away = False

    def before_deed(self, *_arguments: object) -> None:
        if self.is_away:
            return
        if self.left == 0 or self.is_dead:
            self.is_dead = True
            raise Killed
        if self.left is not None:
            self.left -= 1


@dataclass
class Message:
    """A message that was accepted."""

    delivery: Delivery
    at: datetime
    is_thread_due: bool
    papers: tuple[str, ...]
    """The names that they had then."""
    has_thread: bool = False
    is_there: bool = True


@dataclass
class Discord:
    """What outlives the process: messages, and what the bot may do. `real` is the time, whatever the bot's clock says."""

    real: datetime = NOW
    accepted: list[Message] = field(default_factory=list)
    closed: dict[int, str] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    unreadable: set[int] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    """How the titles of papers begin that no message may name."""
    luck: deque[Misfortune | None] = field(default_factory=deque)
    memory: timedelta = timedelta(seconds=CERTAIN_SECONDS)
    wrongs: list[str] = field(default_factory=list)
    """What the bot should not have asked for: the poster would take an error here for one of Discord's."""
    tried: set[str] = field(default_factory=set)
    said_no: set[str] = field(default_factory=set)
    hid: set[str] = field(default_factory=set)

    def known(self, delivery: Delivery) -> Message | None:
        """The message with this nonce, as long as it is remembered; forum posts have none."""
        return next(
            (
                one
                for one in self.accepted
                if one.delivery.id == delivery.id
                and delivery.place != FORUM
                and self.real - one.at < self.memory
            ),
            None,
        )

    def standing(self, delivery: Delivery) -> Message | None:
        return next((one for one in self.accepted if one.delivery.id == delivery.id and one.is_there), None)

    def let_in(self, delivery: Delivery) -> None:
        if delivery.place in self.gone:
            self.said_no.add(delivery.id)
            raise PlaceGoneError("the channel is not there any more")
        if words := self.closed.get(delivery.place):
            raise PlaceClosedError(words)

    def answer(self) -> bool:
        """Whether the answer of the next request arrives; raises if the request is not heeded."""
        match self.luck.popleft() if self.luck else None:
            case "broken":
                raise UnclearError("The connection to Discord broke")
            case "later":
                raise LaterError("Discord asks to wait", 30)
            case "later everywhere":
                raise LaterError("Discord asks to wait", 45, everywhere=True)
            case "lost":
                return False
            case None:
                return True


class FakeMessenger:
    """Brings one process's messages to Discord."""

    def __init__(self, discord: Discord, fate: Fate, engine: AsyncEngine) -> None:
        self._discord = discord
        self._fate = fate
        self._engine = engine

    async def send(self, delivery: Delivery) -> Standing:
        await self._keeps_order(delivery)
        self._fate.before_deed()
        discord = self._discord
        discord.let_in(delivery)
        is_heard = discord.answer()
        if delivery.post is None:
            discord.wrongs.append(f"{delivery.id} has no text any more")
            raise NotTakenError("Discord says: Cannot send an empty message (400, 50006)")
        titles = [f"{item.paper.title} " for item in delivery.post.items]
        if any(title.startswith(f"{one} ") for one in discord.refused for title in titles):
            discord.said_no.add(delivery.id)
            raise NotTakenError("Discord says: Invalid Form Body (400, 50035)")
        message = discord.known(delivery)
        if message is None:
            is_thread_due = delivery.post.form == "thread" and delivery.place in {TEXT, OTHER}
            papers = tuple(item.paper.id for item in delivery.post.items)
            message = Message(delivery, discord.real, is_thread_due, papers)
            discord.accepted.append(message)
        if not is_heard:
            raise UnclearError("The connection to Discord broke")
        return self._where(message)

    async def add_thread(self, delivery: Delivery) -> None:
        self._fate.before_deed()
        self._discord.let_in(delivery)
        is_heard = self._discord.answer()
        message = self._discord.standing(delivery)
        if message is None:
            raise NotTakenError("Discord says: Unknown Message (404, 10008)")
        message.has_thread = True
        if not is_heard:
            raise UnclearError("The connection to Discord broke")

    async def find(self, delivery: Delivery) -> Standing | None:
        self._fate.before_deed()
        if delivery.place in self._discord.gone:
            self._discord.let_in(delivery)
        if delivery.place in self._discord.unreadable:
            self._discord.hid.add(delivery.id)
            raise CannotLookError("I may not read what stands in #papers")
        if not self._discord.answer():
            raise UnclearError("The connection to Discord broke")
        message = self._discord.standing(delivery)
        return self._where(message) if message else None

    def remembers(self, delivery: Delivery, *, now: datetime) -> bool:
        if delivery.claimed is None or delivery.place == FORUM:
            return False
        return timedelta(0) <= now - delivery.claimed < timedelta(seconds=CERTAIN_SECONDS)

    def _where(self, message: Message) -> Standing:
        number = 1 + self._discord.accepted.index(message)
        lacks_thread = message.is_thread_due and not message.has_thread
        return Standing(message.delivery.place, number, lacks_thread=lacks_thread)

    async def _keeps_order(self, delivery: Delivery) -> None:
        """A place is posted in in order: what was queued there before stands, or was given up.

        What is sent again may stand already, and what was queued since by a clock that was set back is no concern of it.
        """
        if delivery.id in self._discord.tried:
            return
        earlier = text(
            "SELECT count(*) FROM deliveries a, deliveries b WHERE b.id = :id AND a.place = b.place AND a.id <> b.id "
            "AND a.state IN ('waiting', 'sending') AND (a.made, a.feed, a.part) < (b.made, b.feed, b.part) "
            "AND NOT EXISTS (SELECT * FROM feeds WHERE number = a.feed AND is_paused AND why = :by_hand)"
        )
        async with reading(self._engine) as connection:
            if await connection.scalar(earlier, {"id": delivery.id, "by_hand": BY_HAND}):
                self._discord.wrongs.append(f"{delivery.id} overtakes another in {delivery.place}")
        self._discord.tried.add(delivery.id)


class Reader:
    """Reads papers for meaning, when it is told to: those about the topic say so in their title."""

    def __init__(self) -> None:
        self.scores_of: dict[str, float] = {}

    async def scores(self, topics: Sequence[str], content_hashes: Sequence[str]) -> Any:
        rows = np.array([self.scores_of.get(one, np.nan) for one in content_hashes], dtype=float)
        return np.tile(rows, (len(topics), 1))

    async def quotes_for_topic(self, topic: str, papers: Sequence[Paper]) -> Mapping[str, Quote]:
        return {paper.id: Quote(topic) for paper in papers}


@dataclass
class Known:
    """A paper as the test knows it; two of them may turn out to be one."""

    number: int
    is_about: bool
    title: str
    sources: set[str]
    arxiv_id: str | None = None
    upvotes: int = 0
    version: int = 1
    excused: Counter[tuple[int, str]] = field(default_factory=Counter)
    """How often it stood in a lane before the two were known to be one."""


@dataclass
class Followed:
    """A feed as the test knows it: every lane that it ever had, and behind which event it must miss nothing."""

    number: int
    after: int
    lanes: set[tuple[int, str]]
    is_deleted: bool = False


def opened(file: Path, fate: Fate) -> AsyncEngine:
    """As `open_database` does it, with one connection: one deed after the other, so that a life can be repeated."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}", pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    event.listen(engine.sync_engine, "commit", fate.before_deed)
    return engine


class Process:
    """The feeds of one run of the bot."""

    def __init__(self, file: Path, discord: Discord, reader: Reader, clock: Callable[[], datetime]) -> None:
        self.fate = Fate()
        self.engine = opened(file, self.fate)
        self.store = PaperStore(self.engine)
        self.parts = FeedParts(self.engine, self.store, reader, reader, at_once, clock)
        self.desk, self.outbox = self.parts.office.desk, self.parts.outbox
        messenger = FakeMessenger(discord, self.fate, self.engine)
        self.poster = Poster(self.outbox, messenger, self.parts.aftermath, self.parts.bell, clock)
        self.poster._limiter = AsyncLimiter(10_000, 1)  # Discord has all the time it wants

    async def look(self) -> bool:
        """Send what can be sent now, each place's next message; whether anything was tried."""
        await self.poster.look()
        outcomes = await asyncio.gather(*self.poster._under_way.values(), return_exceptions=True)
        for outcome in outcomes:
            if outcome:
                raise outcome
        return bool(outcomes)

    async def end(self) -> None:
        tasks = list(self.poster._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.engine.dispose()


class Lives(RuleBasedStateMachine):
    """What can happen, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = TemporaryDirectory(prefix="random-life-")
        self.file = Path(self.folder.name) / "papercord.db"
        lay_database(self.file)
        self.discord, self.reader = Discord(), Reader()
        self.ahead = timedelta(0)
        self.papers: list[Known] = []
        self.by_name: dict[str, Known] = {}
        self.feeds: dict[int, Followed] = {}
        self.given_up: set[tuple[int, int, str]] = set()
        self.seen: dict[int, int] = {}
        self.names = 0
        self.is_fine = True
        self.spy = sqlite3.connect(self.file, isolation_level=None)
        self.spy.row_factory = sqlite3.Row
        self.short_pages = patch("bot.feeds.planner.MOST_SHOWN", PAGE)
        self.short_pages.start()
        self.process = self.runner.run(self.start())

    # What happens

    @initialize(style=STYLES, channel=st.sampled_from(CHANNELS), luck=LUCK, is_hidden=st.booleans())
    def there_is_a_feed(self, style: Style, channel: int, luck: list[Misfortune], *, is_hidden: bool) -> None:
        self.make_feed(channel, style, is_daily=False, has_topic=False, few=False, source=None, votes=None)
        self.fortune_turns(luck)
        self.discord.unreadable = set(CHANNELS) if is_hidden else set()

    @precondition(lambda self: len(self.feeds) < MOST_FEEDS)
    @rule(
        channel=st.sampled_from(CHANNELS),
        style=STYLES,
        is_daily=st.booleans(),
        has_topic=st.booleans(),
        few=st.booleans(),
        source=st.sampled_from((None, None, "arxiv")),
        votes=st.sampled_from((None, None, 5)),
    )
    def make_feed(
        self,
        channel: int,
        style: Style,
        *,
        is_daily: bool,
        has_topic: bool,
        few: bool,
        source: str | None,
        votes: int | None,
    ) -> None:
        chosen = Settings(
            query=TOPIC if has_topic else "",
            sources=("arxiv",) if source else (),
            schedule=Schedule("daily" if is_daily else "instant"),
            min_upvotes=votes,
            max_items=2 if few else None,
            style=style,
        )
        self.do(lambda: self.process.desk.make_feed(GUILD, channel, MAKER, chosen))

    @precondition(lambda self: len(self.feeds) < MOST_FEEDS)
    @rule(votes=st.sampled_from((None, 5)))
    def make_alert(self, votes: int | None) -> None:
        chosen = Settings(TOPIC, schedule=Schedule("instant"), min_upvotes=votes, style="cards")
        if not self.rows("SELECT * FROM feeds WHERE kind = 'alert'"):
            self.do(lambda: self.process.desk.make_alert(MAKER, chosen))

    @precondition(lambda self: self.feeds)
    @rule(
        data=st.data(),
        order=st.sampled_from(("edit", "edit", "pause", "resume", "run", "delete")),
        style=STYLES,
        has_topic=st.booleans(),
        is_daily=st.booleans(),
    )
    def a_person_orders(
        self, data: st.DataObject, order: str, style: Style, *, has_topic: bool, is_daily: bool
    ) -> None:
        number = data.draw(st.sampled_from(sorted(self.feeds)))
        feed, desk = self.safely(lambda: self.process.parts.feeds.known(number)), self.process.desk
        if feed is None:
            return
        match order:
            case "pause":
                self.do(lambda: desk.pause(feed))
            case "resume":
                self.do(lambda: desk.resume(feed))
            case "run" if not feed.is_paused:
                self.do(lambda: desk.run(feed))
            case "delete":
                self.note_what_goes_with(feed)
                self.do(lambda: desk.delete(feed))
            case _:
                schedule = Schedule("daily" if is_daily else "instant")
                query = TOPIC if has_topic else ""
                settings = replace(feed.settings, style=style, query=query, schedule=schedule)
                self.feeds[number].lanes.add((place_of(feed), lane_of(replace(feed, settings=settings))))
                self.feeds[number].after = self.safely(self.process.parts.events.last)
                self.do(lambda: desk.change(feed, settings))

    @rule(
        is_about=st.booleans(),
        has_id=st.booleans(),
        source=st.sampled_from(("arxiv", "hugging-face")),
        many=st.sampled_from((1, 1, 1, 4, 7)),
        rounds=ROUNDS,
    )
    def papers_come(self, source: str, many: int, rounds: int, *, is_about: bool, has_id: bool) -> None:
        new = [self.new_paper(source, is_about=is_about, has_id=has_id) for _ in range(many)]
        self.told(source, *(self.account(one) for one in new))
        self.work(rounds, was_down=False, reads=bool(rounds))

    @precondition(lambda self: self.papers)
    @rule(data=st.data(), what=st.sampled_from(("id", "title", "votes", "both", "source")), rounds=ROUNDS)
    def there_is_news_of_a_paper(self, data: st.DataObject, what: str, rounds: int) -> None:
        one = self.drawn(data)
        source = "arxiv" if what == "source" else "hugging-face"
        if what in {"title", "both"} and one.arxiv_id:
            one.version += 1
            one.title = f"{one.title.split(' again')[0]} again {one.version}"
        if what in {"votes", "both"}:
            one.upvotes += 5
        if one.arxiv_id is None:
            one.arxiv_id = f"2611.{one.number:05}"
        self.named(one)
        one.sources.add(source)
        self.told(source, self.account(one))
        self.work(rounds, was_down=False, reads=rounds > 1)

    @rule(is_about=st.booleans(), rounds=ROUNDS)
    def a_paper_comes_as_two(self, rounds: int, *, is_about: bool) -> None:
        """Under a title without an id, and under another title with one; later it turns out that they are one."""
        one = self.new_paper("hugging-face", is_about=is_about, has_id=False)
        other = self.new_paper("arxiv", is_about=is_about, has_id=True)
        self.told("hugging-face", self.account(one))
        self.told("arxiv", self.account(other))
        self.work(rounds, was_down=False, reads=bool(rounds))
        self.by_name |= {name: other for name, known in self.by_name.items() if known is one}
        lanes = self.rows("SELECT * FROM posted_papers")
        other.excused.update((row["place"], row["lane"]) for row in lanes if self.whose(row) is other)
        self.papers.remove(one)
        other.sources |= one.sources
        self.told("feed", replace(self.account(other), title=one.title))

    @rule(was_down=st.booleans(), rounds=ROUNDS, reads=st.booleans())
    def work(self, rounds: int, *, was_down: bool, reads: bool) -> None:
        if reads:
            self.read_papers()
        self.do(lambda: self.process.parts.planner.plan_due(was_down=was_down))
        self.pass_time(seconds=1)
        for _ in range(rounds):
            self.do(self.process.look)
            self.pass_time(seconds=1)

    @precondition(lambda self: self.discord.real < NOW + LONGEST)
    @rule(by=st.sampled_from((3, 20, 70, 1300, 4000, 50_000, 110_000)), rounds=ROUNDS)
    def time_goes(self, by: int, rounds: int) -> None:
        self.pass_time(seconds=by)
        self.work(1 + rounds, was_down=by > 3600, reads=True)

    @rule()
    def the_clock_is_set(self) -> None:
        """Back by two hours, or forth again; the poster looks every second."""
        self.ahead = timedelta(0) if self.ahead else timedelta(hours=-2)
        self.do(self.process.parts.planner.mend_times)
        self.work(1, was_down=False, reads=False)

    @rule(after=st.integers(0, 8), rounds=ROUNDS)
    def the_process_is_to_be_killed(self, after: int, rounds: int) -> None:
        self.process.fate.left = after
        self.work(rounds, was_down=False, reads=False)

    @rule(luck=LUCK)
    def fortune_turns(self, luck: list[Misfortune]) -> None:
        self.discord.luck.clear()
        self.discord.luck.extend(luck)

    @rule(
        place=st.sampled_from(PLACES),
        what=st.sampled_from(("closed", "closed", "hidden", "shown", "gone", "nonces")),
        words=st.sampled_from(("I lack Send Messages", "Missing Access (403)")),
        is_told=st.booleans(),
    )
    def a_place_changes(self, place: int, what: str, words: str, *, is_told: bool) -> None:
        discord = self.discord
        match what:
            case "closed" if place in discord.closed:
                del discord.closed[place]
                if is_told:
                    self.do(self.look_again)
            case "closed":
                discord.closed[place] = words
            case "hidden":
                discord.unreadable = set(CHANNELS)
            case "gone" if place == OTHER:
                discord.gone.add(place)
                if is_told:
                    self.do(lambda: self.process.parts.aftermath.gone(place, "the channel was deleted"))
            case "nonces":
                discord.memory = timedelta(seconds=CERTAIN_SECONDS * (5 if is_told else 1))
            case _:
                discord.unreadable = set()

    @precondition(lambda self: self.papers)
    @rule(data=st.data())
    def discord_takes_no_message_with(self, data: st.DataObject) -> None:
        self.discord.refused.add(f"Paper {self.drawn(data).number}")

    @precondition(lambda self: self.discord.accepted)
    @rule(data=st.data())
    def a_moderator_deletes(self, data: st.DataObject) -> None:
        posted = {row["id"] for row in self.rows("SELECT id FROM deliveries WHERE state = 'posted'")}
        there = [one for one in self.discord.accepted if one.delivery.id in posted]
        if there:
            there[data.draw(st.integers(0, len(there) - 1))].is_there = False

    # What must hold

    @invariant()
    def all_is_as_promised(self) -> None:
        self.is_fine = False
        wrongs = [
            *self.discord.wrongs,
            *self.process.poster.failures(),
            *self.process.parts.planner.failures(),
        ]
        assert not wrongs, wrongs
        self.no_paper_is_posted_twice()
        self.feeds_only_look_on()
        self.what_counts_as_posted_stands()
        self.is_fine = True

    def no_paper_is_posted_twice(self) -> None:
        times = Counter[tuple[int, int, str]]()
        for message in self.discord.accepted:
            place, lane = message.delivery.place, message.delivery.lane
            times.update((self.by_name[paper].number, place, lane) for paper in message.papers)
        by_number = {one.number: one for one in self.papers}
        for (number, place, lane), often in times.items():
            assert often <= max(1, by_number[number].excused[place, lane]), (number, place, lane)

    def feeds_only_look_on(self) -> None:
        rows = self.rows("SELECT * FROM feeds")
        for row in rows:
            number, lane = row["number"], "alert" if row["kind"] == "alert" else "cards"
            if lane == "cards" and json.loads(row["settings"])["style"] == "digest":
                lane = "digest"
            followed = self.feeds.setdefault(number, Followed(number, row["start"], set()))
            followed.lanes.add((row["channel"] or row["user_id"], lane))
            assert row["seen"] >= self.seen.get(number, row["start"])
            self.seen[number] = row["seen"]
        for followed in self.feeds.values():
            followed.is_deleted = followed.number not in {row["number"] for row in rows}

    def what_counts_as_posted_stands(self) -> None:
        accepted = Counter(one.delivery.id for one in self.discord.accepted)
        assert not [its for its, often in accepted.items() if often > 1]
        for row in self.rows("SELECT id, state, lane FROM deliveries"):
            assert (row["state"] in {"posted", "threading"}) <= (row["id"] in accepted)
            if row["state"] == "refused" and row["lane"] != "notice":
                assert row["id"] in self.discord.said_no
            if row["state"] == "unknown":
                assert row["id"] in self.discord.hid

    def teardown(self) -> None:
        try:
            if self.is_fine:
                self.all_is_well_until_nothing_happens()
                self.nothing_waits_and_nothing_is_lost()
        finally:
            self.runner.run(self.process.end())
            self.runner.close()
            self.spy.close()
            self.short_pages.stop()
            self.folder.cleanup()

    def all_is_well_until_nothing_happens(self) -> None:
        self.discord.luck.clear()
        self.discord.closed.clear()
        self.discord.unreadable.clear()
        self.ahead = timedelta(0)
        self.restart()
        self.read_papers()
        parts = self.process.parts
        for row in self.rows("SELECT number, why FROM feeds WHERE is_paused"):
            if row["why"] in {BY_HAND, MESSAGES_CLOSED}:
                feed = self.safely(lambda number=row["number"]: parts.feeds.known(number))
                self.safely(lambda feed=feed: self.process.desk.resume(feed))
        for seconds in (1, 1300, 4000, 100_000, 1000):
            self.pass_time(seconds=seconds)
            self.safely(parts.planner.mend_times)
            self.safely(parts.planner.plan_due)
            for _ in range(100):
                if not self.safely(self.process.look):
                    break
        self.all_is_as_promised()

    def nothing_waits_and_nothing_is_lost(self) -> None:
        for row in self.rows("SELECT * FROM deliveries"):
            assert row["state"] in {"posted", "refused", "unknown", "expired", "split"}, dict(row)
            if (
                row["state"] == "unknown"
                and row["lane"] != "notice"
                and not self.feeds[row["feed"]].is_deleted
            ):
                its = delivery_id(row["feed"], f"lost {row['id']}", str(MAKER))
                assert self.rows("SELECT * FROM deliveries WHERE id = ?", its), "its maker is told"
        unknown = {row["id"] for row in self.rows("SELECT id FROM deliveries WHERE state = 'unknown'")}
        for message in self.discord.accepted:
            is_known = message.delivery.id not in unknown and message.delivery.place not in self.discord.gone
            if message.is_thread_due and message.is_there and is_known:
                assert message.has_thread, "its thread is missing"
        arrivals = self.rows("SELECT paper_id, min(id) AS number FROM events WHERE kind = 'new' GROUP BY 1")
        for row in self.rows("SELECT * FROM feeds"):
            if (row["channel"] or row["user_id"]) in self.discord.gone:
                continue
            assert not row["is_paused"], row["why"]
            for arrival in arrivals:
                followed, paper = self.feeds[row["number"]], self.whose(arrival)
                if arrival["number"] > followed.after and fits(paper, json.loads(row["settings"])):
                    assert self.fate_of(paper, followed), f"feed {row['number']} lost paper {paper.number}"

    def fate_of(self, paper: Known, followed: Followed) -> str | None:
        """What became of a paper that fits."""
        for message in self.discord.accepted:
            is_theirs = (message.delivery.place, message.delivery.lane) in followed.lanes
            if is_theirs and any(self.by_name[name] is paper for name in message.papers):
                return "posted"
        passed = self.rows("SELECT paper_id FROM passed_papers WHERE feed = ?", followed.number)
        if any(self.whose(row) is paper for row in passed):
            return "passed over"
        if any((paper.number, place, lane) in self.given_up for place, lane in followed.lanes):
            return "given up"
        for row in self.rows(
            "SELECT p.* FROM posted_papers p JOIN deliveries d ON d.id = p.delivery "
            "WHERE d.state IN ('refused', 'unknown', 'expired')"
        ):
            if (row["place"], row["lane"]) in followed.lanes and self.whose(row) is paper:
                return "set aside"
        return None

    # How it is done

    def clock(self) -> datetime:
        return self.discord.real + self.ahead

    def pass_time(self, *, seconds: int) -> None:
        self.discord.real += timedelta(seconds=seconds)

    async def start(self) -> Process:
        return Process(self.file, self.discord, self.reader, self.clock)

    def do(self, deed: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """Let the process do something; if that kills it, another one starts."""
        try:
            self.runner.run(deed())
        except Killed:
            self.restart()

    def safely(self, deed: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Do something that nobody is killed in."""
        self.process.fate.is_away = True
        try:
            return self.runner.run(deed())
        finally:
            self.process.fate.is_away = False

    def restart(self) -> None:
        self.runner.run(self.process.end())
        self.process = self.runner.run(self.start())
        self.safely(self.look_again)

    async def look_again(self) -> None:
        """As the bot does at its start, and when Discord tells of permissions: what is open by now goes on."""
        for closed in await self.process.outbox.closed():
            if closed.place in CHANNELS and closed.place not in {*self.discord.closed, *self.discord.gone}:
                await self.process.parts.aftermath.reopen(closed.place)

    def read_papers(self) -> None:
        for row in self.rows("SELECT id, content_hash FROM papers"):
            self.reader.scores_of[row["content_hash"]] = 0.9 if self.by_name[row["id"]].is_about else 0.1

    def note_what_goes_with(self, feed: Feed) -> None:
        """What it still has to send goes with it, for all feeds of the lane: they left it to this one."""
        waiting = (
            "SELECT p.* FROM posted_papers p JOIN deliveries d ON d.id = p.delivery WHERE d.state = 'waiting' "
            "AND d.feed = ?"
        )
        self.given_up |= {
            (self.whose(row).number, row["place"], row["lane"]) for row in self.rows(waiting, feed.number)
        }

    def rows(self, query: str, *values: object) -> Sequence[sqlite3.Row]:
        return self.spy.execute(query, values).fetchall()

    def whose(self, row: sqlite3.Row) -> Known:
        return self.by_name[row["paper_id"]]

    def drawn(self, data: st.DataObject) -> Known:
        return self.papers[data.draw(st.integers(0, len(self.papers) - 1))]

    def new_paper(self, source: str, *, is_about: bool, has_id: bool) -> Known:
        self.names += 1
        number = self.names
        title = f"Paper {number} {'drafts' if is_about else 'folds'}"
        one = Known(number, is_about, title, {source}, f"2611.{number:05}" if has_id else None)
        self.papers.append(one)
        self.named(one)
        return one

    def named(self, one: Known) -> None:
        self.by_name[title_id(one.title)] = one
        if one.arxiv_id:
            self.by_name[one.arxiv_id] = one

    def account(self, one: Known) -> Account:
        version = one.version if one.arxiv_id else None
        return Account(
            one.title,
            arxiv_id=one.arxiv_id,
            version=version,
            upvotes=one.upvotes or None,
            listed=self.discord.real.date(),
            categories=("cs.CL",) if "arxiv" in one.sources else (),  # who tells of it says something new
        )

    def told(self, source: str, *accounts: Account) -> None:
        self.safely(lambda: self.process.store.put(accounts, source=source, now=self.clock()))


def fits(paper: Known, chosen: Mapping[str, Any]) -> bool:
    return (
        (paper.is_about or not chosen["query"])
        and paper.upvotes >= (chosen["min_upvotes"] or 0)
        and (not chosen["sources"] or "arxiv" in paper.sources)
    )


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
