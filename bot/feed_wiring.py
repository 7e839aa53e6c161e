"""Builds the feeds' objects, over those that every command is made of."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import discord
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.feeds.aftermath import Aftermath
from bot.feeds.assessing import Assessor, TopicJudge
from bot.feeds.desk import Desk
from bot.feeds.explaining import Explainer
from bot.feeds.health import FeedHealth, feed_health
from bot.feeds.loop import FeedLoop
from bot.feeds.messenger import DiscordMessenger
from bot.feeds.news import Newsstand
from bot.feeds.office import Office
from bot.feeds.planner import Planner, Quoting
from bot.feeds.poster import Poster
from bot.state.feeds import FeedStore
from bot.state.loop_states import LoopStates
from bot.state.outbox import Outbox
from bot.state.posted import PostedPapers
from corpus.events import Events
from corpus.store import PaperStore
from retrieval.indexing import Blocking


class FeedParts:
    """What the feeds of one database are made of."""

    def __init__(
        self,
        engine: AsyncEngine,
        store: PaperStore,
        judge: TopicJudge,
        quoting: Quoting,
        run_blocking: Blocking,
        clock: Callable[[], datetime],
    ) -> None:
        self.clock = clock
        self.bell = asyncio.Event()
        self.states = LoopStates(engine)
        self.feeds = FeedStore(engine)
        self.outbox = Outbox(engine)
        self.events = Events(engine)
        self.aftermath = Aftermath(self.outbox, self.feeds, clock)
        posted, newsstand = PostedPapers(engine), Newsstand(store, self.events)
        assessor = Assessor(judge, run_blocking)
        self.planner = Planner(
            self.feeds,
            self.outbox,
            posted,
            self.events,
            newsstand,
            assessor,
            quoting,
            run_blocking,
            clock,
            self.bell.set,
        )
        desk = Desk(self.feeds, self.outbox, self.events, self.planner, self.bell, clock)
        explainer = Explainer(newsstand, assessor, posted, self.outbox, clock)
        self.office = Office(desk, explainer, self.aftermath, self.outbox, self.health)

    async def health(self) -> FeedHealth:
        """How the feeds are now."""
        return await feed_health(self.feeds, self.outbox, self.events, self.states, now=self.clock())

    def loop(
        self, bot: discord.Client, *, visited: Callable[[], bool], ready: Callable[[], Awaitable[None]]
    ) -> FeedLoop:
        """What plans and posts through this bot."""
        poster = Poster(self.outbox, DiscordMessenger(bot), self.aftermath, self.bell, self.clock)
        return FeedLoop(self.planner, poster, self.states, self.clock, visited=visited, ready=ready)
