"""How many questions a second are answered while 32 readers ask without pause, beside the plain pipeline.

The plain pipeline is what a first version would do: `SentenceTransformer.encode` for each question, and a Chroma query.
It runs in a process of its own, with one and with two threads; the better of the two counts.
"""

import asyncio
import json
import time
from collections.abc import Sequence

from bot.bench import children
from bot.bench.figures import Figure, Target
from bot.bench.questions import Asked, Questions
from bot.wiring import Parts
from retrieval.query_filters import Filters
from retrieval.search import Ask

STEP = "throughput"
READERS = 32
_AT_MOST = 640  # questions
_TARGET = Target(3.0, at_least=True)


async def measure(parts: Parts, questions: Questions, papers: int) -> list[Figure]:
    """Both, with the same questions; nothing where a small corpus has no questions left."""
    asked = questions.take(min(_AT_MOST, 2 * papers))
    if not asked:
        return []
    ours, plain = await _ours(parts, asked), await _plain(parts, asked)
    return [
        Figure(
            STEP,
            f"questions a second, {READERS} readers",
            papers,
            ours,
            "/s",
            "SentenceTransformer.encode + Chroma query",
            plain,
            _TARGET,
        )
    ]


async def _ours(parts: Parts, questions: Sequence[Asked]) -> float:
    waiting = iter(questions)

    async def reader() -> None:
        for asked in waiting:  # the next that nobody has asked
            await parts.finder.find(Ask(asked.query(Filters()), parts.settings.retrieval.results))

    started = time.perf_counter()
    await asyncio.gather(*(reader() for _ in range(READERS)))
    return len(questions) / (time.perf_counter() - started)


async def _plain(parts: Parts, questions: Sequence[Asked]) -> float:
    given = json.dumps([asked.words for asked in questions])
    rates: list[float] = []
    for threads in (1, 2):
        out, _ = await children.run(
            "-m",
            "bot.bench.plain",
            "questions",
            str(threads),
            settings=parts.settings,
            given=given,
            # Two questions at once share the cores: with all cores for each, they only hinder one another.
            threads=1 if threads > 1 else None,
        )
        rates.append(children.printed_json(out)["per_second"])
    return max(rates)
