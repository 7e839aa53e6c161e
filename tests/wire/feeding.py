"""Feeds over the wire: a bot that is killed and started again, papers that come meanwhile, and who got what how often."""

import asyncio
import contextlib
import json
import re
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from bot.feeds.delivery import State
from bot.feeds.feed import Feed, Settings
from bot.feeds.schedule import Schedule, next_run
from bot.state.feeds import FeedStore
from bot.state.outbox import Outbox
from corpus.database import open_database
from corpus.events import Events
from corpus.store import PaperStore

from .channels import Channel, GuildChannel
from .forking import Forked, Nursery
from .loopback import LoopbackDiscord
from .papers import database_url, paper, put_papers
from .people import Person
from .rules import nested
from .staging import Staging
from .world import HUMAN_ID

INSTANT = Schedule("instant")
DAILY = Schedule("daily", time_of_day(9))
_PAPER = re.compile(r"2611\.\d{5}")
# discord.py sends the ids of roles as numbers, as it does others that the loopback Discord knows of; Discord reads both.
_AS_NUMBERS = re.compile(r"allowed_mentions/roles/\d+: \d+ is not of type 'null'$")
_FINAL: set[State] = {"posted", "refused", "unknown", "expired", "split"}
_BEHIND = """
SELECT count(*) FROM feeds
WHERE NOT is_paused AND (due <= ? OR (due IS NULL AND seen < (SELECT max(id) FROM events)))
"""
_BUSY = """
SELECT id FROM deliveries LEFT JOIN closed_places USING (place)
WHERE state IN ('waiting', 'sending', 'threading') AND deliveries.not_before <= ?
AND (closed_places.place IS NULL OR closed_places.not_before <= ?)
"""
_SQL_TIME = "%Y-%m-%d %H:%M:%S.%f"
_ENV = {"PAPERCORD_CORPUS__BUNDLED": "false"}
_QUIET = 5  # looks, in a row, at an outbox where nothing is on its way
_A_BEAT = 11.0  # seconds, after which the loop tells that it goes round


