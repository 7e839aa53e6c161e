"""How often the verdict is right: questions refused that should be, and passed that should be.

    python -m benchmarks.refusal [--data DIR] [KIND…]

Over benchmarks/refusal/*.jsonl, a file for each kind of question; without DIR of the bundled papers. Lines 0, 2, 4 … calibrated the verdict; the others
check it. A kind is asked only of a corpus that it is meant for: `near` of one that has not these topics of machine
learning, `in_corpus_bundled` of the bundled papers, `in_corpus_ml` of thousands of papers of machine learning.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click

from benchmarks.corpus import opened
from retrieval.query import Filters, Query
from retrieval.search import Ask

_OF_BUNDLED = ("in_corpus_bundled", "off_topic", "hard", "near")
QUESTIONS = Path(__file__).with_suffix("")
_ANSWERED = "in_corpus"

Split = Literal["tune", "check"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question; `kind` is the name of its file."""

    text: str
    kind: str
    split: Split

    @property
    def has_answer(self) -> bool:
        """Whether a corpus that it is meant for has something on it."""
        return self.kind.startswith(_ANSWERED)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many questions of a kind and split were judged rightly: passed if they have an answer, else refused."""

    kind: str
    split: Split
    asked: int
    right: int

    @property
    def percent(self) -> float:
        """From 0 to 100."""
        return 100 * self.right / self.asked


def read_questions(kinds: Sequence[str], folder: Path = QUESTIONS) -> list[Question]:
    """The questions of these kinds, in the order of their files."""
    return [
        Question(json.loads(line)["question"], kind, "check" if number % 2 else "tune")
        for kind in kinds
        for number, line in enumerate((folder / f"{kind}.jsonl").read_text("utf-8").splitlines())
    ]


def judge(questions: Iterable[Question], ask: Callable[[str], bool]) -> Iterator[tuple[Question, bool]]:
    """Each question and whether `ask`, which says if something was found, was right about it."""
    return ((question, ask(question.text) == question.has_answer) for question in questions)


def tabulate(judged: Iterable[tuple[Question, bool]]) -> list[Tally]:
    """One tally for each kind and split that was asked, in the order in which they came."""
    verdicts: dict[tuple[str, Split], list[bool]] = {}
    for question, right in judged:
        verdicts.setdefault((question.kind, question.split), []).append(right)
    return [Tally(kind, split, len(rights), sum(rights)) for (kind, split), rights in verdicts.items()]


def lines_of(tallies: Iterable[Tally]) -> list[str]:
    """The tallies as lines to print."""
    return [
        f"{tally.kind:20} {tally.split:6} {_deed(tally)} {tally.percent:5.1f} % of {tally.asked}"
        for tally in tallies
    ]


def _deed(tally: Tally) -> str:
    return "passed " if tally.kind.startswith(_ANSWERED) else "refused"


@click.command()
@click.option(
    "--data", type=click.Path(path_type=Path, exists=True), help="A data folder whose papers are asked."
)
@click.argument("kinds", nargs=-1)
def main(data: Path | None, kinds: tuple[str, ...]) -> None:
    """Print a line for each kind of question and half."""
    for line in asyncio.run(_measure(data, kinds or _OF_BUNDLED)):
        click.echo(line)


async def _measure(data: Path | None, kinds: Sequence[str]) -> list[str]:
    async with opened(data) as parts:
        found: dict[str, bool] = {}
        questions = read_questions(kinds)
        for question in questions:
            text = question.text
            found[text] = (await parts.finder.find(Ask(Query(text, text, Filters()), 10))).found
    return lines_of(tabulate(judge(questions, found.__getitem__)))


if __name__ == "__main__":
    main()
