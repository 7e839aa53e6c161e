"""Feeds in a simulated Discord: papers arrive, the clock goes, and what is due is posted, step by step."""

import asyncio
from dataclasses import dataclass
from typing import Any

import discord
import pytest

from bot.feed_wiring import FeedParts
from bot.feeds.feed import Feed, Settings
from bot.feeds.messenger import DiscordMessenger
from bot.feeds.poster import Poster
from bot.feeds.schedule import Schedule
from corpus.account import Account
from corpus.store import PaperStore
from retrieval.indexing import encode_missing, waiting
from retrieval.stored_vectors import StoredVectors
from tests.bot.conftest import Clock, Stage
from tests.bot.reading import text
from tests.conftest import WORDS, at_once, nothing

INSTANT = Schedule("instant")
ABOUT = {
    "decoding": "Speculative decoding drafts tokens with a small model. A large model verifies the drafted tokens.",
    "folding": "Protein folding is predicted from sequences. The structures are accurate.",
}


@dataclass
class Press:
    """What a feed's test does."""

    parts: FeedParts
    poster: Poster
    store: PaperStore
    vectors: StoredVectors
    time: Clock
    stage: Stage
    guild: int
    channel: int

    async def feed(self, *, channel: int | None = None, name: str = "", **settings: Any) -> Feed:
        chosen = Settings(**{"schedule": INSTANT, "style": "cards"} | settings)
        return await self.parts.office.desk.make_feed(
            self.guild, channel or self.channel, self.stage.ada.id, chosen, name
        )

    async def arrive(
        self, *titles: str, about: str = "decoding", source: str = "hugging-face", **facts: Any
    ) -> None:
        """Papers come, and are encoded."""
        told = [Account(title=title, abstract=f"{ABOUT[about]} {title}.", **facts) for title in titles]
        await self.store.put(told, source=source, now=self.time())
        await self.encode()

    async def encode(self) -> None:
        ids = await waiting(self.store, self.vectors)
        await encode_missing(self.store, self.vectors, WORDS, at_once, ids, nothing)

    async def plan(self, *, was_down: bool = False) -> int:
        return await self.parts.planner.plan_due(was_down=was_down)

    async def post(self) -> None:
        """Send what can be sent now."""
        while True:
            await self.poster.look()
            under_way = list(self.poster._under_way.values())
            if not under_way:
                return
            await asyncio.gather(*under_way)

    async def go(self, *, was_down: bool = False) -> None:
        await self.plan(was_down=was_down)
        await self.post()

    def said(self, channel: Any = None) -> list[str]:
        """What stands in the channel, each message as its texts, the first one first."""
        return [
            text([part.to_dict() for part in message.components])
            for message in (channel or self.stage.channel).history()
        ]


@pytest.fixture
def press(
    stage: Stage,
    feed_parts: FeedParts,
    store: PaperStore,
    vectors: StoredVectors,
    time: Clock,
) -> Press:
    poster = poster_of(feed_parts, stage.env.bot)
    guild = stage.env.bot.guilds[0].id
    return Press(feed_parts, poster, store, vectors, time, stage, guild, stage.channel.id)


def poster_of(parts: FeedParts, bot: discord.Client) -> Poster:
    return Poster(parts.outbox, DiscordMessenger(bot), parts.aftermath, parts.bell, parts.clock)
