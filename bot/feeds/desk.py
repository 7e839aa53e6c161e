"""What people ask of feeds and alerts: make, change, stop, start, delete, and what became of them."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.errors import FeedTroubleError, UnknownFeedError
from bot.feeds.composing import CAUGHT_UP
from bot.feeds.delivery import Delivery, State, place_of
from bot.feeds.feed import BY_HAND, Feed, Settings
from bot.feeds.options import name_for
from bot.feeds.planner import Planner
from bot.feeds.schedule import next_run
from bot.state.feeds import FeedStore
from bot.state.outbox import Outbox
from corpus.events import Events

MOST_FEEDS, MOST_ALERTS = 50, 20
"""Of one server, and of one reader."""
_MOST_NUMBER = 2**63 - 1  # that a database takes; a person may type any


class Desk:
    """Takes orders for the feeds of one database."""

    def __init__(
        self,
        feeds: FeedStore,
        outbox: Outbox,
        events: Events,
        planner: Planner,
        bell: asyncio.Event,
        clock: Callable[[], datetime],
    ) -> None:
        """`bell` is set when there is something new to post."""
        self._feeds = feeds
        self._outbox = outbox
        self._events = events
        self._planner = planner
        self._bell = bell
        self._clock = clock
        self._making = asyncio.Lock()  # so that a button that is pressed twice at once makes one

    async def make_feed(
        self, guild: int, channel: int, user: int, settings: Settings, name: str = ""
    ) -> Feed:
        """A channel's feed; its first time is the next one. Raises FeedTroubleError, ScheduleError."""
        if len(await self._feeds.of_guild(guild)) >= MOST_FEEDS:
            raise FeedTroubleError(
                f"A server has at most {MOST_FEEDS} feeds. Delete one with /feed delete first."
            )
        return await self._make(Feed(0, "feed", name, guild, channel, user, settings, self._clock(), 0, 0))

    async def make_alert(self, user: int, settings: Settings, name: str = "") -> Feed:
        """A reader's alert. Raises FeedTroubleError, ScheduleError."""
        async with self._making:
            alerts = await self._feeds.of_user(user)
            if len(alerts) >= MOST_ALERTS:
                raise FeedTroubleError(
                    f"You have {MOST_ALERTS} alerts, the most there can be. Remove one with /alert remove."
                )
            if any(alert.settings == settings for alert in alerts):
                raise FeedTroubleError("You have exactly this alert already; /alert list shows it.")
            return await self._make(Feed(0, "alert", name, None, None, user, settings, self._clock(), 0, 0))

    async def feed(self, number: int, *, guild: int | None = None, user: int | None = None) -> Feed:
        """A server's feed, or a reader's alert. Raises UnknownFeedError."""
        if number > _MOST_NUMBER:
            raise UnknownFeedError
        return await self._feeds.get(number, guild=guild, user=user)

    async def named(self, given: str, *, guild: int | None = None, user: int | None = None) -> Feed:
        """The one of a server, or of a reader, that a person means: by its number, or by its whole name.

        Raises UnknownFeedError, and FeedTroubleError for a name that several have.
        """
        wanted = given.strip()
        if wanted.isdecimal() and len(wanted) <= len(str(_MOST_NUMBER)):
            with suppress(UnknownFeedError):
                return await self.feed(int(wanted), guild=guild, user=user)
        own = await self.of_guild(guild) if guild is not None else await self.of_user(user or 0)
        found = [feed for feed in own if feed.name.strip().casefold() == wanted.casefold()]
        if len(found) > 1:
            raise FeedTroubleError(
                f"{len(found)} go by the name “{found[0].name}”. Choose one from the list that opens while you type."
            )
        if not found:
            raise UnknownFeedError
        return found[0]

    async def posted_by(self, delivery: Delivery | None) -> Feed:
        """The feed whose message it is. Raises FeedTroubleError if that is deleted, or no such message is known."""
        feed = await self._feeds.known(delivery.feed) if delivery else None
        if feed is None:
            raise FeedTroubleError(
                "What posted this is deleted, so that I cannot say any more why it did. /paper says all of a paper."
            )
        return feed

    async def of_guild(self, guild: int) -> list[Feed]:
        """A server's feeds."""
        return await self._feeds.of_guild(guild)

    async def of_user(self, user: int) -> list[Feed]:
        """A reader's alerts."""
        return await self._feeds.of_user(user)

    async def change(self, feed: Feed, settings: Settings, **others: Any) -> Feed:
        """Give it other settings, another `name` or another `channel`. Raises ScheduleError."""
        now = self._clock()
        values: dict[str, Any] = {"settings": settings, **others}
        if settings.schedule != feed.settings.schedule:
            values["due"] = next_run(settings.schedule, ran=feed.ran, now=now)
        if feed.name == name_for(feed.settings) and "name" not in others:
            values["name"] = name_for(settings)
        await self._feeds.change(feed.number, **values)
        return replace(feed, **values)

    async def pause(self, feed: Feed) -> Feed:
        """Stop it until somebody lets it go on; what it has not posted yet waits."""
        await self._feeds.change(feed.number, is_paused=True, why=BY_HAND)
        return await self._again(feed)

    async def resume(self, feed: Feed) -> Feed:
        """Let it go on; what it missed comes as one digest, as far as it is not too old."""
        now = self._clock()
        due = feed.due or next_run(feed.settings.schedule, ran=feed.ran, now=now)
        await self._outbox.expire(place_of(feed), before=now - CAUGHT_UP, now=now)
        await self._feeds.resume(feed.number, due=due)
        self._bell.set()
        return await self._again(feed)

    async def delete(self, feed: Feed) -> None:
        """Forget it, and what it has not posted yet."""
        await self._outbox.drop(feed.number)
        await self._feeds.delete(feed.number)

    def ring(self) -> None:
        """There is something to post: a place is open again."""
        self._bell.set()

    async def run(self, feed: Feed) -> int:
        """Post now what has come since the last time; how many messages that is. Raises FeedTroubleError for a paused one."""
        if feed.is_paused:
            raise FeedTroubleError(f"“{feed.name}” is paused: {feed.why}. Let it go on first.")
        posts = await self._planner.plan_now(feed)
        self._bell.set()
        return posts

    async def history(self, feed: Feed, *, limit: int = 25) -> tuple[Sequence[Delivery], dict[State, int]]:
        """Its last messages, and how many there are in all, by what became of them."""
        return await self._outbox.history(feed.number, limit=limit), await self._outbox.totals(feed.number)

    async def untold(self, user: int) -> list[Feed]:
        """A reader's alerts that were stopped without their knowing; they are told now."""
        return await self._feeds.untold(user)

    async def _make(self, feed: Feed) -> Feed:
        now = feed.made
        if feed.settings.backlog_days:
            start = await self._events.last_before(now - timedelta(days=feed.settings.backlog_days))
        else:
            start = await self._events.last()
        due = next_run(feed.settings.schedule, ran=None, now=now)
        if due is None and feed.settings.schedule.rhythm != "instant":
            raise FeedTroubleError("This schedule never comes round. Choose another.")
        name = feed.name.strip() or name_for(feed.settings)
        return await self._feeds.make(replace(feed, name=name, start=start, seen=start, due=due))

    async def _again(self, feed: Feed) -> Feed:
        return await self._feeds.known(feed.number) or feed
