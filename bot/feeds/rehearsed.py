"""What a feed would have posted, and why it takes a paper or does not, as they are handed to the cards. Pure."""

from dataclasses import dataclass
from datetime import date

from corpus.paper import Paper


@dataclass(frozen=True, slots=True)
class Judged:
    """A paper as a feed's rules see it.

    `score` is None where the feed has no topic, `day` the one on which it would have been posted, and `reason` why it would
    not have been: what follows “kept out: ”.
    """

    paper: Paper
    score: float | None = None
    day: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a feed would have posted in the last days.

    `number` is the feed's. `posted` are all papers that it would have posted, in the order in which they are to be shown, and
    `kept_out` the best of the others. `proposed` is the threshold that lets through about `per_day` papers a day; None: none
    is proposed.
    """

    number: int
    feed: str
    topic: str
    days: int
    looked_at: int
    posted: tuple[Judged, ...]
    kept_out: tuple[Judged, ...] = ()
    threshold: float | None = None
    proposed: float | None = None
    per_day: float | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Why a feed takes a paper, or does not: each rule, whether the paper keeps to it, and what it says.

    `verdict` is the outcome in words. `posted` says when it was posted, if it was, and `url` is that message's address.
    """

    paper: Paper
    feed: str
    rules: tuple[tuple[bool, str], ...]
    verdict: str
    posted: str | None = None
    url: str | None = None
