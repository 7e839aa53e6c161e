"""An answer and a comparison as they are kept and shown: values, without the papers they name. Pure."""

from dataclasses import dataclass

from bot.llm.claims import Claim
from retrieval.answer import Quoted
from retrieval.comparing import ROWS, Row


@dataclass(frozen=True, slots=True)
class Answered:
    """What was said on a question.

    `topic` is what the conversation is about, for a follow-up; `searched` the question with it, as it was searched. `asked`
    are the only papers that were to answer; empty: all of the `corpus`, which counts them. Where `claims` are, a `model`
    wrote them and each rests on the quotes that it cites; otherwise the quotes are the answer. `note` is what a reader
    should know: why it is quoted although there is a model, or that the question is not English.
    """

    question: str
    topic: str
    searched: str
    refused: bool
    quotes: tuple[Quoted, ...] = ()
    misses: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    corpus: int = 0
    claims: tuple[Claim, ...] = ()
    model: str = ""
    note: str = ""

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The papers that are cited, or else the nearest."""
        cited = tuple(dict.fromkeys(quote.paper_id for quote in self.quotes))
        return cited or self.asked or self.misses

    @property
    def shown(self) -> tuple[str, ...]:
        """The papers whose cards are shown with it."""
        return self.misses if self.refused else tuple(dict.fromkeys(quote.paper_id for quote in self.quotes))


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison: which papers, and of what. `unknown` are aspects that were asked for and that no abstract is read for."""

    ids: tuple[str, ...]
    rows: tuple[Row, ...] = ROWS
    unknown: tuple[str, ...] = ()
