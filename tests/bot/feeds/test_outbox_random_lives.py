"""Random lives of the outbox: papers come, people change feeds, Discord fails, the process is killed, and each paper is posted
once.

The database file, the planner, the poster and all they write are the real ones. Discord is played by `Discord`, and the process
can be killed before any of its deeds: a commit, or a request to Discord.
"""

import asyncio
import shutil
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
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
from sqlalchemy import event, select, text
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
from bot.state.tables import deliveries, feeds, passed_papers, posted_papers
from corpus.account import Account
from corpus.database import _begin_sqlite, _prepare_sqlite, open_database, reading
from corpus.paper import Paper, title_id
from corpus.store import PaperStore
from retrieval.finder import Quote
from tests.conftest import NOW, at_once

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
ABOUT_EDITS = st.sampled_from(("topic", "everything", "style", "daily", "instant", "few"))


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
    refused: set[int] = field(default_factory=set)
    """The numbers of papers that no message may name."""
    luck: deque[Misfortune] = field(default_factory=deque)
    memory: timedelta = timedelta(seconds=CERTAIN_SECONDS)
    wrongs: list[str] = field(default_factory=list)
    """What the bot should not have asked for: the poster would take an error here for one of Discord's."""
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
        if discord.refused & {number_of(item.paper) for item in delivery.post.items}:
            discord.said_no.add(delivery.id)
            raise NotTakenError("Discord says: Invalid Form Body (400, 50035)")
        message = discord.known(delivery)
        if message is None:
            is_thread_due = delivery.post.form == "thread" and delivery.place in {TEXT, OTHER}
            message = Message(delivery, discord.real, is_thread_due)
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
        """A place is posted in in order: what was queued there before stands, or was given up."""
        earlier = text(
            "SELECT count(*) FROM deliveries a, deliveries b WHERE b.id = :id AND a.place = b.place AND a.id <> b.id "
            "AND a.state IN ('waiting', 'sending') AND (a.made, a.feed, a.part) < (b.made, b.feed, b.part) "
            "AND NOT EXISTS (SELECT * FROM feeds WHERE number = a.feed AND is_paused AND why = :by_hand)"
        )
        async with reading(self._engine) as connection:
            if await connection.scalar(earlier, {"id": delivery.id, "by_hand": BY_HAND}):
                self._discord.wrongs.append(f"{delivery.id} overtakes another in {delivery.place}")


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


def number_of(paper: Paper) -> int:
    return int(paper.title.split()[1])


