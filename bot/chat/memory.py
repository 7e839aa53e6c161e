"""What was said before, per person and place: for half an hour, in memory only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat.answered import Answered
from bot.library import ResultList
from retrieval.query import Query

KEPT = timedelta(minutes=30)
MOST = 5000
"""Conversations that are remembered at once; the one that was silent longest is forgotten first."""

Where = tuple[int, int]
"""A person and a place: their ids."""


@dataclass(slots=True)
class Conversation:
    """What a conversation is about.

    `results` is the last list, `query` the search that gave it, if one did, `page` which of its pages was shown last, and
    `list_id` the name under which it is kept. `topic` is what was searched or asked last, without a follow-up's words, and
    `rests_on` the papers that the last answer is of, which is `answered`; `kept` is the name under which what was shown last is
    kept. `heard` is when something was said last.
    """

    heard: datetime
    results: ResultList | None = None
    query: Query | None = None
    list_id: str = ""
    page: int = 0
    topic: str = ""
    rests_on: tuple[str, ...] = ()
    answered: Answered | None = None
    kept: str = ""

    @property
    def shown(self) -> int:
        """How many papers the last list has."""
        return len(self.results.hits) if self.results else 0


class Memory:
    """The conversations of one bot."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._conversations: dict[Where, Conversation] = {}

    def of(self, where: Where) -> Conversation:
        """The conversation there, a new one if nothing was said for half an hour."""
        now = self._clock()
        known = self._conversations.pop(where, None)
        if known is None or not timedelta(0) <= now - known.heard <= KEPT:
            known = Conversation(now)
        known.heard = now
        self._conversations[where] = known  # the one that was heard last stands last
        while len(self._conversations) > MOST:
            del self._conversations[next(iter(self._conversations))]
        return known

    def forget(self, where: Where) -> bool:
        """End the conversation there; whether there was one."""
        return self._conversations.pop(where, None) is not None
