"""How well the check of a model's claims works: true claims that pass, false ones that are dropped.

    python -m benchmarks.claims [--sweep] [--show]

Over benchmarks/claims/*.jsonl, claims about the bundled papers written by hand: `paraphrases` are true; each of the
other files has one kind of falsehood. Lines 0, 2, 4 … tuned the rules and their limits; the others checked them.

`look_1` to `look_3`, both true and false, were each written when the rules seemed done, and their lies made to be hard:
a sentence's own words with one of them changed. At the first look 15 of 42, 9 of 35 and 5 of 30 lies passed, and 31 of 33,
18 of 20 and 15 of 20 true claims; after each look the rules got better by what it showed, so that what is printed now is no
clean figure for any of them.

`--sweep` tries other limits of meaning on the tuning half, `--show` lists what was judged wrongly there.
"""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click

from benchmarks.corpus import opened
from bot.llm.checking import Checker, Limits
from bot.llm.claims import Claim, Source
from bot.llm.meaning import EnsembleMeaning, Meaning
from corpus.paper import Paper
from retrieval.representation import split_sentences

FOLDER = Path(__file__).with_suffix("")
_TRUE = "paraphrases"
_LOOKS: tuple[Literal["look_1", "look_2", "look_3"], ...] = ("look_1", "look_2", "look_3")
_SWEEP = (0.0, 0.5, 0.55, 0.6, 0.62, 0.64, 0.66, 0.68, 0.7, 0.72, 0.75)

Split = Literal["tune", "check", "look_1", "look_2", "look_3"]


@dataclass(frozen=True, slots=True)
class Case:
    """A claim and the sentences that it cites; `kind` is the name of its file."""

    kind: str
    split: Split
    text: str
    sources: tuple[Source, ...]
    is_true: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, whether it passed, and why not."""

    case: Case
    passed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Score:
    """Of what passes, how much is true (`precision`); of what is true, how much passes (`recall`); false that pass."""

    precision: float
    recall: float
    passed_false: int
    false: int


def read_cases(papers: Sequence[Paper], folder: Path = FOLDER) -> list[Case]:
    """Every case of the folder. Raises KeyError or IndexError for one that cites no sentence of these papers."""
    titles = {paper.id: paper.title for paper in papers}
    abstracts = {paper.id: paper.abstract for paper in papers}
    sentences = {paper: split_sentences(abstract) for paper, abstract in abstracts.items()}
    cases: list[Case] = []
    for file in sorted(folder.glob("*.jsonl")):
        for line_number, line in enumerate(file.read_text("utf-8").splitlines()):
            row: dict[str, Any] = json.loads(line)
            cites: list[tuple[str, int]] = row["cites"]
            sources = tuple(
                Source(number, paper, titles[paper], sentences[paper][place], abstracts[paper])
                for number, (paper, place) in enumerate(cites, start=1)
            )
            split = _split(file.stem, line_number)
            cases.append(Case(file.stem, split, row["claim"], sources, row.get("true", file.stem == _TRUE)))
    return cases


def _split(kind: str, line_number: int) -> Split:
    for look in _LOOKS:
        if look == kind:
            return look
    return "check" if line_number % 2 else "tune"


def judge(cases: Iterable[Case], meaning: Meaning, limits: Limits) -> list[Judged]:
    """What the check makes of every case."""
    checker = Checker(meaning, limits)
    judged: list[Judged] = []
    for case in cases:
        sources = {source.number: source for source in case.sources}
        verdict = checker.check(Claim(case.text, tuple(sources)), sources)
        judged.append(Judged(case, verdict.claim is not None, verdict.reason))
    return judged


def score(judged: Sequence[Judged]) -> Score:
    """Precision and recall over these."""
    true = [one for one in judged if one.case.is_true]
    false = [one for one in judged if not one.case.is_true]
    passed, lies = sum(one.passed for one in true), sum(one.passed for one in false)
    return Score(passed / max(1, passed + lies), passed / max(1, len(true)), lies, len(false))


@click.command()
@click.option("--sweep", is_flag=True, help="Try other limits of meaning on the tuning half.")
@click.option("--show", is_flag=True, help="List what was judged wrongly of the tuning half.")
def main(*, sweep: bool, show: bool) -> None:
    """Print a line for each kind and half, and one for each half."""
    for line in asyncio.run(_measure(sweep=sweep, show=show)):
        click.echo(line)


async def _measure(*, sweep: bool, show: bool) -> list[str]:
    async with opened(None) as parts:
        papers = await parts.store.get_many(list(await parts.store.contents()))
        meaning = EnsembleMeaning(parts.ensemble)
        return await asyncio.to_thread(_lines, read_cases(papers), meaning, sweep=sweep, show=show)


def _lines(cases: Sequence[Case], meaning: Meaning, *, sweep: bool, show: bool) -> list[str]:
    judged = judge(cases, meaning, Limits())
    lines: list[str] = []
    splits: tuple[Split, ...] = ("tune", "check", *_LOOKS)
    for split in splits:
        half = [one for one in judged if one.case.split == split]
        for kind in dict.fromkeys(one.case.kind for one in half):
            of_kind = [one for one in half if one.case.kind == kind]
            lines.append(f"{split:6} {kind:14} passed {sum(one.passed for one in of_kind)} of {len(of_kind)}")
        lines.append(f"{split:6} {_summary(score(half))}")
    if show:
        wrong = [one for one in judged if one.case.split == "tune" and one.passed != one.case.is_true]
        lines += [
            f"{one.case.kind}: {one.reason or 'passed'}: {one.case.text}\n    {' / '.join(source.sentence for source in one.case.sources)}"
            for one in wrong
        ]
    if sweep:
        tune = [case for case in cases if case.split == "tune"]
        lines += [
            f"meaning {limit:.2f}: {_summary(score(judge(tune, meaning, Limits(meaning=limit))))}"
            for limit in _SWEEP
        ]
    return lines


def _summary(found: Score) -> str:
    return (
        f"precision {found.precision:.3f}, recall {found.recall:.3f}, "
        f"false claims that pass {found.passed_false} of {found.false}"
    )


if __name__ == "__main__":
    main()
