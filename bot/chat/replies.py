"""What the bot says in a conversation, ready to be shown. Pure values; bot.cards.replies makes messages of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.chat.answered import Answered, Compared
from bot.chat.meanings import Kind
from bot.results import Page
from corpus.paper import Paper
from retrieval.comparing import Grid
from retrieval.summing_up import Summary

Level = Literal["brief", "full"]
Talked = Kind | Literal["help", "empty", "forgotten", "nothing to forget"]


@dataclass(frozen=True, slots=True)
class Said:
    """Words that are always the same."""

    kind: Talked


@dataclass(frozen=True, slots=True)
class Shown:
    """Papers, each as a card."""

    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list, which is kept under this id."""

    page: Page
    list_id: str


@dataclass(frozen=True, slots=True)
class AnswerReply:
    """An answer, which is kept under this id, and the papers that it names, by id. A draft has no id yet."""

    answered: Answered
    papers: Mapping[str, Paper]
    answer_id: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Papers beside each other, and what of; it is kept under this id."""

    compared: Compared
    papers: tuple[Paper, ...]
    grid: Grid
    answer_id: str


@dataclass(frozen=True, slots=True)
class Summed:
    """What each of some papers says."""

    papers: tuple[tuple[Paper, Summary], ...]
    level: Level = "full"


@dataclass(frozen=True, slots=True)
class Rests:
    """What the last answer rests on."""

    reply: AnswerReply


Reply = Said | Shown | Listed | AnswerReply | Comparison | Summed | Rests


def kept_as(reply: Reply) -> str:
    """The name under which what a reply shows is kept; "" if nothing is."""
    match reply:
        case AnswerReply():
            return f"answer:{reply.answer_id}"
        case Comparison():
            return f"comparison:{reply.answer_id}"
        case Listed():
            return f"list:{reply.list_id}"
        case Shown(papers):
            return _papers_as(papers)
        case Summed(papers):
            return _papers_as([paper for paper, _ in papers])
        case _:
            return ""


def _papers_as(papers: Sequence[Paper]) -> str:
    return f"papers:{','.join(paper.id for paper in papers)}"
