"""Feeds over the wire: a bot that is killed and started again, papers that come meanwhile, and who got what how often."""

import asyncio
import contextlib
import json
import re
import shutil
import signal
import sqlite3
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
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

from .channels import GuildChannel
from .forking import Forked, Nursery
from .loopback import LoopbackDiscord
from .papers import database_url, paper, put_papers
from .staging import Staging
from .world import HUMAN_ID

INSTANT = Schedule("instant")
DAILY = Schedule("daily", time_of_day(9))
_PAPER = re.compile(r"2611\.\d{5}")
_FINAL: set[State] = {"posted", "refused", "unknown", "expired", "split"}
_BEHIND = """
SELECT count(*) FROM feeds
WHERE NOT is_paused AND (due <= ? OR (due IS NULL AND seen < (SELECT max(id) FROM events)))
"""
_ENV = {"PAPERCORD_CORPUS__BUNDLED": "false"}


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

    @property
    def data(self) -> Path:
        return self.folder / "data"

    async def feed(self, channel: GuildChannel, **settings: Any) -> Feed:
        """A feed in a channel, as /feed create makes it."""
        chosen = Settings(**{"schedule": INSTANT, "style": "cards"} | settings)
        now = self.staging.now()
        async with open_database(database_url(self.data)) as engine:
            last = await Events(engine).last()
            return await FeedStore(engine).make(
                Feed(
                    0,
                    "feed",
                    channel.name,
                    int(channel.guild_id or 0),
                    int(channel.id),
                    int(HUMAN_ID),
                    chosen,
                    now,
                    last,
                    last,
                    due=next_run(chosen.schedule, ran=None, now=now),
                )
            )

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

    async def start(self) -> Forked:
        """Start the bot, and wait until it is on the gateway or has died."""
        self.starts += 1
        env = {**_ENV, **self.staging.env}
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

    async def died(self, within: float = 20) -> bool:
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
            now = self.staging.now().strftime("%Y-%m-%d %H:%M:%S.%f")
            (behind,) = database.execute(_BEHIND, (now,)).fetchone()
            states = {state for (state,) in database.execute("SELECT DISTINCT state FROM deliveries")}
        return not behind and states <= _FINAL

    async def finish(self, within: float = 30) -> None:
        """Wait until nothing is left to do."""
        async with asyncio.timeout(within):
            while not self.is_done():  # noqa: ASYNC110 - it is another process that does it
                await asyncio.sleep(0.05)

    async def totals(self) -> dict[State, int]:
        async with open_database(database_url(self.data)) as engine:
            return await Outbox(engine).totals()

    def posted(self, channel: GuildChannel) -> Counter[str]:
        """How often each paper stands in a channel."""
        return Counter(
            paper_id
            for message in self.server.posted(channel)
            for paper_id in set(_PAPER.findall(json.dumps(message["components"])))
        )

    async def _ready_or_gone(self) -> None:
        assert self.bot
        ready = asyncio.create_task(self.server.wait_ready(within=30))
        ended = asyncio.create_task(self.nursery.ended(self.bot.pid))
        await asyncio.wait({ready, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not ready.done():
            ready.cancel()


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
        assert server.violations == [], server.violations[0]
        assert server.answer_violations == [], server.answer_violations[0]
