"""What one message of a feed says, frozen when it fell due: what comes later changes nothing of it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from corpus.paper import Paper

Form = Literal["card", "digest", "thread", "nothing", "notice"]
"""One paper's card, a list of papers, a paper with a thread of its own, that nothing came, or a word to one person, `topic`."""


@dataclass(frozen=True, slots=True)
class Item:
    """A paper in a post, without its abstract. `score` is None where the feed has no topic.

    `sentence` is the one of its abstract that fits the topic best, or its first; `marks` are the words in it that match.
    """

    paper: Paper
    score: float | None = None
    sentence: str = ""
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Post:
    """One message.

    `topic` is the feed's query, empty if it takes everything. Best papers first. `looked_at` counts all papers that came since the
    last time, `below` those on something else than the topic, `left` those that fit and are not in it because more came than it takes, and
    `too_old` those that fit and were older than what is caught up with. `since` is the time of the last post; `is_late`:
    it catches up with what was missed. `role` is mentioned.
    """

    form: Form
    feed: str
    topic: str
    items: tuple[Item, ...]
    looked_at: int = 0
    below: int = 0
    left: int = 0
    too_old: int = 0
    since: datetime | None = None
    until: datetime | None = None
    is_late: bool = False
    role: int | None = None
    tags: tuple[str, ...] = ()
