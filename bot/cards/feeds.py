"""A channel's feeds and a reader's alerts: all of them, one with its settings, and whether it is to go. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from discord import ButtonStyle, ui
from discord.utils import format_dt

from bot.cards import custom_ids
from bot.cards.paper import framed, quiet_button
from bot.cards.text import escaped
from bot.feeds.feed import Feed, Kind, Origin, Style

_T = TypeVar("_T")
MOST_LISTED = 25
"""Feeds of a list that are named; the others are counted."""
_NAME, _TOPIC, _WHY = 80, 300, 300  # characters of a feed's name, of its query, and of why it is paused
_PROBLEM, _PROBLEMS = 250, 1200  # characters of one, and of all
_TAGS = 200
_MESSAGE = 4000  # characters that Discord allows in all
ORIGINS: dict[Origin, str] = {"hugging-face": "Hugging Face", "arxiv": "arXiv", "files": "imported files"}
_STYLES: dict[Style, str] = {
    "cards": "a message for each paper",
    "digest": "one digest",
    "forum": "a forum post or thread for each paper",
}
# As Discord's own settings call them, and what fails without them.
_PERMISSIONS = {
    "view_channel": ("View Channel", "the channel cannot be seen"),
    "read_messages": ("View Channel", "the channel cannot be seen"),
    "send_messages": ("Send Messages", "nothing can be posted"),
    "send_messages_in_threads": ("Send Messages in Threads", "nothing can be posted in threads"),
    "create_public_threads": ("Create Public Threads", "papers get no thread of their own"),
    "embed_links": ("Embed Links", "links and pictures may be missing"),
    "read_message_history": (
        "Read Message History",
        "a post cannot be looked for after the connection broke: it is not made again, and may be missing",
    ),
    "mention_everyone": (
        "Mention @everyone, @here, and All Roles",
        "a role that not everybody may mention is not notified",
    ),
}
_WITHOUT = dict(_PERMISSIONS.values())


@dataclass(frozen=True, slots=True)
class _Line:
    """How many characters of a feed in a list are its name, its topic and why it is paused, and whether it says when."""

    name: int
    topic: int
    why: int
    says_when: bool = True


_WIDEST = _Line(60, 120, 100)
_NARROWER = (_Line(40, 50, 40), _Line(30, 40, 0, says_when=False))  # 25 fit the last


def feed_view(
    feed: Feed,
    *,
    when: str,
    topic: str | None = None,
    problems: Sequence[str] = (),
    posts: int = 0,
    last: datetime | None = None,
) -> ui.LayoutView:
    """A feed's settings in words, and what can be done with it.

    `when` are the words of `bot.feeds.schedule.describe`, `topic` those for its query, if it is not to be shown as it was
    written, `problems` keep it from posting, `posts` counts what it has posted so far, and `last` says when. It mentions the
    role, so it is to be sent without any mention allowed.
    """
    latest = f", the last {format_dt(last, 'R')}" if last else ""
    lines = [
        f"### {_state(feed)} {_name(feed)}",
        *_wants(feed, topic),
        *_posts(feed, when),
        *_next(feed),
        f"-# {_count(posts, 'post')} so far{latest}",
    ]
    warnings = fitting(problems, lambda problem: f"⚠ {escaped(problem, _PROBLEM)}", _PROBLEMS)
    return view_of("\n".join(lines), warnings, _buttons(feed))


def feeds_view(feeds: Sequence[tuple[Feed, str]], *, kind: Kind = "feed") -> ui.LayoutView:
    """All feeds of a server, or alerts of a reader, each with the words of `bot.feeds.schedule.describe`."""
    if not feeds:
        return view_of(_NONE[kind])
    view = _list(feeds, kind, _WIDEST)
    for line in _NARROWER:
        if view.content_length() <= _MESSAGE:
            break
        view = _list(feeds, kind, line)
    return view


def confirm_delete_view(feed: Feed) -> ui.LayoutView:
    """Whether the feed is really to go."""
    where = f" in <#{feed.channel}>" if feed.channel else ""
    row = row_of(
        ui.Button(
            label="Delete",
            style=ButtonStyle.danger,
            custom_id=custom_ids.feed_deed("delete-now", feed.number),
        ),
        quiet_button("Keep", custom_ids.feed_deed("keep", feed.number)),
    )
    return view_of(
        f"### Delete {_name(feed)}?\nIt posts no more{where}, and its settings are gone. What it has posted stays.",
        row,
    )


def missing_permissions(names: Iterable[str]) -> list[str]:
    """A line for each permission that the bot lacks where it is to post: for `feed_view`.

    They are called as by discord.py, or as in Discord's settings.
    """
    lines: list[str] = []
    for name in names:
        label, without = _PERMISSIONS.get(name) or (name, _WITHOUT.get(name, ""))
        if not without:
            label, without = name.replace("_", " ").title(), "posting may fail"
        lines.append(f"The bot lacks the permission “{label}” there: without it {without}.")
    return list(dict.fromkeys(lines))


def without_permission(label: str) -> str:
    """What fails without a permission, which is called as in Discord's settings."""
    return _WITHOUT.get(label, "posting may fail")


def fitting(values: Sequence[_T], line: Callable[[_T], str], room: int) -> str:
    """A line for each value, as many as there is room for, and how many were left out."""
    kept = kept_lines(values, line, room)
    more = len(values) - len(kept)
    return "\n".join([*kept, f"-# … and {more:,} more"] if more else kept)


