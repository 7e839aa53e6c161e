"""What a message to the bot can mean: the values the rules give. Pure.

Papers are named by their number in the last list (from 1, however many it has: the caller explains a number beyond it) or by
their arXiv id. Where both are empty, the ones that the conversation is about are meant.
"""

from dataclasses import dataclass
from typing import Literal

from bot.results import Sort

Kind = Literal["greeting", "thanks", "farewell", "praise", "insult", "acknowledgement"]


@dataclass(frozen=True, slots=True)
class OpenPaper:
    """Ids or links with little else: their cards."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pick:
    """One of the last list: its card."""

    number: int


@dataclass(frozen=True, slots=True)
class Narrow:
    """The last results once more, with these filters or words of the query language, or in another order.

    Said with nothing before it, a query that is not empty is a search of its own.
    """

    query: str
    sort: Sort | None = None


@dataclass(frozen=True, slots=True)
class Like:
    """Papers similar to these; `within` narrows them."""

    numbers: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()
    within: Narrow | None = None


@dataclass(frozen=True, slots=True)
class Compare:
    """These beside each other; `aspects` are in the person's words, empty: all there are."""

    numbers: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summarise:
    """What these say, in a few sentences."""

    numbers: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class More:
    """The next ones of the last list, or the ones before."""

    is_back: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Something to be answered that stands by itself; of these papers alone, if it names some."""

    text: str
    numbers: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something to be answered that only makes sense after what came before; of these papers, if it names some."""

    text: str
    numbers: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """Papers about something: `query` is in the query language, without the words that only ask for papers."""

    query: str
    sort: Sort | None = None


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """Nothing to find or to answer."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Help:
    """What the bot can do."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Forget this conversation; `rest` is what was said in the same breath, a message of its own."""

    rest: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """What the last answer rests on."""


@dataclass(frozen=True, slots=True)
class Empty:
    """No words: an emoji, punctuation, a picture without text."""


Intent = (
    OpenPaper
    | Pick
    | Like
    | Compare
    | Summarise
    | Narrow
    | More
    | Question
    | FollowUp
    | Search
    | SmallTalk
    | Help
    | Reset
    | Sources
    | Empty
)
