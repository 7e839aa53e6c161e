"""What a feed posts: a paper's card, a digest of several, or that nothing came. Pure."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from discord import SelectOption, ui
from discord.utils import format_dt

from bot.cards import custom_ids
from bot.cards.paper import (
    WIDE,
    Room,
    days_of,
    describe_date,
    facts_line,
    framed,
    keywords_line,
    links_line,
    quiet_button,
    with_picture,
)
from bot.cards.text import emphasised, escaped, link, shorten, visible
from bot.feeds.post import Item, Post
from corpus.paper import Paper

MOST_SHOWN = 25
"""Papers of one post: as many can be chosen from one menu."""
_MESSAGE = 4000  # characters that Discord allows in all
_FEED, _TOPIC = 80, 150  # characters of a feed's name, and of what it is about
_NOTICE = 2000
_LABEL = 100  # characters of an option, and of a thread's name
_UNTITLED = "Untitled"
# A client makes a mention of these; a thread's name and an option know no escapes.
_MASS_MENTION = re.compile(r"@+(?=everyone|here)", re.IGNORECASE)
_MENTION = re.compile(r"<+(?=[@#:/]|a:|t:|id:)")


@dataclass(frozen=True, slots=True)
class _Rooms:
    """How much of a digest is shown: of its first paper, and of each other one, linked if its address is no longer."""

    lead: Room
    rest: Room
    address: int = 110
    has_facts: bool = True
    has_links: bool = True


_WIDEST = _Rooms(WIDE, Room(title=140, name=40, sentence=0))
# Titles are cut when all else is gone: 25 ordinary papers fit with whole ones. 25 fit the last whatever they say.
_NARROWER = (
    _Rooms(WIDE, Room(title=100, name=30, sentence=0)),
    _Rooms(Room(120, 40, 200), Room(title=80, name=20, sentence=0), address=60),
    _Rooms(Room(120, 40, 200, own_links=False), Room(title=100, name=0, sentence=0), 60, has_facts=False),
    _Rooms(Room(100, 30, 150), Room(title=60, name=0, sentence=0), 60, has_facts=False, has_links=False),
    _Rooms(Room(80, 20, 80), Room(title=40, name=0, sentence=0), 60, has_facts=False, has_links=False),
)


def post_view(post: Post, *, token: str) -> ui.LayoutView:
    """The message. The bot finds it again by the button with the token; nothing in it mentions anybody but `post.role`.

    It shows as many papers as `shown_of` says; without any it says that nothing came, whatever its form.
    """
    if post.form == "notice":
        return _view(post, _framed(escaped(post.topic, _NOTICE), _row(_why(token))))
    if not shown_of(post):
        return _view(post, ui.TextDisplay(_nothing(post)), _row(_why(token)))
    return _digest_view(post, token) if post.form == "digest" else _card_view(post, token)


def shown_of(post: Post) -> int:
    """How many of a post's papers its message shows: the first so many."""
    if post.form in {"nothing", "notice"}:
        return 0
    return min(len(post.items), MOST_SHOWN if post.form == "digest" else 1)


def thread_name(post: Post) -> str:
    """The title of the paper, or a digest's feed and day, as a thread or a forum post is called.

    Plain, never empty, at most 100 characters.
    """
    if post.form == "digest" and post.until:
        return _plain(
            f"{shorten(visible(post.feed), _LABEL - 20)} · {describe_date(post.until.date())}", _LABEL
        )
    return _plain(post.items[0].paper.title if post.items else post.feed, _LABEL)


def _card_view(post: Post, token: str) -> ui.LayoutView:
    item = post.items[0]
    head = "\n".join([f"-# {_new(post)}", *_head(item, WIDE)])
    small = "\n".join([*_keywords(item.paper), links_line(item.paper, WIDE), *_late(post)])
    buttons = _row(*_reading(item.paper), _why(token))
    return _view(post, _framed(with_picture(head, item.paper), small, buttons))


def _digest_view(post: Post, token: str) -> ui.LayoutView:
    view = _digest(post, token, _WIDEST)
    for rooms in _NARROWER:
        if view.content_length() <= _MESSAGE:
            break
        view = _digest(post, token, rooms)
    return view


def _digest(post: Post, token: str, rooms: _Rooms) -> ui.LayoutView:
    shown = post.items[: shown_of(post)]
    lead, *rest = shown
    head = "\n".join([*_heading(post), *_head(lead, rooms.lead, _match(lead), number="1 · " if rest else "")])
    small = [*_keywords(lead.paper), links_line(lead.paper, rooms.lead)] if rooms.has_links else []
    parts: list[str | ui.Item[Any]] = [
        with_picture(head, lead.paper),
        "\n".join(small),
        _row(*_reading(lead.paper)),
    ]
    if rest:
        lines = [_line(number, item, rooms) for number, item in enumerate(rest, 2)]
        parts += [ui.Separator(), "\n".join(lines), _row(_menu(shown, token))]
    parts += ["\n".join([*_counts(post), *_late(post)]), _row(_why(token))]
    return _view(post, _framed(*parts))


def _heading(post: Post) -> list[str]:
    count = len(post.items)
    papers = "1 new paper" if count == 1 else f"{count} new papers"
    name, topic = _named(post)
    small = " · ".join(part for part in (name, _period(post)) if part)
    return [f"## {papers}{topic}", *([f"-# {small}"] if small else [])]


