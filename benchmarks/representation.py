"""What does a paper's vector gain from its sentences? nDCG@10 and recall@10 over a BEIR folder.

    python -m benchmarks.representation DIR --documents 2000 --questions 300

DIR holds corpus.jsonl.gz, queries.jsonl and qrels.tsv. The documents are those that the questions ask for, filled
up with others in the file's order.
"""

from pathlib import Path

import click
import numpy as np

from benchmarks.subset import subset
from retrieval.beir import Document
from retrieval.encoder import SentenceTransformerEncoder
from retrieval.representation import Matrix, represent, slices_of, texts_to_encode

_BATCH = 64  # documents
_DEPTH = 10


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--documents", default=2000, show_default=True)
@click.option("--questions", default=300, show_default=True)
def main(folder: Path, documents: int, questions: int) -> None:
    """Compare a paper's vector with and without its sentences."""
    part = subset(folder, documents=documents, questions=questions)
    encoder = SentenceTransformerEncoder()
    alone, together = _encode(encoder, part.papers)
    asked = encoder.encode_questions(list(part.questions))
    click.echo(f"{len(part.papers)} documents, {len(part.questions)} questions")
    for name, rows in (("title + abstract", alone), ("with its sentences", together)):
        places: list[list[int]] = np.argsort(-asked @ rows.T)[:, :_DEPTH].tolist()
        means = part.scored([[part.papers[place].id for place in ranking] for ranking in places])
        click.echo(f"{name:20} nDCG@10 {means.ndcg10:.3f}  recall@10 {means.recall10:.3f}")


def _encode(encoder: SentenceTransformerEncoder, papers: list[Document]) -> tuple[Matrix, Matrix]:
    alone: list[Matrix] = []
    together: list[Matrix] = []
    with click.progressbar(range(0, len(papers), _BATCH), label="Encoding") as starts:
        for start in starts:
            texts = [texts_to_encode(paper.title, paper.text) for paper in papers[start : start + _BATCH]]
            rows = encoder.encode_passages([text for document in texts for text in document])
            for place in slices_of([len(document) for document in texts]):
                alone.append(rows[place][0])
                together.append(represent(rows[place]).whole)
    return np.stack(alone), np.stack(together)


if __name__ == "__main__":
    main()
