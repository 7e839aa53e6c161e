"""What the corpus says on a question. Pure values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence of a paper's abstract, word for word, and its number in the answer, from 1."""

    number: int
    paper_id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says on a question, best paper first.

    `refused`: no sentence here answers it. Then there are no quotes, and `misses` are the papers nearest to it.
    """

    question: str
    refused: bool
    quotes: tuple[Quoted, ...] = ()
    misses: tuple[str, ...] = ()
