"""How many papers a second are encoded, by all encoders together, and whether memory stays flat meanwhile.

The yardstick is `SentenceTransformer.encode` of the same abstracts with its defaults: one vector a paper by one model.
Ours are a vector a paper by every encoder, and one for every sentence by the first.
"""

import asyncio
import json
import time
from collections.abc import Sequence

from bot.bench import children
from bot.bench.figures import Figure, Target
from bot.bench.machine import memory_held
from bot.wiring import Parts
from corpus.paper import Paper
from retrieval.encoder import Encoder
from retrieval.representation import PaperText

STEP = "encoding"
_AT_MOST = 512  # papers
_TOGETHER = 32  # as many as `papercord index` encodes between two writes
_TARGET = Target(2.0, at_least=True)
_GROWTH = Target(50.0)


async def measure(parts: Parts, papers: Sequence[Paper], size: int) -> list[Figure]:
    """All encoders together, then each alone."""
    texts = [PaperText(paper.title, paper.abstract) for paper in papers[:_AT_MOST]]
    encoders = parts.ensemble.encoders
    await asyncio.to_thread(_encode, encoders, texts[: 2 * _TOGETHER])
    before = memory_held()
    ours = await asyncio.to_thread(_per_second, encoders, texts)
    grown = memory_held() - before
    out, _ = await children.run(
        "-m",
        "bot.bench.plain",
        "papers",
        settings=parts.settings,
        given=json.dumps([text.whole for text in texts]),
    )
    plain: float = children.printed_json(out)["per_second"]
    alone = [
        Figure(
            STEP,
            f"papers encoded a second, {encoder.model.name} alone",
            size,
            await asyncio.to_thread(_per_second, [encoder], texts),
            "/s",
            "SentenceTransformer.encode, all-MiniLM-L6-v2",
            plain,
        )
        for encoder in encoders
    ]
    return [
        Figure(
            STEP,
            "papers encoded a second, all encoders",
            size,
            ours,
            "/s",
            "SentenceTransformer.encode, all-MiniLM-L6-v2",
            plain,
            _TARGET,
        ),
        *alone,
        Figure(STEP, f"memory grown while encoding {len(texts)} papers", size, grown, "MB", target=_GROWTH),
    ]


def _per_second(encoders: Sequence[Encoder], texts: Sequence[PaperText]) -> float:
    started = time.perf_counter()
    _encode(encoders, texts)
    return len(texts) / (time.perf_counter() - started)


def _encode(encoders: Sequence[Encoder], texts: Sequence[PaperText]) -> None:
    for start in range(0, len(texts), _TOGETHER):
        for encoder in encoders:
            encoder.encode_papers(texts[start : start + _TOGETHER])
