"""Of the papers that came, which does a feed post, and in what form? Pure: the caller brings papers, scores and the clock.

Few papers come one by one, if that is how the feed posts. After a pause, and where more come at once than anybody reads, it
is one digest, and what does not fit is counted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.feeds.feed import Feed
from bot.feeds.judging import Candidate, Wish, kept_out
from bot.feeds.post import Form, Item, Post

CAUGHT_UP = timedelta(hours=72)
"""How far a feed that was stopped looks back; a weekly one looks back a week."""
_WEEK = timedelta(days=7)
MOST_IN_DIGEST = 10
MOST_AT_ONCE = 100
"""Papers that come one by one. A day of Daily Papers has fewer; an import of thousands floods nobody."""

PassedOver = Literal["more", "old"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a feed posts of what came: `fitting` best first, and how many it does not.

    `below` are on something else than the topic, `more` fitted and are more than it takes, `old` fitted and are older than
    what is caught up with.
    """

    fitting: tuple[Candidate, ...]
    looked_at: int
    below: int
    more: tuple[Candidate, ...]
    old: tuple[Candidate, ...]
    form: Form
    is_late: bool


def choose(
    feed: Feed,
    wish: Wish,
    came: Sequence[Candidate],
    threshold: float,
    *,
    now: datetime,
    is_late: bool,
    uncounted: int = 0,
) -> Choice:
    """What to post of the papers that came and were not posted before; `uncounted` came, too, and are not among them."""
    verdicts = [(one, kept_out(feed, wish, one, threshold)) for one in came]
    fitting = [one for one, rule in verdicts if rule is None]
    old = tuple(one for one in fitting if _is_old(one, feed, now)) if is_late else ()
    left = set(map(id, old))
    ranked = sorted((one for one in fitting if id(one) not in left), key=_rank)
    settings = feed.settings
    one_by_one = settings.style != "digest" and not is_late
    most = settings.max_items or (MOST_AT_ONCE if one_by_one else MOST_IN_DIGEST)
    if one_by_one and len(ranked) > MOST_AT_ONCE and not settings.max_items:
        one_by_one, most = False, MOST_IN_DIGEST
    form: Form = "digest"
    if one_by_one:
        form = "thread" if settings.style == "forum" else "card"
    return Choice(
        tuple(ranked[:most]),
        len(came) + uncounted,
        sum(rule == "topic" for _, rule in verdicts),
        tuple(ranked[most:]),
        old,
        form,
        is_late,
    )


def posts(
    feed: Feed, wish: Wish, choice: Choice, items: Sequence[Item], *, now: datetime, at_most: int
) -> list[Post]:
    """The messages that say it, `items` being the chosen papers in their order; a digest shows `at_most` of them.

    Nothing where nothing came, unless the feed is to say so.
    """
    frame = Post(
        choice.form,
        feed.name,
        wish.topic,
        (),
        looked_at=choice.looked_at,
        below=choice.below,
        left=len(choice.more),
        too_old=len(choice.old),
        since=feed.ran,
        until=now,
        is_late=choice.is_late,
        tags=feed.settings.tags,
    )
    if not items:
        speaks = not feed.settings.skip_empty and feed.settings.schedule.rhythm != "instant"
        return [_with(frame, "nothing", ())] if speaks else []
    size = at_most if choice.form == "digest" else 1
    parts = [tuple(items[start : start + size]) for start in range(0, len(items), size)]
    first = _with(frame, choice.form, parts[0], role=feed.settings.mention_role)
    # Counts and mention stand once, however many messages it takes.
    others = replace(frame, looked_at=len(items), below=0, left=0, too_old=0)
    return [first, *(_with(others, choice.form, part) for part in parts[1:])]


def _with(post: Post, form: Form, items: Iterable[Item], role: int | None = None) -> Post:
    return replace(post, form=form, items=tuple(items), role=role)


def _is_old(candidate: Candidate, feed: Feed, now: datetime) -> bool:
    window = _WEEK if feed.settings.schedule.rhythm == "weekly" else CAUGHT_UP
    day = candidate.paper.day
    return day is not None and day < (now - window).date()


def _rank(candidate: Candidate) -> tuple[float, float, float, str]:
    """The closest to the topic first, then the most upvoted, then the newest."""
    paper = candidate.paper
    newest = paper.day.toordinal() if paper.day else 0
    return (-(candidate.score or 0), -(paper.upvotes or 0), -newest, paper.id)
