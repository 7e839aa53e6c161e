"""Feeds, step by step: papers arrive, the clock goes, and what is due is queued; in a simulated Discord also posted."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import discord
import pytest
import simcord
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.feed_wiring import FeedParts
from bot.feeds.delivery import Delivery
from bot.feeds.feed import Feed, Settings
from bot.feeds.judging import Candidate
from bot.feeds.messenger import DiscordMessenger
from bot.feeds.post import Post
from bot.feeds.poster import Poster
from bot.feeds.schedule import Schedule
from bot.state.tables import deliveries
from corpus.account import Account
from corpus.paper import Paper
from corpus.store import PaperStore
from retrieval.finder import Quote
from retrieval.indexing import encode_missing, waiting
from retrieval.stored_vectors import StoredVectors
from retrieval.topic_scores import TopicScores
from tests.bot.conftest import Clock, Stage
from tests.bot.reading import text
from tests.conftest import NOW, WORDS, at_once, nothing

INSTANT = Schedule("instant")
DECODING = "speculative decoding drafts tokens"
ABOUT = {
    "decoding": "Speculative decoding drafts tokens with a small model. A large model verifies the drafted tokens.",
    "folding": "Protein folding is predicted from sequences. The structures are accurate.",
}


def feed_of(*, start: int = 0, ran: Any = None, name: str = "Morning", **settings: Any) -> Feed:
    """A feed that is in no database; at once, unless its `schedule` says otherwise."""
    usual: dict[str, Any] = {"schedule": INSTANT}
    return Feed(1, "feed", name, 1, 11, 7, Settings(**usual | settings), NOW, start, start, ran=ran)


def candidate_of(
    number: int, *, score: float | None = None, passes: bool = True, source: str = "arxiv", **facts: Any
) -> Candidate:
    """A paper that came by the event of that number."""
    usual: dict[str, Any] = {"listed": NOW.date()}
    paper = Paper(f"Paper {number}", "", **usual | facts)
    return Candidate(paper, number, frozenset({source}), passes, score)


def days_ago(days: int) -> date:
    return (NOW - timedelta(days=days)).date()


@dataclass
class Newsroom:
    """Feeds of one channel, without a Discord."""

    parts: FeedParts
    store: PaperStore
    vectors: StoredVectors
    time: Clock
    guild: int = 1
    channel: int = 11
    maker: int = 7

    async def feed(self, *, channel: int | None = None, name: str = "", **settings: Any) -> Feed:
        return await self.parts.office.desk.make_feed(
            self.guild, channel or self.channel, self.maker, settings_of(**settings), name
        )

    async def alert(self, **settings: Any) -> Feed:
        return await self.parts.office.desk.make_alert(self.maker, settings_of(**settings))

    async def known(self, feed: Feed) -> Feed:
        """As it is now."""
        known = await self.parts.feeds.known(feed.number)
        assert known
        return known

    async def put(
        self, *titles: str, about: str = "decoding", source: str = "hugging-face", **facts: Any
    ) -> None:
        """Papers come."""
        told = [Account(title=title, abstract=f"{ABOUT[about]} {title}.", **facts) for title in titles]
        await self.store.put(told, source=source, now=self.time())

    async def arrive(self, *titles: str, **facts: Any) -> None:
        """Papers come, and are encoded."""
        await self.put(*titles, **facts)
        await self.encode()

    async def encode(self) -> None:
        ids = await waiting(self.store, self.vectors)
        await encode_missing(self.store, self.vectors, WORDS, at_once, ids, nothing)

    async def paper(self, title: str) -> Paper:
        [found] = await self.store.by_title(title)
        return found

    async def plan(self, *, was_down: bool = False) -> int:
        return await self.parts.planner.plan_due(was_down=was_down)

    async def queued(self, feed: Feed) -> list[Delivery]:
        """All messages of a feed, the first one first."""
        return (await self.parts.outbox.history(feed.number, limit=1000))[::-1]

    async def posts(self, feed: Feed) -> list[Post]:
        """What of them is not sent yet."""
        return [one.post for one in await self.queued(feed) if one.post]

    async def titles(self, feed: Feed) -> list[str]:
        return [item.paper.title for post in await self.posts(feed) for item in post.items]

    async def told(self) -> list[str]:
        """What the makers of feeds are to be told."""
        notices = select(deliveries).where(deliveries.c.lane == "notice", deliveries.c.state == "waiting")
        return [one.post.topic for one in await self.parts.outbox._read(notices) if one.post]


@dataclass
class Press(Newsroom):
    """The same in a simulated Discord."""

    @property
    def server(self) -> simcord.GuildHandle:
        """The one whose channel it is."""
        assert self.stage.channel.guild
        return self.stage.channel.guild

    def __init__(self, newsroom: Newsroom, poster: Poster, stage: Stage) -> None:
        parts, guild = newsroom.parts, stage.env.bot.guilds[0].id
        super().__init__(
            parts, newsroom.store, newsroom.vectors, newsroom.time, guild, stage.channel.id, stage.ada.id
        )
        self.poster = poster
        self.stage = stage

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
            text([dict(part.to_dict()) for part in message.components])
            for message in (channel or self.stage.channel).history()
        ]


def settings_of(**settings: Any) -> Settings:
    usual: dict[str, Any] = {"schedule": INSTANT, "style": "cards"}
    return Settings(**usual | settings)


class NoQuotes:
    """Finds nothing worth quoting."""

    async def quotes_for_topic(self, topic: str, papers: Sequence[Paper]) -> Mapping[str, Quote]:  # noqa: ARG002
        return {}


@pytest.fixture
def newsroom(engine: AsyncEngine, store: PaperStore, vectors: StoredVectors, time: Clock) -> Newsroom:
    judge = TopicScores(WORDS, vectors, at_once)
    return Newsroom(FeedParts(engine, store, judge, NoQuotes(), at_once, time), store, vectors, time)


@pytest.fixture
def press(
    stage: Stage, feed_parts: FeedParts, store: PaperStore, vectors: StoredVectors, time: Clock
) -> Press:
    poster = poster_of(feed_parts, stage.env.bot)
    return Press(Newsroom(feed_parts, store, vectors, time), poster, stage)


def poster_of(parts: FeedParts, bot: discord.Client) -> Poster:
    return Poster(parts.outbox, DiscordMessenger(bot), parts.aftermath, parts.bell, parts.clock)
