"""What a feed has done, would have done, and why. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from discord import ButtonStyle, ui
from discord.utils import format_dt

from bot.cards import custom_ids
from bot.cards.feeds import fitting, kept_lines, row_of, view_of
from bot.cards.paper import describe_date
from bot.cards.text import escaped, link
from bot.feeds.delivery import Delivery, State
from bot.feeds.feed import Feed
from bot.feeds.rehearsed import Judged, Rehearsed, Why

_NAME, _TOPIC, _TITLE, _TITLE_ALONE = 80, 150, 90, 180  # characters
_REASON, _RULE, _VERDICT = 100, 200, 300
_POSTED, _KEPT_OUT = 2200, 1000  # characters of all papers that would have been posted, and that would not
_RULES, _REASONS = 2500, 3600  # of all rules, and of why all papers of a post are in it
_HISTORY = 3300
# What became of a message, as an administrator calls it.
_STATES: dict[State, str] = {
    "posted": "posted",
    "threading": "posted, its thread is to come",
    "waiting": "waiting",
    "sending": "being sent",
    "refused": "set aside",
    "expired": "set aside",
    "unknown": "given up: perhaps posted",
    "split": "split into several",
}


@dataclass(frozen=True, slots=True)
class _Room:
    """How many characters of a title and of a rule are told of a paper of a post, and whether all rules are."""

    title: int
    rule: int
    tells_all: bool


_WHY_ROOMS = (
    _Room(_TITLE, _RULE, tells_all=True),
    _Room(60, 80, tells_all=False),
    _Room(40, 50, tells_all=False),
)


def rehearsal_view(rehearsed: Rehearsed) -> ui.LayoutView:
    """What a feed would have posted in the last days, what it would just not have, and a threshold to choose."""
    topic = escaped(rehearsed.topic, _TOPIC)
    about = [
        f"“{topic}”" if topic else "",
        f"{_papers(rehearsed.looked_at)} looked at",
        "" if rehearsed.threshold is None else f"threshold {rehearsed.threshold:.2f}",
    ]
    of_days = "day" if rehearsed.days == 1 else f"{rehearsed.days} days"
    count = _papers(len(rehearsed.posted)) if rehearsed.posted else "No paper"
    head = [
        f"### {escaped(rehearsed.feed, _NAME) or 'This feed'}, rehearsed",
        f"-# {' · '.join(filter(None, about))}",
        f"**{count} would have been posted in the last {of_days}**",
        fitting(rehearsed.posted, _judged, _POSTED),
    ]
    kept_out = fitting(rehearsed.kept_out, _judged, _KEPT_OUT)
    return view_of(
        "\n".join(filter(None, head)),
        f"**The best of those kept out**\n{kept_out}" if kept_out else "",
        *_proposal(rehearsed),
    )


def why_view(why: Why) -> ui.LayoutView:
    """Why a feed takes a paper, or does not: rule by rule."""
    posted = escaped(why.posted or "", _VERDICT)
    if why.posted and why.url:
        posted = link(why.posted, why.url, _VERDICT)
    lines = [
        f"### {link(why.paper.title, why.paper.url, _TITLE_ALONE)}",
        " · ".join(filter(None, (escaped(why.feed, _NAME), escaped(why.verdict, _VERDICT)))),
        fitting(why.rules, lambda rule: _rule(*rule, _RULE), _RULES),
        f"-# {posted}" if posted else "",
    ]
    return view_of("\n".join(filter(None, lines)))


def why_post_view(whys: Sequence[Why]) -> ui.LayoutView:
    """Why each paper of a post is in it."""
    if not whys:
        return view_of("No paper is in this post.")
    name = escaped(whys[0].feed, _NAME) or "this feed"
    tellings = [partial(_reasons, room=room) for room in _WHY_ROOMS]
    told = next(
        (tell for tell in tellings if len(kept_lines(whys, tell, _REASONS)) == len(whys)), tellings[-1]
    )
    return view_of(f"### Why {name} posted this\n{fitting(whys, told, _REASONS)}")


def history_view(
    feed: Feed, deliveries: Sequence[Delivery], *, totals: Mapping[State, int] | None = None
) -> ui.LayoutView:
    """The last messages of a feed, as they are given, and what became of all of them: `totals`."""
    if not deliveries and not totals:
        return view_of(f"### {escaped(feed.name, _NAME) or 'This feed'}\nNothing has been posted yet.")
    counts: dict[str, int] = {}
    for state, count in (totals or {}).items():
        counts[_STATES[state]] = counts.get(_STATES[state], 0) + count
    told = " · ".join(f"{count:,} {words}" for words, count in counts.items() if count)
    return view_of(
        f"### {escaped(feed.name, _NAME) or 'This feed'}: its last posts",
        fitting(deliveries, lambda delivery: _entry(feed, delivery), _HISTORY),
        f"-# In all: {told}" if told else "",
    )


def _reasons(why: Why, room: _Room) -> str:
    """A paper's title, and its rules, or the last of them, which is the topic's where there is one."""
    rules = why.rules if room.tells_all else why.rules[-1:]
    lines = [f"-# {_rule(holds, rule, room.rule)}" for holds, rule in rules]
    return "\n".join([link(why.paper.title, why.paper.url, room.title), *lines])


def _judged(judged: Judged) -> str:
    """`0.71 · A title · 26 Nov 2026`; why it is kept out below."""
    facts = [
        "" if judged.score is None else f"`{judged.score:.2f}`",
        link(judged.paper.title, judged.paper.url, _TITLE),
        describe_date(judged.day) if judged.day else "",
    ]
    line = " · ".join(filter(None, facts))
    reason = escaped(judged.reason, _REASON)
    return f"{line}\n-# kept out: {reason}" if reason else line


def _proposal(rehearsed: Rehearsed) -> list[str | ui.Item[ui.LayoutView]]:
    """The threshold to choose, if another than the present one is proposed."""
    proposed = rehearsed.proposed
    if proposed is None:
        return []
    a_day = "" if rehearsed.per_day is None else f" for about {rehearsed.per_day:g} a day"
    if rehearsed.threshold is not None and f"{proposed:.2f}" == f"{rehearsed.threshold:.2f}":
        return [f"The present threshold is the one{a_day}."] if a_day else []
    button: ui.Button[ui.LayoutView] = ui.Button(
        label=f"Use {proposed:.2f}",
        style=ButtonStyle.primary,
        custom_id=custom_ids.feed_threshold(rehearsed.number, proposed),
    )
    return [f"Proposed: a threshold of **{proposed:.2f}**{a_day}.", row_of(button)]


def _rule(holds: bool, words: str, room: int) -> str:
    return f"{'✓' if holds else '✗'} {escaped(words, room)}"


def _entry(feed: Feed, delivery: Delivery) -> str:
    """`26 November 2026 09:00 · 7 papers · posted`, linked where it stands."""
    what = _what(delivery)
    if delivery.channel and delivery.message:
        place = f"{feed.guild or '@me'}/{delivery.channel}/{delivery.message}"
        what = link(what, f"https://discord.com/channels/{place}", len(what))
    line = f"{format_dt(delivery.done or delivery.made, 'f')} · {what} · {_STATES[delivery.state]}"
    reason = escaped(delivery.reason, _REASON)
    return f"{line}\n-# {reason}" if reason else line


def _what(delivery: Delivery) -> str:
    if delivery.lane == "notice":
        return "a notice"
    if not delivery.papers:
        return "that nothing came"
    one = "a card" if delivery.lane == "cards" else _papers(1)
    return one if delivery.papers == 1 else f"a digest of {_papers(delivery.papers)}"


def _papers(count: int) -> str:
    return f"{count:,} paper{'' if count == 1 else 's'}"