def kept_lines(values: Iterable[_T], line: Callable[[_T], str], room: int) -> list[str]:
    """A line for each value, as many as there is room for."""
    kept: list[str] = []
    taken = 0
    for value in values:
        shown = line(value)
        taken += len(shown) + 1  # and the end of the line
        if taken > room:
            break
        kept.append(shown)
    return kept


def row_of(*items: ui.Item[Any]) -> ui.ActionRow[Any]:
    """Buttons beside each other, or one select."""
    row: ui.ActionRow[Any] = ui.ActionRow()
    for item in items:
        row.add_item(item)
    return row


def view_of(*parts: str | ui.Item[Any]) -> ui.LayoutView:
    """The parts in a frame; empty texts are left out, which Discord does not take."""
    view = ui.LayoutView(timeout=None)
    view.add_item(framed(*(part for part in parts if part)))
    return view


_NONE: dict[Kind, str] = {
    "feed": "### No feeds yet\nA feed posts new papers on a topic in a channel of this server. Make one with `/feed create`.",
    "alert": "### No alerts yet\nAn alert tells you of new papers on a topic by direct message. Make one with `/alert add`.",
}


def _wants(feed: Feed, topic: str | None) -> list[str]:
    settings = feed.settings
    query = escaped(settings.query if topic is None else topic, _TOPIC)
    told = " or ".join(ORIGINS[origin] for origin in settings.sources) or "every source"
    least = [
        "" if settings.threshold is None else f"a score of {settings.threshold:.2f}",
        "" if settings.min_upvotes is None else _count(settings.min_upvotes, "upvote"),
    ]
    needed = " and ".join(filter(None, least))
    return [
        f"**About** {f'“{query}”' if query else 'everything that comes'}",
        f"**From** {told}",
        *([f"**At least** {needed}"] if needed else []),
        *(
            [f"**New** from {_count(settings.backlog_days, 'day')} before it was made"]
            if settings.backlog_days
            else []
        ),
    ]


def _posts(feed: Feed, when: str) -> list[str]:
    settings = feed.settings
    if feed.kind == "alert":
        return [f"**Comes** {when}, as a direct message", *_most(feed)]
    where = f" in <#{feed.channel}>" if feed.channel else ""
    tags = escaped(", ".join(settings.tags), _TAGS)
    return [
        f"**Posts** {when}{where}, as {_STYLES[settings.style]}",
        *_most(feed),
        f"**When nothing comes** it says {'nothing' if settings.skip_empty else 'so'}",
        *([f"**Mentions** the role <@&{settings.mention_role}>"] if settings.mention_role else []),
        *([f"**Forum tags** {tags or 'those that fit the paper'}"] if settings.style == "forum" else []),
    ]


def _most(feed: Feed) -> list[str]:
    most = feed.settings.max_items
    return [f"**At most** {_count(most, 'paper')} at a time"] if most else []


def _next(feed: Feed) -> list[str]:
    if feed.is_paused:
        why = escaped(feed.why, _WHY)
        return [f"**Paused**{f': {why}' if why else ''}"]
    return [f"**Next** {format_dt(feed.due, 'f')}, {format_dt(feed.due, 'R')}"] if feed.due else []


def _buttons(feed: Feed) -> ui.ActionRow[Any]:
    number = feed.number
    turn = ("Resume", "resume") if feed.is_paused else ("Pause", "pause")
    return row_of(
        ui.Button(label="Test", style=ButtonStyle.primary, custom_id=custom_ids.feed_deed("test", number)),
        quiet_button("Edit", custom_ids.feed_deed("edit", number)),
        quiet_button(turn[0], custom_ids.feed_deed(turn[1], number)),
        ui.Button(label="Delete", style=ButtonStyle.danger, custom_id=custom_ids.feed_deed("delete", number)),
    )


def _list(feeds: Sequence[tuple[Feed, str]], kind: Kind, room: _Line) -> ui.LayoutView:
    lines = [_line(feed, when, room) for feed, when in feeds[:MOST_LISTED]]
    more = len(feeds) - len(lines)
    return view_of(
        "\n".join([f"### {_count(len(feeds), kind)}", *lines, *([f"-# … and {more:,} more"] if more else [])])
    )


def _line(feed: Feed, when: str, room: _Line) -> str:
    """`▶ Decoding watch · #papers · “speculative decoding”`, and below when it posts and next will."""
    topic = escaped(feed.settings.query, room.topic)
    first = [
        f"{_state(feed)} {escaped(feed.name, room.name)}",
        f"<#{feed.channel}>" if feed.channel else "",
        f"“{topic}”" if topic else "everything",
    ]
    why = escaped(feed.why, room.why) if room.why else ""
    small = [
        when if room.says_when else "",
        *([f"paused{f': {why}' if why else ''}"] if feed.is_paused else []),
    ]
    if feed.due and not feed.is_paused:
        small.append(f"next {format_dt(feed.due, 'R')}")
    below = " · ".join(filter(None, small))
    return " · ".join(filter(None, first)) + (f"\n-# {below}" if below else "")


def _state(feed: Feed) -> str:
    return "⏸" if feed.is_paused else "▶"


def _name(feed: Feed) -> str:
    return escaped(feed.name, _NAME) or f"{feed.kind} {feed.number}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