def _head(item: Item, room: Room, *more: str, number: str = "") -> list[str]:
    """Title, facts and sentence."""
    paper = item.paper
    facts = facts_line(paper, room, days_of(paper), *more)
    quote = emphasised(item.sentence, item.marks, room.sentence)
    title = f"### {number}{link(paper.title, paper.url, room.title)}"
    return [title, *([facts] if facts else []), *([f"> {quote}"] if quote else [])]


def _line(number: int, item: Item, rooms: _Rooms) -> str:
    """A paper in the list: its title, and a small line of facts below."""
    paper, room = item.paper, rooms.rest
    is_linked = len(paper.url) <= rooms.address
    title = link(paper.title, paper.url, room.title) if is_linked else escaped(paper.title, room.title)
    facts = facts_line(paper, room, _match(item), named=1) if rooms.has_facts else ""
    # No list of Discord's own, which would be numbered anew below the first paper.
    line = f"**{number}** · {title or _UNTITLED}"
    return f"{line}\n-# {facts}" if facts else line


def _match(item: Item) -> str:
    return "" if item.score is None else f"{item.score:.0%} match"


def _keywords(paper: Paper) -> list[str]:
    words = keywords_line(paper)
    return [words] if words else []


def _new(post: Post) -> str:
    """Which feed's a card is: `New on “speculative decoding” · Decoding watch`."""
    name, topic = _named(post)
    return " · ".join(part for part in (f"New{topic}" if topic else "New", name) if part)


def _named(post: Post) -> tuple[str, str]:
    """The feed's name and `on “its topic”`; what is empty or says the same is left out."""
    name, topic = escaped(post.feed, _FEED), escaped(post.topic, _TOPIC)
    called, about = visible(post.feed).casefold(), visible(post.topic).casefold()
    is_cut = called.endswith("…") and about.startswith(called[:-1])  # a name made from a long topic
    return ("" if called == about or is_cut else name, f" on “{topic}”" if topic else "")


def _period(post: Post) -> str:
    """From when to when, by the reader's own clock."""
    since, until = post.since, post.until
    if since and until:
        style = "f" if until - since < timedelta(days=1) else "D"
        return f"{format_dt(since, style)} – {format_dt(until, style)}"
    return f"until {format_dt(until, 'f')}" if until else f"since {format_dt(since, 'f')}" if since else ""


def _counts(post: Post) -> list[str]:
    """What is not shown, and how many there were."""
    lines: list[str] = []
    if more := len(post.items) - shown_of(post):
        lines.append(f"… and {more:,} more")
    if post.looked_at:
        came = f"{post.looked_at:,} paper{'' if post.looked_at == 1 else 's'} came in all"
        lines.append(came + (f", {post.below:,} of them on something else" if post.below else ""))
    return [f"-# {line}" for line in lines]


def _late(post: Post) -> list[str]:
    """What a reader of any post should know of those that are not in it."""
    known = {
        f"{post.left:,} more fit and {'is' if post.left == 1 else 'are'} not listed: more came than a post takes": post.left,
        f"{post.too_old:,} more fit and {'was' if post.too_old == 1 else 'were'} too old to catch up with": post.too_old,
        "Catching up after a pause": post.is_late,
    }
    return [f"-# {words}" for words, holds in known.items() if holds]


def _nothing(post: Post) -> str:
    name, topic = _named(post)
    since = f" since {format_dt(post.since, 'f')}" if post.since else " since the last time"
    looked_at = (
        f"{post.looked_at:,} paper{' was' if post.looked_at == 1 else 's were'} looked at"
        if post.looked_at
        else "no paper came in at all"
    )
    said = [f"-# Nothing new{topic}{since}: {looked_at}", name]
    return "\n".join([" · ".join(part for part in said if part), *_late(post)])


def _reading(paper: Paper) -> list[ui.Button[Any]]:
    return [
        quiet_button("Abstract", custom_ids.abstract(paper.id)),
        quiet_button("Similar", custom_ids.similar(paper.id)),
    ]


def _why(token: str) -> ui.Button[Any]:
    return quiet_button("Why this?", custom_ids.post(token))


def _menu(items: tuple[Item, ...], token: str) -> ui.Select[Any]:
    """The papers to choose from; Discord takes no value twice."""
    labels: dict[str, str] = {}
    for number, item in enumerate(items, 1):
        labels.setdefault(item.paper.id, _plain(f"{number}. {item.paper.title}", _LABEL))
    options = [SelectOption(label=label, value=paper_id) for paper_id, label in labels.items()]
    return ui.Select(custom_id=custom_ids.post_paper(token), placeholder="Read an abstract…", options=options)


def _plain(text: str, limit: int) -> str:
    """The text where Discord reads no markup; without the mentions that its clients make all the same."""
    harmless = _MENTION.sub("", _MASS_MENTION.sub("", visible(text[: 10 * limit])))
    return shorten(harmless.strip(), limit) or _UNTITLED


def _row(*items: ui.Item[Any]) -> ui.ActionRow[Any]:
    row: ui.ActionRow[Any] = ui.ActionRow()
    for item in items:
        row.add_item(item)
    return row


def _framed(*parts: str | ui.Item[Any]) -> ui.Container[Any]:
    """The parts in a frame; empty texts are left out, which Discord does not take."""
    return framed(*(part for part in parts if part))


def _view(post: Post, *parts: ui.Item[Any]) -> ui.LayoutView:
    """The parts, below the role that is mentioned."""
    view = ui.LayoutView(timeout=None)
    mention: list[ui.Item[Any]] = [] if post.role is None else [ui.TextDisplay(f"<@&{post.role}>")]
    for part in [*mention, *parts]:
        view.add_item(part)
    return view
