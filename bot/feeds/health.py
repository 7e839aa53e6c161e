"""How the feeds are, for /health and `papercord status`."""

from dataclasses import dataclass
from datetime import datetime

from bot.feeds.delivery import State
from bot.state.feeds import FeedStore
from bot.state.loop_states import FEEDS, LoopStates
from bot.state.outbox import Outbox
from corpus.events import Events


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """What the feeds are doing, and what is wrong.

    `ticked` is when the loop last went round (None: never), `due` how many feeds' time has come, `waiting` how many messages
    are to be sent, `set_aside` how many Discord did not take, `unknown` how many may or may not stand. `paused` are the feeds and alerts that are stopped, with the reason; `closed` counts places that are tried again later.
    """

    ticked: datetime | None
    errors: int
    last_error: str
    feeds: int
    due: int
    waiting: int
    set_aside: int
    unknown: int
    posted: int
    closed: int
    paused: tuple[tuple[str, str], ...]


async def feed_health(
    feeds: FeedStore, outbox: Outbox, events: Events, states: LoopStates, *, now: datetime
) -> FeedHealth:
    """The state of all feeds and alerts now."""
    loop = await states.get(FEEDS)
    totals: dict[State, int] = await outbox.totals()
    return FeedHealth(
        ticked=loop.ticked if loop else None,
        errors=loop.errors if loop else 0,
        last_error=loop.last_error if loop else "",
        feeds=await feeds.count(),
        due=len(await feeds.due(now, await events.last())),
        waiting=sum(totals.get(state, 0) for state in ("waiting", "sending", "threading")),
        set_aside=totals.get("refused", 0),
        unknown=totals.get("unknown", 0),
        posted=totals.get("posted", 0),
        closed=len(await outbox.closed()),
        paused=tuple((feed.name, feed.why) for feed in await feeds.paused()),
    )
