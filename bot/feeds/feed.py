"""What a feed is: what it wants, when and where it posts it, and how far it is. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.feeds.schedule import Schedule

Kind = Literal["feed", "alert"]
"""A channel's feed, or a reader's alert, which comes as a direct message."""
Style = Literal["cards", "digest", "forum"]
"""A message a paper, a message for all of them, or a forum post (a thread, in a channel that is no forum) a paper."""
Origin = Literal["hugging-face", "arxiv", "files"]
"""Who told of a paper, as people choose it: `files` is whoever is neither Hugging Face nor arXiv."""

BY_HAND = "somebody paused it"
"""Why a feed is paused that its owner stopped: it alone is not let go on by anything that opens."""
FEWEST, MOST = 1, 50
"""Papers of one post, as far as they can be set."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person chose.

    `query` is in the query language of /find: its words are the topic, `"a phrase"` is required, `-word` excluded, `cat:` a
    category. `threshold` is the least score of a paper on the topic, from 0 to 1; None: the default. `max_items` is per
    post, None: the default of the style. `tags` are names of a forum's tags; () lets the papers choose.
    `backlog_days`: of how many days before it was made papers are new to it.
    """

    query: str = ""
    sources: tuple[Origin, ...] = ()
    schedule: Schedule = field(default_factory=Schedule)
    threshold: float | None = None
    min_upvotes: int | None = None
    max_items: int | None = None
    style: Style = "digest"
    mention_role: int | None = None
    skip_empty: bool = True
    tags: tuple[str, ...] = ()
    backlog_days: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed.

    `channel` is where it posts; of an alert None, since a reader's channel is known when it is opened. `user` made it. `why`
    says in words why it is paused. `start` is the event from which on papers are new to it, `seen` the last event that it
    has looked at, `ran` the time it last posted for, or was to, and `due` the next; None for instant ones and paused ones.
    """

    number: int
    kind: Kind
    name: str
    guild: int | None
    channel: int | None
    user: int
    settings: Settings
    made: datetime
    start: int
    seen: int
    is_paused: bool = False
    why: str = ""
    ran: datetime | None = None
    due: datetime | None = None
