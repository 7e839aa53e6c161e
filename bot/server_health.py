"""How the bot is, as it is told to those who manage one server: of others' feeds they learn no names."""

from bot import clock
from bot.cards.health import Health
from bot.feeds.office import Office
from bot.library import Library


async def server_health(
    office: Office, library: Library, *, guild: int, latency: float, late: int, is_owner: bool
) -> Health:
    """The state now; what went wrong in words is the owner's alone to read.

    `latency` is in seconds and may be no number, `late` counts what came too late to be answered.
    """
    state = await office.health()
    here = [(feed.name, feed.why) for feed in await office.desk.of_guild(guild) if feed.is_paused]
    summary = await library.summary()
    return Health(
        now=clock.now(),
        ticked=state.ticked,
        feeds=state.feeds,
        due=state.due,
        waiting=state.waiting,
        set_aside=state.set_aside,
        unknown=state.unknown,
        posted=state.posted,
        closed=state.closed,
        errors=state.errors,
        papers=summary.papers,
        latency=latency if 0 <= latency < float("inf") else None,
        late=late,
        paused=tuple(here),
        paused_elsewhere=len(state.paused) - len(here),
        last_error=state.last_error if is_owner else "",
    )
