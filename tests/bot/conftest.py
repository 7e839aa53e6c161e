"""The real bot in a simulated Discord, with one server, one channel and two people."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import simcord
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.client import Papercord
from bot.library import Library
from bot.state.result_lists import ResultLists
from bot.state.synced_commands import SyncedCommands
from corpus.store import PaperStore


@dataclass(frozen=True)
class Stage:
    env: simcord.Env
    channel: simcord.ChannelHandle
    ada: simcord.MemberActor
    ben: simcord.MemberActor
    make_bot: Callable[[], Papercord]

    async def restart(self) -> None:
        """The bot's process ends and another begins, with nothing but the database in common."""
        await self.env.restart_bot(self.make_bot())


def looks_german(words: str) -> bool:
    return "Arbeiten über" in words


@pytest.fixture
def library(library: Library, store: PaperStore) -> Library:
    """The library of all tests, with an ear for one language."""

    async def language_of(words: str) -> str | None:
        return "German" if looks_german(words) else None

    return Library(store, library._finder, results=12, language_of=language_of)


@pytest.fixture
def make_bot(library: Library, engine: AsyncEngine) -> Callable[[], Papercord]:
    def make() -> Papercord:
        return Papercord(
            library, ResultLists(engine), SyncedCommands(engine), models=["words"], shard_count=1
        )

    return make


@pytest.fixture
def simcord_bot(make_bot: Callable[[], Papercord]) -> Papercord:
    return make_bot()


@pytest.fixture
def stage(simcord_env: simcord.Env, make_bot: Callable[[], Papercord]) -> Stage:
    guild = simcord_env.create_guild("Readers")
    channel = guild.create_text_channel("papers")
    ada = guild.add_member(simcord_env.create_user("ada"))
    ben = guild.add_member(simcord_env.create_user("ben"))
    return Stage(simcord_env, channel, ada, ben, make_bot)
