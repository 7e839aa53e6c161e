"""What was said before, per person and place: for half an hour, in memory only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.chat.answered import Answered
from bot.library import ResultList
from corpus.paper import Paper
from retrieval.query import Query

KEPT = timedelta(minutes=30)
MOST = 5000
"""Conversations that are remembered at once; the one that was silent longest is forgotten first."""

Where = tuple[int, int]
"""A person and a place: their ids."""


@dataclass(slots=True)
class Conversation:
    """What a conversation is about.

    `listed` are the papers that numbers stand for, by what was shown numbered last: a list, papers beside each other, quotes.
    `results` is the list, if it was one, `query` the search that gave it, if one did, `page` which of its pages was shown last,
    and `list_id` the name under which it is kept. `topic` is what was searched or asked last, without a follow-up's words, and
    `rests_on` the papers that the last answer is of, which is `answered`; `has_papers`: they were chosen, not found. `kept` is
    the name under which what was shown last is kept. `heard` is when something was said last, `said` how often something was.
    """

    heard: datetime
    said: int = 0
    listed: tuple[str, ...] = ()
    results: ResultList | None = None
    query: Query | None = None
    list_id: str = ""
    page: int = 0
    topic: str = ""
    rests_on: tuple[str, ...] = ()
    has_papers: bool = False
    answered: Answered | None = None
    kept: str = ""

    @property
    def shown(self) -> int:
        """How many papers numbers can stand for."""
        return len(self.listed)

    def be_about_list(self, results: ResultList, list_id: str, query: Query | None) -> None:
        """A list was shown."""
        self.results, self.list_id, self.page, self.query = results, list_id, 0, query
        self.listed = tuple(hit.paper_id for hit in results.hits)
        self.answered, self.kept = None, f"list:{list_id}"
        self.topic = query.words if query else results.topic
        self.rests_on, self.has_papers = (), False

    def be_about_answer(self, answered: Answered, answer_id: str) -> None:
        """An answer was shown: by a number the paper of a quote is meant, or one of the nearest."""
        self._leave_list()
        numbered = {quote.number: quote.paper_id for quote in answered.quotes}
        self.listed = tuple(numbered[number] for number in sorted(numbered)) or answered.misses
        self.answered, self.kept = answered, f"answer:{answer_id}"
        self.topic = answered.topic
        self.rests_on, self.has_papers = answered.asked or answered.rests_on, bool(answered.asked)

    def be_about_papers(self, papers: Sequence[Paper], *, are_numbered: bool = False) -> None:
        """Papers were shown; `are_numbered`: in place of the list that there was."""
        self.rests_on, self.has_papers = tuple(paper.id for paper in papers), True
        self.topic = papers[0].title if len(papers) == 1 else ""
        self.answered, self.kept = None, ""
        if are_numbered:
            self._leave_list()
            self.listed = self.rests_on

    def _leave_list(self) -> None:
        self.results, self.query, self.list_id = None, None, ""


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
        self._forget_old(now)
        return known

    def restore(self, where: Where, before: Conversation) -> None:
        """Take back what was said last, since it is edited; if more was said after it, nothing is taken back."""
        if (known := self._conversations.get(where)) and known.said == before.said + 1:
            self._conversations[where] = replace(before)

    def _forget_old(self, now: datetime) -> None:
        for where in list(self._conversations):
            is_old = now - self._conversations[where].heard > KEPT
            if not is_old and len(self._conversations) <= MOST:
                return
            del self._conversations[where]

    def forget(self, where: Where) -> bool:
        """End the conversation there; whether there was one."""
        return self._conversations.pop(where, None) is not None
