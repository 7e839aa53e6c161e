"""The whole bench, size after size, in one run: what was measured, and on what."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import console
from bot.bench import encoding, folder, importing, latency, memory, million, start, throughput
from bot.bench.figures import Figure, Target
from bot.bench.machine import Machine, this_machine
from bot.bench.papers_file import count_papers
from bot.bench.questions import Questions
from bot.config import Settings
from bot.data_folder import owned
from bot.wiring import Parts, open_parts
from corpus.paper import Paper

_SIZES = (10_000, 100_000)
_SAMPLE = 2000  # papers that questions are cut from
_GROWS = Target(2.0)
_GROWN = "find, unfiltered, p95"


@dataclass(frozen=True, slots=True)
class Run:
    """One run: when, on what machine, of which papers (a file's name; None: the bundled set), and what came of it."""

    day: str
    machine: Machine
    papers_file: str | None
    figures: tuple[Figure, ...]

    def as_json(self) -> dict[str, Any]:
        """Ratios beside absolute figures."""
        return {
            "day": self.day,
            "machine": self.machine.as_json(),
            "papers_file": self.papers_file,
            "figures": [figure.as_json() for figure in self.figures],
        }


async def run(settings: Settings, *, file: Path | None, size: int | None, with_million: bool) -> Run:
    """Measure all. Raises what reading the file, encoding and the child processes raise."""
    figures: list[Figure] = []
    for papers in await asyncio.to_thread(sizes, file, size):
        figures += await _at(folder.own_settings(settings, papers), file, papers)
    figures += growth(figures)
    if with_million:
        largest = max(figure.papers for figure in figures)
        figures += await million.measure(folder.own_settings(settings, largest), largest)
    return Run(
        datetime.now(UTC).date().isoformat(), this_machine(), file.name if file else None, tuple(figures)
    )


def sizes(file: Path | None, size: int | None) -> list[int]:
    """How many papers are measured: the size asked for, or the usual ones that the file has."""
    if file is None:
        return [0]  # as many as are bundled
    if size is not None:
        return [size]
    there = count_papers(file)
    return [usual for usual in _SIZES if usual <= there] or [there]


def growth(figures: Sequence[Figure]) -> list[Figure]:
    """How much the slowest of twenty questions slow down from the smallest corpus to the largest."""
    of_size = {figure.papers: figure.value for figure in figures if figure.name == _GROWN}
    if len(of_size) < 2:  # noqa: PLR2004 - a comparison takes two
        return []
    small, large = min(of_size), max(of_size)
    return [
        Figure(
            latency.STEP,
            "find, unfiltered, p95, as the corpus grows",
            large,
            of_size[large],
            "ms",
            f"at {small:,} papers",
            of_size[small],
            _GROWS,
        )
    ]


async def _at(own: Settings, file: Path | None, size: int) -> list[Figure]:
    console.say(f"{size or 'The bundled'} papers, in {own.data.parent.name}/{own.data.name}:")
    own.data.mkdir(parents=True, exist_ok=True)
    figures: list[Figure] = []
    with owned(own.data):
        async with open_parts(own) as parts:
            await folder.fill(parts, file, size)
            papers, sample = len(parts.indexes.rows), await _sample(parts)
            questions = Questions(sample)
            console.say("Asking questions, one reader at a time …")
            figures += await latency.measure(parts, questions, papers)
            console.say(f"Asking questions, {throughput.READERS} readers at once …")
            figures += await throughput.measure(parts, questions, papers)
            console.say("Encoding papers …")
            figures += await encoding.measure(parts, sample, papers)
    console.say("Starting processes …")
    figures += await start.measure(own, Questions(sample), papers)  # no cache is older than its process
    figures += await memory.measure(own, Questions(sample), papers)
    if file:
        console.say("Importing papers …")
        figures += await importing.measure(own, file, size)
    return figures


async def _sample(parts: Parts) -> list[Paper]:
    """Papers evenly spread over the corpus, always the same ones."""
    ids = sorted(parts.indexes.rows.contents())
    step = max(1, len(ids) // _SAMPLE)
    return await parts.store.get_many(ids[::step][:_SAMPLE])
