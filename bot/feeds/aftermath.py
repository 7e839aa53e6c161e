"""What follows from how a message fared: feeds that are paused and go on, and who is told.

Nobody is told twice: what is told is a message of the outbox, too.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from bot.feeds.composing import CAUGHT_UP
from bot.feeds.delivery import Delivery
from bot.feeds.feed import Feed
from bot.feeds.sending import NotTakenError, PlaceClosedError, PlaceGoneError, SendingError
from bot.state.feeds import FeedStore
from bot.state.outbox import LONGEST_WAIT, Outbox

log = logging.getLogger(__name__)
TRIES = 3
"""Attempts after which a channel that is closed to us counts as closed, and its feeds are paused."""
_AGAIN = (timedelta(minutes=20), timedelta(minutes=45), timedelta(hours=1))
_NEVER = (timedelta(days=36_500),)  # a person who takes no messages: their alerts go on when they say so
MESSAGES_CLOSED = "You take no direct messages from me. Allow them, then let this go on."


class Aftermath:
    """Looks after feeds whose messages fail."""

    def __init__(self, outbox: Outbox, feeds: FeedStore, clock: Callable[[], datetime]) -> None:
        self._outbox = outbox
        self._feeds = feeds
        self._clock = clock
        self._closed: set[int] | None = None
        self._stopped: set[int] = set()  # feeds whose place is gone, by number

    async def posted(self, delivery: Delivery) -> None:
        """It stands: if its place counted as closed, it is open again."""
        if delivery.place in await self._closed_places():
            await self.reopen(delivery.place)

    async def lost(self, delivery: Delivery, words: str) -> None:
        """Whether it stands cannot be known, and it is not sent again: at most once. Its maker is told."""
        now = self._clock()
        feed = await self._feeds.known(delivery.feed)
        if feed and delivery.lane != "notice":
            said = (
                f"The connection broke while a post of {_named(feed)} was on its way, and I may not read what stands in the "
                "channel, so I do not know whether it is there. I do not post it again. With the permission Read Message "
                "History I could look."
            )
            await self._outbox.tell(feed.number, feed.user, said, slot=f"lost {delivery.id}", now=now)
        # Told first: who is killed in between tells it once more, which is once.
        await self._outbox.end(delivery.id, "unknown", now=now, reason=words)

    async def failed(self, delivery: Delivery, error: SendingError, *, looking: bool) -> None:
        """It was not posted; `looking`: not even whether it was could be found out."""
        now = self._clock()
        log.warning("Feed %s, message %s: %s", delivery.feed, delivery.id, error)
        if delivery.lane == "notice":  # who cannot be told is told by /feed list and `papercord status`
            await self._outbox.end(delivery.id, "refused", now=now, reason=str(error))
        elif isinstance(error, PlaceGoneError):
            await self._outbox.end(delivery.id, "refused", now=now, reason=str(error))
            if delivery.lane == "alert":
                await self._gone_reader(delivery.place, str(error))
            else:
                await self.gone(delivery.place, str(error))
        elif isinstance(error, PlaceClosedError):
            await self._close(delivery, str(error), looking=looking)
        elif isinstance(error, NotTakenError) and delivery.post and len(delivery.post.items) > 1:
            await self._outbox.split(delivery, now=now)
        else:
            await self._outbox.end(delivery.id, "refused", now=now, reason=str(error))

    async def gone(self, channel: int, words: str) -> None:
        """A channel is no more: its feeds are off, and their makers are told once."""
        await self._stop(await self._feeds.of_channel(channel), words)

    async def _gone_reader(self, user: int, words: str) -> None:
        """A person is no more: their alerts are off, and nobody is told, unless they come back and use a command."""
        for alert in await self._feeds.of_user(user):
            await self._feeds.pause(alert.number, words, untold=True)
            await self._outbox.drop(alert.number)

    async def left(self, guild: int, words: str) -> None:
        """A server is not ours to post in any more: its feeds are off, and their makers are told once."""
        await self._stop(await self._feeds.of_guild(guild), words)

    async def left_all_but(self, guilds: Collection[int], words: str) -> None:
        """We are in these servers alone: of any other that has feeds, what `left` says."""
        for guild in await self._feeds.guilds() - set(guilds):
            await self.left(guild, words)

    async def reopen(self, place: int) -> None:
        """A place can be posted in again: what waits there is sent, unless it is too old, and its feeds go on."""
        now = self._clock()
        await self._outbox.expire(place, before=now - CAUGHT_UP, now=now)
        await self._outbox.open(place)
        self._closed = None

    async def _close(self, delivery: Delivery, words: str, *, looking: bool) -> None:
        now = self._clock()
        is_person = delivery.lane == "alert"
        again = _NEVER if is_person else _AGAIN
        closed = await self._outbox.close(delivery.place, words, now=now, again=again)
        self._closed = None
        if looking:
            until = now + min(again[min(closed.tries, len(again)) - 1], LONGEST_WAIT)
            await self._outbox.doubt(delivery.id, until=until, reason=words)
        else:
            await self._outbox.put_off(delivery.id, until=now, reason=words)
            await self._drop_if_stopped(delivery.feed)
        if is_person:
            for alert in await self._feeds.of_user(delivery.place):
                await self._feeds.pause(alert.number, MESSAGES_CLOSED, untold=True)
        elif closed.tries >= TRIES and now - closed.since >= timedelta(hours=1):
            for feed in await self._feeds.of_channel(delivery.place):
                await self._pause(feed, words, f"closed {closed.since:%Y-%m-%d %H:%M}")

    async def _stop(self, feeds: Sequence[Feed], words: str) -> None:
        for feed in feeds:
            self._stopped.add(feed.number)
            await self._pause(feed, words, "gone")
            await self._outbox.drop(feed.number)

    async def _drop_if_stopped(self, number: int) -> None:
        """What was on its way when its place went is forgotten like what waited then."""
        feed = await self._feeds.known(number) if number in self._stopped else None
        if feed and feed.is_paused:
            await self._outbox.drop(number)

    async def _pause(self, feed: Feed, words: str, slot: str) -> None:
        if feed.is_paused:
            return
        said = f"{_named(feed)} is paused: {words}"
        # Told first: who is killed in between tells it once more, which is once a slot.
        await self._outbox.tell(feed.number, feed.user, said, slot=slot, now=self._clock())
        await self._feeds.pause(feed.number, words)

    async def _closed_places(self) -> set[int]:
        if self._closed is None:  # it changes here alone
            self._closed = {closed.place for closed in await self._outbox.closed()}
        return self._closed


def _named(feed: Feed) -> str:
    return f"The alert “{feed.name}”" if feed.kind == "alert" else f"The feed “{feed.name}”"
