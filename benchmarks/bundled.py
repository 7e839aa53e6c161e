"""Count how often the wanted one of the 52 bundled papers is among the first 1, 3 and 5.

    python -m benchmarks.bundled

Over tests/retrieval/paraphrases.jsonl (as a researcher would ask) and questions.jsonl (without the field's own words).
"""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.corpus import opened
from retrieval.finder import Finder
from retrieval.query import Filters, Query
from retrieval.search import Ask

_QUESTIONS = Path(__file__).parents[1] / "tests" / "retrieval"
_FIRST = (1, 3, 5)


@click.command()
def main() -> None:
    """Print a line for each file of questions."""
    asyncio.run(_measure())


async def _measure() -> None:
    async with opened(None) as parts:
        for name in ("paraphrases.jsonl", "questions.jsonl"):
            lines = (_QUESTIONS / name).read_text("utf-8").splitlines()
            asked = [(row["question"], row["title"]) for row in map(json.loads, lines) if row["title"]]
            papers = await parts.store.get_many(list(await parts.store.contents()))
            titles = {paper.id: paper.title for paper in papers}
            click.echo(f"{name}: {await _line(parts.finder, asked, titles)}")


async def _line(finder: Finder, asked: Sequence[tuple[str, str]], titles: dict[str, str]) -> str:
    found = [
        await finder.find(Ask(Query(question, question, Filters()), max(_FIRST))) for question, _ in asked
    ]
    ranked = [[titles[hit.paper_id] for hit in one.ranking.hits] for one in found]
    among = {
        first: sum(title in of_one[:first] for of_one, (_, title) in zip(ranked, asked, strict=True))
        for first in _FIRST
    }
    refused = sum(not one.found for one in found)
    return f"of {len(asked)}, among the first {among}; refused {refused}"


if __name__ == "__main__":
    main()
