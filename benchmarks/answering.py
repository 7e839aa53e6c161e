"""How long an answer takes beyond its search, and which questions go wrong.

    python -m benchmarks.answering [--collection DIR] [--data DIR] [--wrong HALF]

Over benchmarks/answers; `--collection` is a folder in BEIR layout in whose papers they are asked for the time they take, with
vectors kept in DIR/evaluations, as `papercord evaluate` keeps them. `--wrong tune` lists the questions of that half that were
answered or refused wrongly.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from benchmarks.corpus import opened
from bot.config import load_settings
from bot.wiring import open_parts
from retrieval.answer_evaluation import ANSWERABLE, Judged, judge, opened_desk, read_questions
from retrieval.answers import Answerer
from retrieval.beir import read_collection
from retrieval.finder import Finder
from retrieval.query import Filters, Query
from retrieval.search import Ask

QUESTIONS = Path(__file__).with_name("answers")
_LIMIT = 12  # papers that a search of a reader gives


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of every question: a search and its answer, asked one after the other."""

    search: Sequence[float]
    beyond: Sequence[float]

    def line(self) -> str:
        """To print."""
        found = (
            f"{name} {np.median(values):.0f} ms, p95 {np.percentile(values, 95):.0f} ms"
            for name, values in (("search", self.search), ("beyond it", self.beyond))
        )
        return f"{len(self.search)} questions: {'; '.join(found)}"


def is_wrong(one: Judged) -> bool:
    """Whether it has an answer that was not quoted, or has none and was not refused."""
    return not one.right_sentence if one.question.kind == ANSWERABLE else not one.answer.refused


async def timed(questions: Sequence[str], finder: Finder, answerer: Answerer) -> Times:
    """Ask every question twice, for papers and for an answer; the second finds the question encoded, as a search would not.

    What the answer takes beyond a search is therefore its whole time less that of a search that is repeated.
    """
    search: list[float] = []
    beyond: list[float] = []
    for question in questions:
        ask = Ask(Query(question, question, Filters()), _LIMIT)
        marks = [time.perf_counter()]
        await finder.find(ask)
        marks.append(time.perf_counter())
        await finder.find(ask)
        marks.append(time.perf_counter())
        await answerer.answer(question)
        marks.append(time.perf_counter())
        first, again, answered = np.diff(marks) * 1000
        search.append(float(first))
        beyond.append(float(answered - again))
    return Times(search, beyond)


@click.command()
@click.option("--collection", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--wrong", metavar="HALF", help="tune or check.")
def main(collection: Path | None, data: Path, wrong: str | None) -> None:
    """Print the times, or the questions that go wrong."""
    for line in asyncio.run(_wrong(wrong) if wrong else _times(collection, data)):
        click.echo(line)


async def _wrong(half: str) -> list[str]:
    async with opened(None) as parts:
        answerer = Answerer(
            parts.finder, parts.store.get_many, parts.vectors, parts.ensemble, parts.worker.run
        )
        papers = {one.id: one for one in await parts.store.get_many(list(await parts.store.contents()))}
        asked = [one for one in read_questions(QUESTIONS) if one.half == half]
        judged = await judge(asked, answerer.answer, papers)
    return [
        f"{one.question.kind:14} {'refused' if one.answer.refused else one.answer.quotes[0].sentence[:60]:60}  {one.question.text}"
        for one in judged
        if is_wrong(one)
    ]


async def _times(folder: Path | None, data: Path) -> list[str]:
    texts = [one.text for one in read_questions(QUESTIONS)]
    if folder is None:
        async with opened(None) as parts:
            answerer = Answerer(
                parts.finder, parts.store.get_many, parts.vectors, parts.ensemble, parts.worker.run
            )
            return [(await timed(texts, parts.finder, answerer)).line()]
    collection = read_collection(folder)
    texts += list(collection.questions.values())
    settings = load_settings(None, data=data / "evaluations")
    async with open_parts(settings) as parts:
        desk = await opened_desk(
            collection,
            parts.vectors,
            parts.ensemble,
            parts.rules,
            parts.verdict,
            parts.worker.run,
            topics=settings.retrieval.is_calibrated,
            progress=lambda _done, _total: None,
        )
        return [(await timed(texts, desk.finder, desk.answerer)).line()]


if __name__ == "__main__":
    main()
