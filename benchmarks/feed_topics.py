"""How well one threshold for every topic parts the papers on it from the others: what a feed rests on.

    python -m benchmarks.feed_topics DIR… [--data DIR] [--others N]

A collection's questions are the topics. Of its papers those that answer any are scored, and N others. A topic's stream has
its answers and STREAM others: each paper that is no answer counts so much that they come to that together. The answers
are far from complete, so that precision is understated; recall is not. A second line has the keywords of
benchmarks/refusal/in_corpus_ml.jsonl as topics, of one word to a few: papers with all of the words in the title are on
the topic, those with none of them anywhere are not, and the rest is left aside. Tuned on autoscholar alone.
"""

import asyncio
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.refusal import read_questions
from bot.config import load_settings
from bot.data_folder import owned
from bot.wiring import open_ensemble, open_parts
from corpus.paper import Paper
from retrieval.beir import Collection, Document, read_collection
from retrieval.ensemble import Ensemble
from retrieval.indexing import Blocking, encode_and_keep
from retrieval.representation import PaperText
from retrieval.stored_vectors import StoredVectors
from retrieval.topic_scores import DEFAULT_THRESHOLD, TopicMatrix, TopicScores

STREAM = 300
_BETA = 0.5  # precision counts twice as much as recall
_CHUNK = 200
_SEED = 1
_FEWEST_TITLES = 2  # papers that have a keyword in the title; with fewer it is no topic of the collection
_KEPT_LETTERS = 6  # of a word, so that "quantization" is in "quantized"

