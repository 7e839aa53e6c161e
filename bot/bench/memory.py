"""What the owner of the indexes holds in memory after 100 questions, and what the data folder holds on disk.

Run as a process, `python -m bot.bench.memory`, it is that owner: questions as JSON on stdin.
"""

import asyncio
import json
import sys
from collections.abc import Sequence

from bot.bench import children
from bot.bench.figures import Figure, Target
from bot.bench.machine import disk_used, memory_held
from bot.bench.questions import Questions
from bot.config import Settings, load_settings
from bot.data_folder import owned
from bot.wiring import open_parts
from retrieval.query import Query
from retrieval.query_filters import Filters
from retrieval.search import Ask

STEP = "memory"
_QUESTIONS = 100
_TARGETS = {10_000: Target(700.0), 100_000: Target(1536.0)}  # MB, up to so many papers


async def measure(own: Settings, questions: Questions, papers: int) -> list[Figure]:
    """Memory of a fresh process, and disk by what is kept there."""
    given = json.dumps([asked.words for asked in questions.take(_QUESTIONS)])
    out, _ = await children.run("-m", "bot.bench.memory", settings=own, given=given)
    held: float = children.printed_json(out)["held"]
    target = next((target for most, target in _TARGETS.items() if papers <= most), None)
    kept = {
        "database (papers and vectors)": own.data / "papercord.db",
        "vector index": own.index_folder,
        "text index": own.texts_folder,
        "learned words": own.words_file,
    }
    return [
        Figure(STEP, "memory after 100 questions", papers, held, "MB", target=target),
        *(Figure(STEP, f"disk: {what}", papers, disk_used(path), "MB") for what, path in kept.items()),
    ]


async def held_after(questions: Sequence[str]) -> float:
    """The memory of this process after it has opened all and answered some questions, in MB."""
    settings = load_settings(None)
    with owned(settings.data):
        async with open_parts(settings) as parts:
            await parts.upkeep(owns=True).catch_up(lambda _done, _total: None)
            for words in questions:
                await parts.finder.find(Ask(Query(words, words, Filters()), settings.retrieval.results))
            return memory_held()


if __name__ == "__main__":
    print(json.dumps({"held": asyncio.run(held_after(json.load(sys.stdin)))}))  # noqa: T201 - the parent reads it