@dataclass
class Feeding:
    """One bot, its data folder, and the Discord it posts in."""

    server: LoopbackDiscord
    nursery: Nursery
    folder: Path
    staging: Staging
    bot: Forked | None = None
    papers: list[str] = field(default_factory=list[str])
    starts: int = 0
    env: dict[str, str] = field(default_factory=dict[str, str])
    roles: set[str] = field(default_factory=set[str])

    @property
    def data(self) -> Path:
        return self.folder / "data"

    async def feed(self, channel: GuildChannel, **settings: Any) -> Feed:
        """A feed in a channel, as /feed create makes it."""
        [feed] = await self.feeds([channel], **settings)
        return feed

    async def feeds(self, channels: Iterable[GuildChannel], **settings: Any) -> list[Feed]:
        """A feed in each channel, all alike."""
        now, maker, chosen = self.staging.now(), int(HUMAN_ID), _chosen(settings)
        if chosen.mention_role:
            self.roles.add(str(chosen.mention_role))
        return await self._make(
            Feed(0, "feed", one.name, int(one.guild.id), int(one.id), maker, chosen, now, 0, 0)
            for one in channels
        )

    async def alert(self, person: Person, **settings: Any) -> Feed:
        """A person's alert, as /alert add makes it."""
        name, now = f"{person.name}'s", self.staging.now()
        asked = Feed(0, "alert", name, None, None, int(person.id), _chosen(settings), now, 0, 0)
        [alert] = await self._make([asked])
        return alert

    async def edit(self, feed: Feed, **settings: Any) -> None:
        """Give a feed other settings, as its forms do."""
        async with open_database(database_url(self.data)) as engine:
            feeds = FeedStore(engine)
            known = await feeds.known(feed.number)
            assert known
            chosen = replace(known.settings, **settings)
            due = next_run(chosen.schedule, ran=known.ran, now=self.staging.now())
            await feeds.change(feed.number, settings=chosen, due=due)

    async def arrive(self, number: int, **facts: Any) -> list[str]:
        """So many new papers; their ids."""
        first = len(self.papers) + 1
        facts = {"published": self.staging.now().date()} | facts
        told = [paper(first + n, f"Paper {first + n}", **facts) for n in range(number)]
        async with open_database(database_url(self.data)) as engine:
            await PaperStore(engine).put(told, source="hugging-face", now=self.staging.now())
        ids = [str(one.arxiv_id) for one in told]
        self.papers += ids
        return ids

    async def start(self, env: Mapping[str, str] | None = None) -> Forked:
        """Start the bot, and wait until it is on the gateway or has died."""
        self.starts += 1
        env = {**_ENV, **self.staging.env, **self.env, **(env or {})}
        self.bot = await self.nursery.start(
            self.server, "run", "--data", str(self.data), out=self.folder / "output", env=env
        )
        await self._ready_or_gone()
        return self.bot

    async def stop(self) -> None:
        """End it as a service manager does; at a crash point it may die on the way."""
        if self.bot:
            code = await self.bot.terminate()
            assert code == 0 or (code == -signal.SIGKILL and not self.staging.is_armed), self.bot.output

    async def died(self, within: float = 60) -> bool:
        """Wait until it has died at a crash point; False if it has nothing left to do instead."""
        assert self.bot
        deadline = asyncio.get_running_loop().time() + within
        while not self.nursery.has_ended(self.bot.pid):
            if not self.staging.is_armed:
                await self.bot.exit_code()
                return True
            if self.is_done() or asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.05)
        return True

    def is_done(self) -> bool:
        """Whether every feed has seen every paper, and every message has its end. Asked often, so by plain SQL."""
        with contextlib.closing(sqlite3.connect(self.data / "papercord.db")) as database:
            now = self.staging.now().strftime(_SQL_TIME)
            (behind,) = database.execute(_BEHIND, (now,)).fetchone()
            states = {state for (state,) in database.execute("SELECT DISTINCT state FROM deliveries")}
        return not behind and states <= _FINAL

    async def finish(self, within: float = 60) -> None:
        """Wait until nothing is left to do."""
        async with asyncio.timeout(within):
            while not self.is_done():  # noqa: ASYNC110 - it is another process that does it
                await asyncio.sleep(0.05)

    async def until(self, holds: Callable[[], object], what: str, within: float = 60) -> None:
        """Wait until something holds of the database or of the server."""
        deadline = asyncio.get_running_loop().time() + within
        while not holds():
            assert asyncio.get_running_loop().time() < deadline, f"{what}: not within {within} s"
            await asyncio.sleep(0.05)

    async def settle(self, within: float = 60) -> None:
        """Wait until the bot has looked at everything that has come, and nothing is left to do that it could."""
        before = self.ticked()
        self.staging.step(_A_BEAT)
        now = self.staging.now()
        await self.until(lambda: self.ticked() not in {None, before}, "a round of the feeds' loop", within)
        await self.until(lambda: (self.ticked() or now) >= now, "a round of the feeds' loop", within)
        quiet = 0
        while quiet < _QUIET:  # what follows from a post is written after it
            await self.until(lambda: not self._is_busy(), "every post done", within)
            await asyncio.sleep(0.05)
            quiet = 0 if self._is_busy() else quiet + 1

    def step(self, seconds: float) -> None:
        """Let time pass, for the bot and for Discord."""
        self.staging.step(seconds)
        self.server.clock.step(seconds)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What stands in the database."""
        with contextlib.closing(sqlite3.connect(self.data / "papercord.db")) as database:
            return database.execute(query, values).fetchall()

    def write(self, statement: str, *values: object) -> None:
        """Change the database behind the bot's back."""
        with contextlib.closing(sqlite3.connect(self.data / "papercord.db")) as database, database:
            database.execute(statement, values)

    def errors(self) -> tuple[int, str]:
        """How many errors the feeds' loop has counted, and the last."""
        rows = self.rows("SELECT errors, last_error FROM loop_states WHERE name = 'feeds'")
        return rows[0] if rows else (0, "")

    def ticked(self) -> datetime | None:
        """The moment of the bot's clock at which the feeds' loop last told that it goes round."""
        rows = self.rows("SELECT ticked FROM loop_states WHERE name = 'feeds'")
        return datetime.fromisoformat(rows[0][0]).replace(tzinfo=UTC) if rows else None

    def states(self, feed: Feed) -> Counter[str]:
        """How many messages of a feed are in which state."""
        return Counter(
            state
            for (state,) in self.rows(
                "SELECT state FROM deliveries WHERE feed = ? AND lane != 'notice'", feed.number
            )
        )

    def why(self, feed: Feed) -> str:
        """Why a feed is paused; "" if it is not."""
        [(is_paused, why)] = self.rows("SELECT is_paused, why FROM feeds WHERE number = ?", feed.number)
        return why if is_paused else ""

    def said(self, channel: Channel) -> list[str]:
        """The words of each message that the bot wrote in a channel."""
        return [words_of(message) for message in self.server.posted(channel)]

    def notices(self, person: Person) -> list[str]:
        """What the bot told somebody in private of feeds that are paused."""
        return [words for words in self.said(self.server.world.direct(person)) if " is paused: " in words]

    async def totals(self) -> dict[State, int]:
        async with open_database(database_url(self.data)) as engine:
            return await Outbox(engine).totals()

    def posted(self, channel: Channel) -> Counter[str]:
        """How often each paper stands in a channel."""
        return Counter(
            paper_id
            for message in self.server.posted(channel)
            for paper_id in set(_PAPER.findall(json.dumps(message["components"])))
        )

    def pings(self) -> set[str]:
        """Everybody whom a message of the bot could have mentioned."""
        found = set[str]()
        for request in self.server.requests:
            for allowed in _values_of("allowed_mentions", request.body):
                named = (*allowed.get("roles", ()), *allowed.get("users", ()), *allowed.get("parse", ()))
                found |= {str(one) for one in named} | (
                    {"whom it answers"} if allowed.get("replied_user") else set()
                )
        return found

    async def _make(self, asked: Iterable[Feed]) -> list[Feed]:
        async with open_database(database_url(self.data)) as engine:
            store, last = FeedStore(engine), await Events(engine).last()
            return [
                await store.make(
                    replace(
                        feed,
                        start=last,
                        seen=last,
                        due=next_run(feed.settings.schedule, ran=None, now=feed.made),
                    )
                )
                for feed in asked
            ]

    def _is_busy(self) -> bool:
        """Whether a message could be on its way, or is looked for now."""
        now = self.staging.now().strftime(_SQL_TIME)
        return bool(self.rows(_BUSY, now, now))

    async def _ready_or_gone(self) -> None:
        assert self.bot
        ready = asyncio.create_task(self.server.wait_ready(within=30))
        ended = asyncio.create_task(self.nursery.ended(self.bot.pid))
        await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not ready.done():
            ready.cancel()


