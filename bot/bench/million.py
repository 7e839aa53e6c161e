"""The vector stage at a million papers, simulated from the real vectors; as a process it measures itself.

Each real vector is copied with noise until there are a million: a copy's cosine to its original is about .85, as close as
a paper's nearest real neighbours, so that the graph has clusters to find its way in. Papers, texts and words are not
simulated: memory and disk are those of the vectors alone.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from bot.bench import children
from bot.bench.figures import Figure, p50, p95
from bot.bench.machine import disk_used, memory_held
from bot.bench.questions import Questions
from bot.bench.stopwatch import Stopwatch
from bot.config import Settings, load_settings
from bot.wiring import open_parts
from retrieval import vectors
from retrieval.exact import ExactIndex
from retrieval.representation import Matrix
from retrieval.vectors import ChromaIndex

STEP = "million"
MILLION = 1_000_000
_NOISE = 0.62  # beside a vector of length 1: the tangent of the angle whose cosine is .85
_DEPTH = 100
_QUESTIONS = 200
_CHECKED = 20  # questions whose answers are compared with those of an exact scan
_PASSING = 10_000  # papers of a filtered question: one in a hundred


async def measure(own: Settings, real: int, total: int = MILLION) -> list[Figure]:
    """Build in one process, ask in another, whose memory is that of asking alone."""
    out, _ = await children.run("-m", "bot.bench.million", "build", str(total), settings=own)
    built: dict[str, float] = children.printed_json(out)
    out, _ = await children.run("-m", "bot.bench.million", "ask", str(total), settings=own)
    asked: dict[str, float] = children.printed_json(out)
    units = {"rows": "/s", "recall": "", "memory": "MB", "disk": "MB"}
    return [
        Figure(
            STEP, f"{name} (from {real:,} real vectors)", total, value, units.get(name.split(",")[0], "ms")
        )
        for name, value in (built | asked).items()
    ]


def copies(real: Matrix, total: int) -> Iterator[Matrix]:
    """The real rows, then the same with noise, again and again: unit rows, `total` in all, always the same."""
    made = 0
    while made < total:
        rows = real[: total - made]
        if made:
            noise = np.random.default_rng(made).standard_normal(rows.shape, dtype=np.float32)
            rows = rows + noise * np.float32(_NOISE / rows.shape[1] ** 0.5)
            rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        yield rows
        made += len(rows)


def build(folder: Path, real: Matrix, total: int) -> dict[str, float]:
    """The graph of all, unless it is there."""
    if vectors.open_whole(folder, made_with=STEP):
        return {"disk": disk_used(folder)}
    folder.mkdir(parents=True, exist_ok=True)
    graph = vectors.begin(folder, made_with=STEP)
    started = time.perf_counter()
    for ids, rows in _named(real, total):
        graph.put(ids, ids, rows)
    seconds = time.perf_counter() - started
    graph.seal()
    return {"rows, put into the graph": total / seconds, "disk": disk_used(folder)}


def ask(graph: ChromaIndex, exact: ExactIndex, questions: Matrix) -> dict[str, float]:
    """Times of a question in milliseconds, the graph's share of the truly nearest, and memory."""
    watch = Stopwatch()
    every = list(exact.contents())
    passing = every[:: max(1, len(every) // _PASSING)]
    found: list[set[str]] = []
    for row in questions[:, np.newaxis]:
        found.append(set(watch.of("graph", lambda row=row: graph.nearest(row, _DEPTH))[0]))
        watch.of("scan", lambda row=row: exact.nearest(row, _DEPTH, among=passing))
    truly = [set(ids) for row in questions[:_CHECKED, np.newaxis] for ids in exact.nearest(row, _DEPTH)]
    shares = [len(ours & theirs) / len(theirs) for ours, theirs in zip(found, truly, strict=False)]
    return {
        "graph query, p50": p50(watch.times["graph"]),
        "graph query, p95": p95(watch.times["graph"]),
        f"scan of {len(passing):,} that pass a filter, p50": p50(watch.times["scan"]),
        f"scan of {len(passing):,} that pass a filter, p95": p95(watch.times["scan"]),
        f"recall, of the {_DEPTH} nearest": float(np.mean(shares)),
        "memory, graph and rows": memory_held(),
    }


async def main(arguments: Sequence[str]) -> None:
    """Print what was measured as JSON."""
    what, total = arguments[0], int(arguments[1])
    async with open_parts(load_settings(None)) as parts:
        folder = children.home(parts.settings, f"graph-{total}")
        hashes = sorted(await parts.vectors.complete())
        real = parts.ensemble.combine(await parts.vectors.wholes(hashes))
        if what == "build":
            told = build(folder, real, total)
        else:
            sample = await parts.store.get_many(list(await parts.store.contents())[:_QUESTIONS])
            words = [asked.words for asked in Questions(sample).take(_QUESTIONS)]
            graph = vectors.open_whole(folder, made_with=STEP)
            exact = ExactIndex(parts.ensemble.dimension)
            exact.reserve(total)
            for ids, rows in _named(real, total):
                exact.put(ids, ids, rows)
            del real
            told = ask(graph, exact, parts.ensemble.encode_questions(words)) if graph else {}
    print(json.dumps(told))  # noqa: T201 - the parent reads it


def _named(real: Matrix, total: int) -> Iterator[tuple[list[str], Matrix]]:
    named = 0
    for rows in copies(real, total):
        yield [f"p{named + place}" for place in range(len(rows))], rows
        named += len(rows)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
