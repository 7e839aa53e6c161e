"""What a person is told of a feed in a line or two: it is deleted, it posts now, it was stopped. Pure."""

from collections.abc import Sequence

from discord import ui

from bot.cards import custom_ids
from bot.cards.feeds import fitting, row_of, view_of
from bot.cards.paper import quiet_button
from bot.cards.text import escaped, shorten, visible
from bot.feeds.feed import Feed

_NAME, _WHY, _ALL = 80, 200, 2500  # characters
_LABEL = 80  # Discord's limit for a button
_IN_A_ROW, _MOST_BUTTONS = 5, 20


def deleted_view(feed: Feed) -> ui.LayoutView:
    """It is gone."""
    return view_of(f"{_named(feed)} is deleted.")


def ran_view(feed: Feed, posts: int) -> ui.LayoutView:
    """Whether something has come since the last time, and is posted now."""
    if not posts:
        return view_of(f"{_named(feed)} has nothing to post: nothing that fits has come since the last time.")
    messages = "1 message" if posts == 1 else f"{posts:,} messages"
    return view_of(f"{_named(feed)} posts now: {messages}. `/feed history` shows what became of it.")


def stopped_view(alerts: Sequence[Feed]) -> ui.LayoutView:
    """Alerts that were stopped without their reader's knowing, each with a button that lets it go on."""
    shown = alerts[:_MOST_BUTTONS]
    one = len(alerts) == 1
    head = f"### {'An alert of yours is' if one else f'{len(alerts)} alerts of yours are'} paused"
    lines = fitting(shown, lambda alert: f"⏸ {_named(alert)}: {escaped(alert.why, _WHY)}", _ALL)
    rows = [shown[start : start + _IN_A_ROW] for start in range(0, len(shown), _IN_A_ROW)]
    return view_of(f"{head}\n{lines}", *(row_of(*(_resume(alert) for alert in row)) for row in rows))


def _resume(alert: Feed) -> "ui.Button[ui.LayoutView]":
    label = shorten(f"Resume {visible(alert.name)}", _LABEL)
    return quiet_button(label, custom_ids.feed_deed("resume", alert.number))


def _named(feed: Feed) -> str:
    return f"**{escaped(feed.name, _NAME) or f'{feed.kind} {feed.number}'}**"
