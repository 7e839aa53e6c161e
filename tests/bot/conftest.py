"""The real bot in a simulated Discord, with one server, one channel and two people who run it; the bot is Ada's."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

import discord
import pytest
import simcord
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.chat.answering import Answering, Writing
from bot.chat_wiring import ChatParts
from bot.client import Papercord
from bot.curator import Curator
from bot.feed_wiring import FeedParts
from bot.library import Library
from bot.llm.claims import Written
from bot.llm.errors import NoModelError
from bot.state.pending_imports import PendingImports
from bot.state.result_lists import ResultLists
from bot.state.synced_commands import SyncedCommands
from corpus.errors import UnreachableError
from corpus.source_states import SourceStates
from corpus.sources.source import Answer, Validator
from corpus.store import PaperStore
from corpus.sync import Sync
from retrieval.answers import Answerer
from retrieval.stored_vectors import StoredVectors
from retrieval.topic_scores import TopicScores
from tests.conftest import NOW, WORDS, at_once


@dataclass(frozen=True)
class Stage:
    env: simcord.Env
    channel: simcord.ChannelHandle
    ada: simcord.MemberActor
    ben: simcord.MemberActor
    make_bot: Callable[[], Papercord]

    async def restart(self) -> None:
        """The bot's process ends and another begins, with nothing but the database in common."""
        bot = self.make_bot()
        await self.env.restart_bot(bot)
        bot.let_own(self.ada.id)


def looks_german(words: str) -> bool:
    return "Arbeiten über" in words


@pytest.fixture
def library(library: Library, store: PaperStore) -> Library:
    """The library of all tests, with an ear for one language."""

    async def language_of(words: str) -> str | None:
        return "German" if looks_german(words) else None

    return Library(store, library._finder, results=12, language_of=language_of)


class Outside:
    """The hosts that papers come from, as a client meets them: each address answers as told, others are away."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.asked: list[str] = []
        self.was_asked = asyncio.Event()
        self.opens = asyncio.Event()
        """Nobody is answered before it is set; it is, unless a test clears it."""
        self.opens.set()

    async def get(
        self, url: str, params: Mapping[str, str] | None = None, *, validator: Validator | None = None
    ) -> Answer | None:
        assert validator is None, "no answer here can be recognised again"
        self.asked.append(f"{url}?{urlencode(params or {})}")
        self.was_asked.set()
        await self.opens.wait()
        for beginning, text in self.answers.items():
            if self.asked[-1].startswith(beginning):
                return Answer(text)
        raise UnreachableError(f"{url} does not answer. It is tried again later.")


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def news() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def make_curator(
    store: PaperStore, vectors: StoredVectors, engine: AsyncEngine, outside: Outside, news: asyncio.Event
) -> Callable[..., Curator]:
    def make(*, lines: Sequence[str] = ("hugging-face-daily",), now: datetime = NOW, **options) -> Curator:
        states = SourceStates(engine)
        sync = Sync(store, states, outside, lines, lambda: now)
        pending = PendingImports(engine)
        return Curator(store, states, vectors, sync, outside, pending, news, lambda: now, **options)

    return make


@pytest.fixture
def curator(make_curator: Callable[..., Curator]) -> Curator:
    return make_curator()


class Clock:
    """The bot's clock, which goes only when it is told to."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time

    def go(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def feed_parts(
    engine: AsyncEngine, store: PaperStore, vectors: StoredVectors, library: Library, time: Clock
) -> FeedParts:
    judge = TopicScores(WORDS, vectors, at_once)
    return FeedParts(engine, store, judge, library._finder, at_once, time)


class NoModel:
    """What writes answers where no model is configured."""

    has_model = False

    async def write(self, *_given: object, **_named: object) -> Written:
        raise NoModelError("no model is configured")


@pytest.fixture
def writing() -> Writing:
    return NoModel()


@pytest.fixture
def answering(library: Library, store: PaperStore, vectors: StoredVectors, writing: Writing) -> Answering:
    finder = library._finder
    answerer = Answerer(finder, store.get_many, vectors, WORDS, at_once)
    return Answering(answerer, writing, store.get_many, at_once, lambda: finder.papers, library._language_of)


@pytest.fixture
def make_bot(
    library: Library,
    engine: AsyncEngine,
    curator: Curator,
    feed_parts: FeedParts,
    answering: Answering,
    time: "Clock",
) -> Callable[[], Papercord]:
    def make() -> Papercord:
        lists, record = ResultLists(engine), SyncedCommands(engine)
        return Papercord(
            library,
            lists,
            record,
            curator=curator,
            office=feed_parts.office,
            chat=ChatParts(engine, library, answering, at_once, time),
            models=["words"],
            shard_count=1,
        )

    return make


@pytest.fixture
def simcord_bot(make_bot: Callable[[], Papercord]) -> Papercord:
    return make_bot()


@pytest.fixture
def stage(simcord_env: simcord.Env, make_bot: Callable[[], Papercord]) -> Stage:
    guild = simcord_env.create_guild("Readers")
    channel = guild.create_text_channel("papers")
    keepers = guild.create_role("keepers", permissions=discord.Permissions(manage_guild=True))
    ada = guild.add_member(simcord_env.create_user("ada"), roles=[keepers])
    ben = guild.add_member(simcord_env.create_user("ben"), roles=[keepers])
    simcord_env.settle_timeout = 60.0  # seconds; a busy machine is slow, and no bot that hangs
    assert isinstance(simcord_env.bot, Papercord)
    simcord_env.bot.let_own(ada.id)
    return Stage(simcord_env, channel, ada, ben, make_bot)
