"""What do words and meaning give, alone and together? nDCG@10 and recall@10 of the real search over a BEIR folder.

    python -m benchmarks.ranking DIR --documents 2000 --questions 300

The documents are those that the questions ask for, filled up with others in the file's order.
"""

import statistics
import time
from pathlib import Path

import click
import numpy as np

from benchmarks.subset import subset
from retrieval.beir import Document
from retrieval.encoder import SentenceTransformerEncoder
from retrieval.exact import ExactIndex
from retrieval.lexical import LexicalIndex, Text
from retrieval.representation import Vector, represent, slices_of, texts_to_encode
from retrieval.search import Rules, Search

_BATCH = 64  # documents
_DEPTH = 10
_WEIGHTS = {"meaning alone": 0.0, "words alone": 1.0, "both": 0.5}


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--documents", default=2000, show_default=True)
@click.option("--questions", default=300, show_default=True)
def main(folder: Path, documents: int, questions: int) -> None:
    """Compare the stages of the search."""
    part = subset(folder, documents=documents, questions=questions)
    encoder = SentenceTransformerEncoder()
    index = _encoded(encoder, part.papers)
    texts = LexicalIndex()
    texts.put({paper.id: Text("", paper.title, paper.text) for paper in part.papers})
    click.echo(f"{len(part.papers)} documents, {len(part.questions)} questions")
    for name, weight in _WEIGHTS.items():
        search = Search(encoder, index, texts, Rules(lexical_weight=weight, min_evidence=0.0))
        rankings: list[list[str]] = []
        took: list[float] = []
        for question in part.questions:
            started = time.perf_counter()
            rankings.append([hit.paper_id for hit in search.find(question, _DEPTH).hits])
            took.append(time.perf_counter() - started)
        means = part.scored(rankings)
        ms = statistics.median(took) * 1000
        click.echo(f"{name:14} nDCG@10 {means.ndcg10:.3f}  recall@10 {means.recall10:.3f}  {ms:.0f} ms")


def _encoded(encoder: SentenceTransformerEncoder, papers: list[Document]) -> ExactIndex:
    rows: list[Vector] = []
    with click.progressbar(range(0, len(papers), _BATCH), label="Encoding") as starts:
        for start in starts:
            texts = [texts_to_encode(paper.title, paper.text) for paper in papers[start : start + _BATCH]]
            encoded = encoder.encode_passages([text for document in texts for text in document])
            rows += [represent(encoded[place]).whole for place in slices_of([len(text) for text in texts])]
    return ExactIndex([paper.id for paper in papers], np.stack(rows))


if __name__ == "__main__":
    main()
