"""What does a paper's vector gain from its sentences? nDCG@10 and recall@10 over a BEIR folder.

    python -m benchmarks.representation DIR --documents 2000 --questions 300

DIR holds corpus.jsonl.gz, queries.jsonl and qrels.tsv. The documents are those that the questions ask for, filled
up with others in the file's order.
"""

import gzip
import json
from pathlib import Path

import click
import numpy as np

from retrieval.encoder import SentenceTransformerEncoder
from retrieval.representation import Matrix, represent, slices_of, texts_to_encode

_DEPTH = 10
_BATCH = 64  # documents


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--documents", default=2000, show_default=True)
@click.option("--questions", default=300, show_default=True)
def main(folder: Path, documents: int, questions: int) -> None:
    """Compare a paper's vector with and without its sentences."""
    relevant = _relevant(folder / "qrels.tsv", questions)
    texts = _texts(folder / "queries.jsonl", "text")
    wanted = set[str]().union(*relevant.values())
    corpus = _corpus(folder / "corpus.jsonl.gz", wanted, documents)
    encoder = SentenceTransformerEncoder()
    alone, together = _encode(encoder, corpus)
    asked = encoder.encode_questions([texts[query] for query in relevant])
    click.echo(f"{len(corpus)} documents, {len(relevant)} questions")
    for name, rows in (("title + abstract", alone), ("with its sentences", together)):
        ndcg, recall = _scores(
            asked @ rows.T, [document["_id"] for document in corpus], list(relevant.values())
        )
        click.echo(f"{name:20} nDCG@10 {ndcg:.3f}  recall@10 {recall:.3f}")


def _relevant(file: Path, limit: int) -> dict[str, set[str]]:
    relevant: dict[str, set[str]] = {}
    for line in file.read_text("utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if int(grade) > 0 and (query in relevant or len(relevant) < limit):
            relevant.setdefault(query, set()).add(document)
    return relevant


def _texts(file: Path, key: str) -> dict[str, str]:
    rows = (json.loads(line) for line in file.read_text("utf-8").splitlines())
    return {row["_id"]: row[key] for row in rows}


def _corpus(file: Path, wanted: set[str], size: int) -> list[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows: list[dict[str, str]] = [json.loads(line) for line in lines]
    asked_for = [row for row in rows if row["_id"] in wanted]
    others = [row for row in rows if row["_id"] not in wanted]
    return asked_for + others[: max(0, size - len(asked_for))]


def _encode(encoder: SentenceTransformerEncoder, corpus: list[dict[str, str]]) -> tuple[Matrix, Matrix]:
    alone: list[Matrix] = []
    together: list[Matrix] = []
    with click.progressbar(range(0, len(corpus), _BATCH), label="Encoding") as starts:
        for start in starts:
            texts = [texts_to_encode(row["title"], row["text"]) for row in corpus[start : start + _BATCH]]
            rows = encoder.encode_passages([text for document in texts for text in document])
            for place in slices_of([len(document) for document in texts]):
                alone.append(rows[place][0])
                together.append(represent(rows[place]).whole)
    return np.stack(alone), np.stack(together)


def _scores(similarities: Matrix, ids: list[str], relevant: list[set[str]]) -> tuple[float, float]:
    """Mean nDCG@10 (binary gains, Järvelin & Kekäläinen 2002) and recall@10."""
    discounts = 1 / np.log2(np.arange(2, _DEPTH + 2))
    ndcg: list[float] = []
    recall: list[float] = []
    for row, wanted in zip(similarities, relevant, strict=True):
        hits = np.array([ids[position] in wanted for position in np.argsort(-row)[:_DEPTH]])
        ndcg.append(float((discounts * hits).sum() / discounts[: len(wanted)].sum()))
        recall.append(float(hits.sum() / len(wanted)))
    return float(np.mean(ndcg)), float(np.mean(recall))


if __name__ == "__main__":
    main()
