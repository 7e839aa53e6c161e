"""Papers side by side: what each abstract states of the same things, in its own words. Pure.

A cell is a quotation: a sentence, or of a long one the part around what it states. What no sentence states is not stated;
nothing is worked out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.paper import Paper
from retrieval.representation import split_sentences
from retrieval.statements import Aspect, Statement, has_figure, stated
from retrieval.summing_up import sum_up

Row = Literal["result", "speed-up", "memory", "hardware", "model size", "data", "code"]
ROWS: tuple[Row, ...] = ("result", "speed-up", "memory", "hardware", "model size", "data", "code")

_WHOLE = 140  # characters: a longer sentence is cut to the part that matters
_ROOM = 60  # characters around it, at least
_OWN = re.compile(
    r"\b(?:we|our|results?|experiments?|evaluations?|show\w*|demonstrat\w+|achiev\w+|outperform\w*|evaluated|validate\w*|"
    r"applied|trained on|built upon|release|improve\w*|deliver\w*)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"^(?:while|despite|although|currently|recently|nevertheless|however|unfortunately|early|existing|the (?:shape|softmax)|"
    r"a single|moreover, the stringent|the escalating|language models)\b|\b(?:previous designs|has emerged|have emerged)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[,;:](?=\s)|\s(?=(?:while|but|compared|achieving|demonstrating)\s)")


_IN_TIMES = re.compile(r"(?:[x×]|fold|times)$")
_MEASURED = re.compile(r"\b(?:results?|experiments?|evaluations?|validate)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one paper states: `quote` stands so in its abstract, cut before or after if it is not a whole sentence.

    `number` is the paper's in the grid, from 1. `link` is where its code is; a link that the abstract does not show has no
    quote.
    """

    number: int
    quote: str
    is_cut_before: bool = False
    is_cut_after: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """`cells` has for every row one entry a paper, in the papers' order; None: not stated."""

    paper_ids: tuple[str, ...]
    cells: dict[Row, tuple[Cell | None, ...]]


def compare(papers: Sequence[Paper]) -> Grid:
    """What the abstracts state, side by side."""
    split = [split_sentences(paper.abstract) for paper in papers]
    return Grid(
        tuple(paper.id for paper in papers),
        {
            row: tuple(
                _cell(row, paper, sentences, number)
                for number, (paper, sentences) in enumerate(zip(papers, split, strict=True), start=1)
            )
            for row in ROWS
        },
    )


def _cell(row: Row, paper: Paper, sentences: Sequence[str], number: int) -> Cell | None:
    """What a paper states of one thing."""
    if row == "result":
        result = sum_up(paper).result
        return None if result is None else Cell(number, result)
    if row == "code":
        return _code(paper, sentences, number)
    return _best(row, sentences, number)


def _best(aspect: Aspect, sentences: Sequence[str], number: int) -> Cell | None:
    found = [
        (_weight(sentence, statements), -place, sentence, statements)
        for place, sentence in enumerate(sentences)
        if (statements := stated(aspect, sentence))
    ]
    if not found:
        return None
    weight, _, sentence, statements = max(found, key=lambda one: one[:2])
    if weight <= 0:
        return None
    quote = _part(sentence, statements)
    return Cell(number, quote, not sentence.startswith(quote), not sentence.endswith(quote))


def _weight(sentence: str, statements: Sequence[Statement]) -> float:
    """How much it is about the paper's own work: what others do is not what this paper states of itself."""
    exact = any(one.is_exact for one in statements)
    own = 1.0 * bool(_OWN.search(sentence)) + 0.5 * bool(_MEASURED.search(sentence))
    factor = 0.4 * any(_IN_TIMES.search(sentence[slice(*one.span)]) for one in statements)
    return 0.5 + exact + factor + own + 0.3 * has_figure(sentence) - 3.0 * bool(_OTHERS.search(sentence))


def _code(paper: Paper, sentences: Sequence[str], number: int) -> Cell | None:
    link = paper.code_url
    if link:
        for sentence in sentences:
            if link in sentence:
                return Cell(number, sentence, link=link)
        return Cell(number, "", link=link)
    for sentence in reversed(sentences):
        if stated("code", sentence) and not _OTHERS.search(sentence):
            return Cell(number, sentence)
    return None


def _part(sentence: str, statements: Sequence[Statement]) -> str:
    """A long sentence from the break before its first statement to the one after its last, if that is shorter."""
    if len(sentence) <= _WHOLE:
        return sentence
    first = statements[0].span[0]
    end = max(
        (one.span[1] for one in statements if one.span[1] - first <= _WHOLE), default=statements[0].span[1]
    )
    starts = [0, *(match.end() for match in _BREAK.finditer(sentence) if match.end() <= first)]
    ends = [*(match.start() for match in _BREAK.finditer(sentence) if match.start() >= end), len(sentence)]
    start = next((place for place in reversed(starts) if end - place >= _ROOM), 0)
    stop = next((place for place in ends if place - start >= _ROOM), len(sentence))
    return sentence[start:stop].strip()
