"""One message on its way: where it goes, and how far it is. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.feeds.feed import Feed
from bot.feeds.post import Post

Lane = Literal["cards", "digest", "alert", "notice"]
"""What a paper comes once in, in one place: a digest may name again what came as a card, and an alert is a reader's own."""
State = Literal["waiting", "sending", "threading", "posted", "refused", "unknown", "expired", "split"]
"""It waits; it is being sent, or was when the process ended; it stands, and its thread does not yet; it stands; Discord does
not take it; nobody can tell whether it stands; it waited too long; it became several."""
_ID_LENGTH = 22


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message of the outbox.

    `id` is the nonce that Discord is given with it, and stands in the message's buttons. `place` is a channel or, of alerts and
    notices, a person; `channel` and `message` are known once it stands.
    """

    id: str
    feed: int
    lane: Lane
    place: int
    post: Post | None
    state: State
    papers: int
    made: datetime
    claimed: datetime | None = None
    tries: int = 0
    channel: int | None = None
    message: int | None = None
    done: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a feed posts this time, and how far it is then: one transaction.

    `slot` names the time, so that the same time makes the same deliveries; `passed` are papers that fitted and are in none of
    the posts, with the reason.
    """

    feed: Feed
    slot: str
    posts: tuple[Post, ...]
    passed: tuple[tuple[str, str], ...]
    seen: int
    ran: datetime | None
    due: datetime | None


def lane_of(feed: Feed) -> Lane:
    """The lane that a feed posts in."""
    if feed.kind == "alert":
        return "alert"
    return "digest" if feed.settings.style == "digest" else "cards"


def place_of(feed: Feed) -> int:
    """The channel that a feed posts in, or the person whom an alert reaches."""
    return feed.user if feed.channel is None else feed.channel


def delivery_id(feed: int, slot: str, part: str) -> str:
    """The same for the same message, whoever computes it and when; Discord allows a nonce 25 characters."""
    return hashlib.sha256(f"{feed}|{slot}|{part}".encode()).hexdigest()[:_ID_LENGTH]
