"""Count how often the wanted one of the 52 bundled papers is among the first 1, 3 and 5.

    python -m benchmarks.bundled

Over tests/retrieval/paraphrases.jsonl (as a researcher would ask) and questions.jsonl (without the field's own words).
"""

import json
from pathlib import Path

import click
import numpy as np

from bot.config import load_settings
from corpus.importing import bundled_papers
from retrieval.encoder import SentenceTransformerEncoder
from retrieval.exact import ExactIndex
from retrieval.indexing import encode_papers
from retrieval.lexical import LexicalIndex, Text
from retrieval.search import Rules, Search

_QUESTIONS = Path(__file__).parents[1] / "tests" / "retrieval"
_FIRST = (1, 3, 5)


@click.command()
def main() -> None:
    """Print a line for each file of questions."""
    papers = {paper.id: paper for paper in bundled_papers()}
    encoder = SentenceTransformerEncoder()
    made = encode_papers(encoder, list(papers.values()))
    rows = np.stack([made[paper.content_hash].whole for paper in papers.values()])
    texts = LexicalIndex()
    texts.put({key: Text(paper.content_hash, paper.title, paper.abstract) for key, paper in papers.items()})
    settings = load_settings(None).retrieval
    rules = Rules(lexical_weight=settings.lexical_weight, min_evidence=settings.min_evidence)
    search = Search(encoder, ExactIndex(list(papers), rows), texts, rules)
    for name in ("paraphrases.jsonl", "questions.jsonl"):
        lines = (_QUESTIONS / name).read_text("utf-8").splitlines()
        asked = [(row["question"], row["title"]) for row in map(json.loads, lines) if row["title"]]
        rankings = [search.find(question, max(_FIRST)) for question, _ in asked]
        ranked = [[papers[hit.paper_id].title for hit in ranking.hits] for ranking in rankings]
        found = {
            first: sum(title in titles[:first] for titles, (_, title) in zip(ranked, asked, strict=True))
            for first in _FIRST
        }
        refused = sum(not ranking.found for ranking in rankings)
        click.echo(f"{name}: of {len(asked)}, among the first {found}; refused {refused}")


if __name__ == "__main__":
    main()
