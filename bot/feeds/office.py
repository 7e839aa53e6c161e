"""The parts of the feeds that commands and events of Discord need, in one hand."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.feeds.aftermath import Aftermath
from bot.feeds.desk import Desk
from bot.feeds.explaining import Explainer
from bot.feeds.health import FeedHealth
from bot.state.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Office:
    """`desk` takes orders, `explainer` says why, `aftermath` hears of channels that close and open, `health` says how all is."""

    desk: Desk
    explainer: Explainer
    aftermath: Aftermath
    outbox: Outbox
    health: Callable[[], Awaitable[FeedHealth]]