Labels = NDArray[np.int8]
"""Of shape (topics, papers): 1 on the topic, 0 not, -1 left aside."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figures:
    """`answers` and `passed` are for each topic: papers on it, and those that reach the default threshold.

    `best` is the highest F0.5 of any one threshold, `best_at`; `oracle` that with the best threshold for each topic. `area`
    is under the curve of precision and recall.
    """

    topics: int
    answers: float
    passed: float
    precision: float
    recall: float
    f05: float
    best: float
    best_at: float
    oracle: float
    area: float


@dataclass(frozen=True, slots=True)
class Curve:
    """How many papers on their topics, and how many others, pass at each of the scores, highest first."""

    thresholds: Floats
    hits: Floats
    misses: Floats


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--data", type=click.Path(path_type=Path), default=Path("data"), show_default=True)
@click.option("--others", type=click.IntRange(min=STREAM), default=2500, show_default=True)
def main(folders: tuple[Path, ...], data: Path, others: int) -> None:
    """Print two lines for each collection."""
    asyncio.run(_measure(folders, data, others))


async def _measure(folders: Sequence[Path], data: Path, others: int) -> None:
    settings = load_settings(None, data=data)
    place = data / "evaluations"
    with owned(place):
        async with open_parts(settings.model_copy(update={"data": place})) as parts:
            ensemble = open_ensemble(settings)
            stored = StoredVectors(parts.engine, [encoder.model.key for encoder in ensemble.encoders])
            judge = TopicScores(ensemble, stored, parts.background.run)
            for folder in folders:
                collection = read_collection(folder)
                papers = sample(collection, others)
                hashes = await _encoded(papers, stored, ensemble, parts.background.run)
                answered = answers(collection, papers)
                scores = await judge.scores(list(collection.questions.values()), hashes)
                click.echo(line(collection.name, figures(scores, answered)))
                texts = [question.text for question in read_questions(["in_corpus_ml"])]
                titled = in_titles(texts, papers)
                if len(known := np.flatnonzero((titled == 1).sum(axis=1) >= _FEWEST_TITLES)):
                    scores = await judge.scores([texts[place] for place in known], hashes)
                    click.echo(line("its keywords", figures(scores, titled[known])))


async def _encoded(
    papers: Sequence[Document], stored: StoredVectors, ensemble: Ensemble, run_blocking: Blocking
) -> list[str]:
    """The papers' content hashes, when they have vectors."""
    hashes = [Paper(paper.title, paper.text).content_hash for paper in papers]
    for start in range(0, len(papers), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        texts = [PaperText(paper.title, paper.text) for paper in papers[chunk]]
        by_hash = dict(zip(hashes[chunk], texts, strict=True))
        await encode_and_keep(by_hash, stored, ensemble, run_blocking)
    return hashes


def sample(collection: Collection, others: int) -> list[Document]:
    """The papers that answer any question, and so many others: always the same."""
    on_any = {paper_id for grades in collection.relevant.values() for paper_id in grades}
    rest = [paper for paper in collection.papers if paper.id not in on_any]
    random.Random(_SEED).shuffle(rest)  # noqa: S311 - a sample, no secret
    kept = on_any | {paper.id for paper in rest[:others]}
    return [paper for paper in collection.papers if paper.id in kept]


def answers(collection: Collection, papers: Sequence[Document]) -> Labels:
    """Which papers answer which question; the paper that a question was made from is left aside."""
    places = {paper.id: place for place, paper in enumerate(papers)}
    labels = np.zeros((len(collection.questions), len(papers)), dtype=np.int8)
    for row, question in zip(labels, collection.questions, strict=True):
        row[[places[paper_id] for paper_id in collection.relevant[question]]] = 1
        own = collection.own_paper(question)
        if own in places:
            row[places[own]] = -1
    return labels


def in_titles(topics: Sequence[str], papers: Sequence[Document]) -> Labels:
    """Which papers have all of a topic's words in the title, and which have none of them anywhere."""
    titles = [_words(paper.title) for paper in papers]
    texts = [_words(paper.text) for paper in papers]
    wanted = list(map(_words, topics))
    return np.array(
        [
            [
                1 if words <= title else -1 if words & (title | text) else 0
                for title, text in zip(titles, texts, strict=True)
            ]
            for words in wanted
        ],
        dtype=np.int8,
    )


def _words(text: str) -> set[str]:
    return {word[:_KEPT_LETTERS] for word in re.findall(r"[a-z0-9]{3,}", text.lower())}


def figures(scores: TopicMatrix, labels: Labels) -> Figures:
    """What comes of these scores. Raises ValueError if a topic has no paper, or nothing but papers on it."""
    weights = _weights(labels)
    pooled = curve(scores.ravel(), labels.ravel(), weights.ravel())
    total = pooled.hits[-1]
    f05 = f_beta(pooled.hits, pooled.misses, total)
    best = f05.argmax()
    passing = weights * (scores >= DEFAULT_THRESHOLD)
    hits, misses = passing[labels == 1].sum(), passing[labels == 0].sum()
    by_topic = [curve(*rows) for rows in zip(scores, labels, weights, strict=True)]
    return Figures(
        topics=len(scores),
        answers=total / len(scores),
        passed=(hits + misses) / len(scores),
        precision=hits / max(hits + misses, 1.0),
        recall=hits / total,
        f05=float(f_beta(hits, misses, total)),
        best=float(f05[best]),
        best_at=float(pooled.thresholds[best]),
        oracle=oracle(by_topic, total),
        area=float(np.diff(pooled.hits, prepend=0.0) @ (pooled.hits / (pooled.hits + pooled.misses))) / total,
    )


def _weights(labels: Labels) -> Floats:
    others = (labels == 0).sum(axis=1, keepdims=True)
    if not others.all() or not (labels == 1).any(axis=1).all():
        raise ValueError("a topic has papers, and others")
    return np.where(labels == 1, 1.0, STREAM / others) * (labels >= 0)


def curve(scores: Floats, labels: Labels, weights: Floats) -> Curve:
    """What passes at each score, of the papers that are not left aside; arguments of one length."""
    order = np.argsort(-scores, kind="stable")
    order = order[labels[order] >= 0]
    on_topic, weighing = labels[order] == 1, weights[order]
    return Curve(scores[order], np.cumsum(weighing * on_topic), np.cumsum(weighing * ~on_topic))


def f_beta(hits: Floats, misses: Floats, total: float) -> Floats:
    """F0.5 of so many papers on their topics, of all `total`, and others."""
    squared = _BETA**2
    return (1 + squared) * hits / (squared * total + hits + misses)


def oracle(by_topic: Sequence[Curve], total: float) -> float:
    """The best pooled F0.5 with a threshold for each topic, which may let nothing through (Dinkelbach 1967)."""
    reached, squared = 0.0, _BETA**2
    while True:
        hits = misses = 0.0
        for one in by_topic:
            gain = (1 + squared) * one.hits - reached * (one.hits + one.misses)
            if gain[best := gain.argmax()] > 0:
                hits, misses = hits + one.hits[best], misses + one.misses[best]
        better = (1 + squared) * hits / (squared * total + hits + misses)
        if better <= reached + 1e-9:
            return float(better)
        reached = better


def line(name: str, of: Figures) -> str:
    """The figures in words."""
    return (
        f"{name}: {of.topics} topics, {of.answers:.1f} papers on each; at {DEFAULT_THRESHOLD:g} {of.passed:.1f} pass, "
        f"precision {of.precision:.2f}, recall {of.recall:.2f}, F0.5 {of.f05:.3f}; "
        f"at best {of.best:.3f} (at {of.best_at:.2f}), topic by topic {of.oracle:.3f}; "
        f"area under precision and recall {of.area:.3f}"
    )


if __name__ == "__main__":
    main()
