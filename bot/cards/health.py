"""How the bot is, and what it may do in a server's channels: for those who look after the server. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from discord import ui
from discord.utils import format_dt

from bot.cards.feeds import fitting, view_of, without_permission
from bot.cards.text import escaped

_ROUND = timedelta(minutes=2)
"""The loop goes round every few seconds; longer, and something is wrong."""
_NAME, _WHY, _OTHER, _ERROR = 60, 120, 250, 300  # characters
_PAUSED, _CHANNELS = 1500, 3300  # of all that are paused, and of all channels


@dataclass(frozen=True, slots=True)
class Health:
    """How the bot is now.

    `ticked` is when the feeds' loop last went round; `paused` are this server's feeds that are stopped, with the reason, and
    `paused_elsewhere` counts all others. `last_error` is for the owner alone. `latency` is in seconds; None: not
    known. `late` counts commands and presses that came too late to be answered, since the start.
    """

    now: datetime
    ticked: datetime | None
    feeds: int
    due: int
    waiting: int
    set_aside: int
    unknown: int
    posted: int
    closed: int
    errors: int
    papers: int
    latency: float | None = None
    late: int = 0
    paused: tuple[tuple[str, str], ...] = ()
    paused_elsewhere: int = 0
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class CheckedChannel:
    """What the bot may do in a channel: `held` and `missing` are permissions, as Discord's settings call them.

    `feeds` counts those that post there; `others` are what else is wrong, in words.
    """

    channel: int
    feeds: int
    is_seen: bool = True
    held: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def health_view(health: Health) -> ui.LayoutView:
    """How the feeds' loop, the outbox and the connection are."""
    latency = "not known" if health.latency is None else f"{health.latency * 1000:,.0f} ms"
    lines = [
        "### How I am",
        _loop(health),
        f"**Feeds and alerts** {health.feeds:,}, of which {health.due:,} due now",
        _messages(health),
        *([f"**Channels closed to me** {health.closed:,}; I try again by myself"] if health.closed else []),
        _errors(health),
        f"**Gateway latency** {latency}",
        *([f"⚠ **Too late to be answered** {health.late:,} since my start"] if health.late else []),
        f"**Papers** {health.papers:,}",
    ]
    return view_of("\n".join(lines), _paused(health))


def setup_view(channels: Sequence[CheckedChannel], *, has_feeds: bool = True) -> ui.LayoutView:
    """Channel by channel what the bot may do, and what it lacks; `has_feeds`: whether the server has any."""
    wrong = [one for one in channels if not one.is_seen or one.missing or one.others]
    head = f"Something is missing in {_count(len(wrong), 'channel')}." if wrong else "Nothing is missing."
    note = "" if has_feeds else "-# No feed posts in this server yet: make one with `/feed create`."
    ranked = [*wrong, *(one for one in channels if one not in wrong)]
    return view_of(f"### Permissions\n{head}", fitting(ranked, _checked, _CHANNELS), note)


def _loop(health: Health) -> str:
    if health.ticked is None:
        return "⚠ **Feeds’ loop** has not gone round yet"
    mark = "✓" if abs(health.now - health.ticked) <= _ROUND else "⚠"
    return f"{mark} **Feeds’ loop** last went round {format_dt(health.ticked, 'R')}"


def _messages(health: Health) -> str:
    counts = {
        "posted": health.posted,
        "waiting": health.waiting,
        "set aside": health.set_aside,
        "perhaps posted": health.unknown,
    }
    return f"**Messages** {' · '.join(f'{count:,} {what}' for what, count in counts.items())}"


def _errors(health: Health) -> str:
    if not health.errors:
        return "**Errors** none"
    last = escaped(health.last_error, _ERROR)
    return f"**Errors** {health.errors:,}" + (
        f", the last: {last}" if last else "; the operator’s log says more"
    )


def _paused(health: Health) -> str:
    def line(paused: tuple[str, str]) -> str:
        name, why = escaped(paused[0], _NAME), escaped(paused[1], _WHY)
        return f"⏸ {name}{f': {why}' if why else ''}"

    lines = ["**Paused here**", fitting(health.paused, line, _PAUSED)] if health.paused else []
    if health.paused_elsewhere:
        lines.append(f"-# Paused in other places: {health.paused_elsewhere:,}")
    return "\n".join(lines)


def _checked(channel: CheckedChannel) -> str:
    of_feeds = f" · {_count(channel.feeds, 'feed')}" if channel.feeds else ""
    head = f"**<#{channel.channel}>**{of_feeds}"
    if not channel.is_seen:
        return f"✗ {head}\n-# It is deleted, archived, or hidden from me."
    if not channel.missing and not channel.others:
        return f"✓ {head}: nothing is missing\n-# ✓ {', '.join(channel.held)}"
    lines = [
        f"✗ {head}",
        *(f"-# ✗ {name}: without it {without_permission(name)}" for name in channel.missing),
        *(f"-# ✗ {escaped(words, _OTHER)}" for words in channel.others),
        *([f"-# ✓ {', '.join(channel.held)}"] if channel.held else []),
    ]
    return "\n".join(lines)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