Stages = Callable[[str], AbstractAsyncContextManager[Feeding]]
"""Opens a stage of that name: `async with stages("a name") as stage`."""


def _values_of(name: str, body: Any) -> Iterator[Any]:
    """All values of that name, however deep."""
    if isinstance(body, dict):
        for key, value in body.items():
            if key == name:
                yield value
            yield from _values_of(name, value)
    elif isinstance(body, list):
        for value in body:
            yield from _values_of(name, value)


def _chosen(settings: dict[str, Any]) -> Settings:
    told: dict[str, Any] = {"schedule": INSTANT, "style": "cards"} | settings
    return Settings(**told)


def words_of(message: Mapping[str, Any]) -> str:
    """All texts of a message."""
    return "\n".join(part["content"] for part in nested(message["components"]) if "content" in part)


async def prepare(nursery: Nursery, folder: Path) -> Path:
    """A data folder with one old paper, to copy: a start then finds everything made."""
    folder.mkdir(parents=True)  # noqa: ASYNC240 - at once
    async with LoopbackDiscord() as server:
        stage = Feeding(server, nursery, folder, Staging(folder))
        stage.data.mkdir()
        await put_papers(stage.data, [paper(0, "An old paper")])
        await stage.start()
        await stage.stop()
    return stage.data


@asynccontextmanager
async def feeding(nursery: Nursery, prepared: Path, folder: Path) -> AsyncGenerator[Feeding, None]:
    """A bot that does not run yet, and a server in which nothing is asked that Discord would not take."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240
    async with LoopbackDiscord() as server:
        stage = Feeding(server, nursery, folder, Staging(folder))
        shutil.copytree(prepared, stage.data)
        try:
            yield stage
        except BaseException as failure:
            if stage.bot:
                failure.add_note(f"The bot said:\n{stage.bot.output[-5000:]}")
            raise
        finally:
            if stage.bot:
                await stage.bot.kill()
        violations = [one for one in server.violations if not _AS_NUMBERS.search(one)]
        assert violations == [], violations[0]
        assert stage.pings() <= stage.roles, "nobody is ever mentioned but by a role that was chosen"
        assert server.answer_violations == [], server.answer_violations[0]