@cache
def template() -> Path:
    """A database with all tables, to be copied."""
    folder = TemporaryDirectory(prefix="random-lives-")
    template.folder = folder  # pyright: ignore[reportFunctionMemberAccess] - it goes at exit
    file = Path(folder.name) / "empty.db"

    async def make() -> None:
        async with open_database(f"sqlite+aiosqlite:///{file}"):
            pass

    asyncio.run(make())
    return file


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

    async def look(self) -> None:
        """Send what can be sent now, each place's next message."""
        await self.poster.look()
        for outcome in await asyncio.gather(*self.poster._under_way.values(), return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

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
        shutil.copy(template(), self.file)
        self.discord, self.reader = Discord(), Reader()
        self.ahead = timedelta(0)
        self.papers: list[Known] = []
        self.by_name: dict[str, Known] = {}
        self.feeds: dict[int, Followed] = {}
        self.given_up: set[tuple[int, int, str]] = set()
        self.seen: dict[int, int] = {}
        self.names = 0
        self.short_pages = patch("bot.feeds.planner.MOST_SHOWN", PAGE)
        self.short_pages.start()
        self.process = self.runner.run(self.start())

    # What happens

    @initialize(style=st.sampled_from(("cards", "digest", "forum")), channel=st.sampled_from(CHANNELS))
    def the_first_feed(self, style: Style, channel: int) -> None:
        self.make_feed(channel, style, is_daily=False, has_topic=False, few=False, source=None, votes=None)

    @precondition(lambda self: len(self.feeds) < 5)
    @rule(
        channel=st.sampled_from(CHANNELS),
        style=st.sampled_from(("cards", "digest", "forum")),
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

    @precondition(lambda self: len(self.feeds) < 5)
    @rule(votes=st.sampled_from((None, 5)))
    def make_alert(self, votes: int | None) -> None:
        chosen = Settings(TOPIC, schedule=Schedule("instant"), min_upvotes=votes, style="cards")
        if self.do(lambda: self.process.desk.of_user(MAKER)) == []:
            self.do(lambda: self.process.desk.make_alert(MAKER, chosen))

    @precondition(lambda self: self.feeds)
    @rule(data=st.data(), what=ABOUT_EDITS)
    def edit(self, data: st.DataObject, what: str) -> None:
        if not (feed := self.chosen(data)):
            return
        old = feed.settings
        new = {
            "topic": replace(old, query=TOPIC),
            "everything": replace(old, query="", min_upvotes=None),
            "style": replace(old, style="digest" if old.style == "cards" else "cards"),
            "daily": replace(old, schedule=Schedule("daily")),
            "instant": replace(old, schedule=Schedule("instant")),
            "few": replace(old, max_items=2),
        }[what]
        followed = self.feeds[feed.number]
        followed.lanes.add((place_of(feed), lane_of(replace(feed, settings=new))))
        followed.after = self.last_event()
        self.do(lambda: self.process.desk.change(feed, new))

    @precondition(lambda self: self.feeds)
    @rule(data=st.data(), what=st.sampled_from(("pause", "resume", "run")))
    def order(self, data: st.DataObject, what: str) -> None:
        feed = self.chosen(data)
        if feed and what == "pause":
            self.do(lambda: self.process.desk.pause(feed))
        elif feed and what == "resume":
            self.do(lambda: self.process.desk.resume(feed))
        elif feed and not feed.is_paused:
            self.do(lambda: self.process.desk.run(feed))

    @precondition(lambda self: self.feeds)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """What it still had to send is gone with it, for all feeds of the lane: they had left it to this one."""
        if feed := self.chosen(data):
            waiting = self.rows(
                select(posted_papers)
                .join(deliveries, deliveries.c.id == posted_papers.c.delivery)
                .where(deliveries.c.feed == feed.number, deliveries.c.state == "waiting")
            )
            self.given_up |= {(self.whose(row.paper_id).number, row.place, row.lane) for row in waiting}
            self.do(lambda: self.process.desk.delete(feed))

    @rule(
        is_about=st.booleans(),
        has_id=st.booleans(),
        source=st.sampled_from(("arxiv", "hugging-face")),
        many=st.sampled_from((1, 1, 1, 4, 7)),
        rounds=ROUNDS,
    )
    def papers_come(self, is_about: bool, has_id: bool, source: str, many: int, rounds: int) -> None:
        new = [self.new_paper(is_about, source, has_id=has_id) for _ in range(many)]
        self.told(source, *(self.account(one) for one in new))
        self.work(was_down=False, rounds=rounds)

    @precondition(lambda self: self.papers)
    @rule(data=st.data(), what=st.sampled_from(("id", "title", "votes", "both", "source")))
    def news_of_a_paper(self, data: st.DataObject, what: str) -> None:
        one = data.draw(st.sampled_from(self.papers))
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

    @rule(is_about=st.booleans(), in_between=st.booleans())
    def a_paper_comes_as_two(self, is_about: bool, in_between: bool) -> None:
        """Under a title without an id, and under another title with one; later it turns out that they are one."""
        one = self.new_paper(is_about, "hugging-face", has_id=False)
        other = self.new_paper(is_about, "arxiv", has_id=True)
        self.told("hugging-face", self.account(one))
        self.told("arxiv", self.account(other))
        if in_between:
            self.work(was_down=False, rounds=2)
        for name, known in list(self.by_name.items()):
            if known is one:
                self.by_name[name] = other
        lanes = self.rows(select(posted_papers))
        other.excused.update(
            (row.place, row.lane) for row in lanes if self.by_name.get(row.paper_id) is other
        )
        self.papers.remove(one)
        other.sources |= one.sources
        self.told("feed", replace(self.account(other), title=one.title))

    @rule()
    def papers_are_encoded(self) -> None:
        contents = self.safely(lambda: self.process.store.contents())
        for paper_id, content in contents.items():
            self.reader.scores_of[content] = 0.9 if self.by_name[paper_id].is_about else 0.1

    @rule(was_down=st.booleans(), rounds=ROUNDS)
    def work(self, was_down: bool, rounds: int) -> None:
        self.do(lambda: self.process.parts.planner.plan_due(was_down=was_down))
        self.pass_time(timedelta(seconds=1))
        self.look(rounds)

    @rule(rounds=ROUNDS)
    def look(self, rounds: int) -> None:
        for _ in range(rounds):
            self.pass_time(timedelta(seconds=1))
            self.do(lambda: self.process.look())

    @precondition(lambda self: self.discord.real < NOW + LONGEST)
    @rule(by=st.sampled_from((3, 20, 70, 1300, 4000, 50_000, 110_000)))
    def time_goes(self, by: int) -> None:
        self.pass_time(timedelta(seconds=by))

    @rule()
    def the_clock_is_set(self) -> None:
        """Back by two hours, or forth again; the poster looks every second."""
        self.ahead = timedelta(0) if self.ahead else timedelta(hours=-2)
        self.do(lambda: self.process.parts.planner.mend_times())
        self.look(1)

    @rule(after=st.integers(0, 8))
    def the_process_is_to_be_killed(self, after: int) -> None:
        self.process.fate.left = after
        self.work(was_down=False, rounds=2)

    @rule()
    def the_process_restarts(self) -> None:
        self.restart()

    @rule(which=st.lists(st.sampled_from(("lost", "lost", "broken", "later", "later everywhere")), min_size=1))
    def bad_luck(self, which: list[Misfortune]) -> None:
        self.discord.luck.extend(which[:3])
        self.look(1)

    @rule(place=st.sampled_from(PLACES), words=st.sampled_from(("I lack Send Messages", "Missing Access (403)")))
    def a_place_closes(self, place: int, words: str) -> None:
        self.discord.closed[place] = words

    @precondition(lambda self: self.discord.closed)
    @rule(data=st.data(), is_told=st.booleans())
    def a_place_opens(self, data: st.DataObject, is_told: bool) -> None:
        place = data.draw(st.sampled_from(sorted(self.discord.closed)))
        del self.discord.closed[place]
        if is_told:
            self.do(lambda: self.look_again())

    @rule(place=st.sampled_from((OTHER, FORUM)), is_told=st.booleans())
    def a_channel_is_deleted(self, place: int, is_told: bool) -> None:
        self.discord.gone.add(place)
        if is_told:
            self.do(lambda: self.process.parts.aftermath.gone(place, "the channel was deleted"))

    @rule(place=st.sampled_from(CHANNELS), is_readable=st.booleans())
    def the_history_may_be_read(self, place: int, is_readable: bool) -> None:
        (self.discord.unreadable.discard if is_readable else self.discord.unreadable.add)(place)

    @rule(seconds=st.sampled_from((CERTAIN_SECONDS, 300)))
    def nonces_are_remembered(self, seconds: int) -> None:
        self.discord.memory = timedelta(seconds=seconds)

    @precondition(lambda self: self.papers)
    @rule(data=st.data())
    def discord_takes_no_message_with(self, data: st.DataObject) -> None:
        self.discord.refused.add(data.draw(st.sampled_from(self.papers)).number)

    @rule(data=st.data())
    def a_moderator_deletes(self, data: st.DataObject) -> None:
        posted = {row.id for row in self.rows(select(deliveries).where(deliveries.c.state == "posted"))}
        there = [one for one in self.discord.accepted if one.delivery.id in posted]
        if there:
            data.draw(st.sampled_from(there)).is_there = False

    # What must hold

    @invariant()
    def all_is_as_promised(self) -> None:
        assert not self.discord.wrongs, self.discord.wrongs
        self.no_paper_is_posted_twice()
        self.feeds_only_look_on()
        self.what_counts_as_posted_stands()

    def no_paper_is_posted_twice(self) -> None:
        times = Counter[tuple[int, int, str]]()
        for message in self.discord.accepted:
            post, place, lane = message.delivery.post, message.delivery.place, message.delivery.lane
            assert post
            times.update((self.whose(item.paper.id).number, place, lane) for item in post.items)
        by_number = {one.number: one for one in self.papers}
        for (number, place, lane), often in times.items():
            assert often <= max(1, by_number[number].excused[place, lane]), (number, place, lane)

    def feeds_only_look_on(self) -> None:
        """And those that are not known were made, or deleted, in a deed that was the last one."""
        there: set[int] = set()
        for row in self.rows(select(feeds)):
            feed = self.safely(lambda number=row.number: self.process.parts.feeds.known(number))
            assert feed
            there.add(row.number)
            lane = (place_of(feed), lane_of(feed))
            self.feeds.setdefault(row.number, Followed(row.number, row.start, set())).lanes.add(lane)
            assert row.seen >= self.seen.get(row.number, row.start)
            self.seen[row.number] = row.seen
        for followed in self.feeds.values():
            followed.is_deleted = followed.number not in there

    def what_counts_as_posted_stands(self) -> None:
        accepted = Counter(one.delivery.id for one in self.discord.accepted)
        assert not [its for its, often in accepted.items() if often > 1]
        for row in self.rows(select(deliveries)):
            assert (row.state in {"posted", "threading"}) <= (row.id in accepted), row
            if row.state == "refused" and row.lane != "notice":
                assert row.id in self.discord.said_no
            if row.state == "unknown":
                assert row.id in self.discord.hid

    def teardown(self) -> None:
        try:
            self.all_is_well_until_nothing_happens()
            self.nothing_waits_and_nothing_is_lost()
        finally:
            self.runner.run(self.process.end())
            self.runner.close()
            self.short_pages.stop()
            self.folder.cleanup()

    def all_is_well_until_nothing_happens(self) -> None:
        self.discord.luck.clear()
        self.discord.closed.clear()
        self.discord.unreadable.clear()
        self.ahead = timedelta(0)
        self.restart()
        self.papers_are_encoded()
        for row in self.rows(select(feeds).where(feeds.c.is_paused)):
            if row.why in {BY_HAND, MESSAGES_CLOSED}:
                feed = self.safely(lambda number=row.number: self.process.parts.feeds.known(number))
                self.safely(lambda feed=feed: self.process.desk.resume(feed))
        for seconds in (1, 1, 1300, 4000, 100_000, 1, 1000):
            self.pass_time(timedelta(seconds=seconds))
            self.safely(lambda: self.process.parts.planner.mend_times())
            self.safely(lambda: self.process.parts.planner.plan_due())
            for _ in range(60):
                if not self.safely(lambda: self.settle()):
                    break
        self.all_is_as_promised()

    async def settle(self) -> bool:
        """Look once; whether anything was done."""
        await self.process.poster.look()
        running = list(self.process.poster._under_way.values())
        await asyncio.gather(*running)
        return bool(running)

    def nothing_waits_and_nothing_is_lost(self) -> None:
        for row in self.rows(select(deliveries)):
            is_dm = row.place == MAKER
            assert row.state in {"posted", "refused", "unknown", "expired", "split"}, (row, is_dm)
            if row.state == "unknown" and row.lane != "notice" and not self.feeds[row.feed].is_deleted:
                notice = delivery_id(row.feed, f"lost {row.id}", str(MAKER))
                assert self.safely(lambda its=notice: self.process.outbox.get(its)), "its maker is told"
        for message in self.discord.accepted:
            assert message.has_thread or not message.is_thread_due or not message.is_there
        for row in self.rows(select(feeds)):
            place = row.channel or row.user_id
            if place in self.discord.gone:
                continue
            assert not row.is_paused, row.why
            for paper_id, number in self.arrivals().items():
                followed, paper = self.feeds[row.number], self.by_name[paper_id]
                if number > followed.after and self.fits(paper, row.settings):
                    assert self.fate_of(paper, followed), f"feed {row.number} lost paper {paper.number}"

    def fits(self, paper: Known, chosen: Mapping[str, Any]) -> bool:
        return (
            (paper.is_about or not chosen["query"])
            and paper.upvotes >= (chosen["min_upvotes"] or 0)
            and (not chosen["sources"] or "arxiv" in paper.sources)
        )

    def fate_of(self, paper: Known, followed: Followed) -> str | None:
        """What became of a paper that fits."""
        for message in self.discord.accepted:
            delivery, post = message.delivery, message.delivery.post
            if (delivery.place, delivery.lane) in followed.lanes and post:
                if any(self.whose(item.paper.id) is paper for item in post.items):
                    return "posted"
        passed = self.rows(select(passed_papers).where(passed_papers.c.feed == followed.number))
        if any(self.whose(row.paper_id) is paper for row in passed):
            return "passed over"
        if any((paper.number, place, lane) in self.given_up for place, lane in followed.lanes):
            return "given up"
        ended = select(posted_papers).join(deliveries, deliveries.c.id == posted_papers.c.delivery)
        for row in self.rows(ended.where(deliveries.c.state.in_(["refused", "unknown", "expired"]))):
            if (row.place, row.lane) in followed.lanes and self.whose(row.paper_id) is paper:
                return "set aside"
        return None

    # How it is done

    def clock(self) -> datetime:
        return self.discord.real + self.ahead

    def pass_time(self, by: timedelta) -> None:
        self.discord.real += by

    async def start(self) -> Process:
        return Process(self.file, self.discord, self.reader, self.clock)

    def do(self, deed: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Let the process do something; if that kills it, another one starts."""
        try:
            return self.runner.run(deed())
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
        self.safely(lambda: self.look_again())

    async def look_again(self) -> None:
        """As the bot does at its start, and when Discord tells of permissions: what is open by now goes on."""
        for closed in await self.process.outbox.closed():
            if closed.place in CHANNELS and closed.place not in {*self.discord.closed, *self.discord.gone}:
                await self.process.parts.aftermath.reopen(closed.place)

    def rows(self, query: Any) -> Sequence[Any]:
        async def read() -> Sequence[Any]:
            async with reading(self.process.engine) as connection:
                return (await connection.execute(query)).all()

        return self.runner.run(read())

    def chosen(self, data: st.DataObject) -> Feed | None:
        number = data.draw(st.sampled_from(sorted(self.feeds)))
        return self.safely(lambda: self.process.parts.feeds.known(number))

    def last_event(self) -> int:
        return self.safely(lambda: self.process.parts.events.last())

    def arrivals(self) -> dict[str, int]:
        ids = list(self.safely(lambda: self.process.store.contents()))
        came = self.safely(lambda: self.process.parts.events.arrivals_of(ids))
        return {paper_id: one.number for paper_id, one in came.items()}

    def whose(self, name: str) -> Known:
        return self.by_name[name]

    def new_paper(self, is_about: bool, source: str, *, has_id: bool) -> Known:
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
        listed, votes = self.discord.real.date(), one.upvotes or None
        return Account(one.title, arxiv_id=one.arxiv_id, version=version, upvotes=votes, listed=listed)

    def told(self, source: str, *accounts: Account) -> None:
        self.safely(lambda: self.process.store.put(accounts, source=source, now=self.clock()))


TestLives = Lives.TestCase
TestLives.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
