"""How well are questions answered? Questions whose answering sentence is known, asked as a reader would."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from corpus.paper import Paper
from retrieval.answer import Answer
from retrieval.answers import Answerer
from retrieval.beir import Collection
from retrieval.ensemble import Ensemble
from retrieval.errors import CollectionError
from retrieval.exact import ExactIndex
from retrieval.finder import Finder
from retrieval.indexes import Indexes
from retrieval.indexing import Blocking, Progress, encode_and_keep
from retrieval.learning import cover, expansion_by, learn_words, topic_vectors
from retrieval.lexical import LexicalIndex
from retrieval.lexical_fields import Entry
from retrieval.representation import PaperText, split_sentences
from retrieval.search import Ask, Ranking, Rules, Search
from retrieval.stored_vectors import StoredVectors
from retrieval.verdict import Verdict

ANSWERABLE = "answerable"
QUESTIONS, UNANSWERABLE = "questions.jsonl", "unanswerable.jsonl"
_CHUNK = 200

Asking = Callable[[str], Awaitable[Answer]]
"""Answers a question."""


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question; `accepted` has for every paper that answers it the sentences that do, and is empty if none does.

    `kind` says of those without an answer how near they are to the papers; `half` is `tune` or `check`.
    """

    text: str
    half: str
    kind: str = ANSWERABLE
    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and what was said. `verbatim` counts the quotes that are a sentence of their paper's abstract."""

    question: KnownQuestion
    answer: Answer
    verbatim: int

    @property
    def right_paper(self) -> bool:
        """Whether the first paper cited answers."""
        quotes = self.answer.quotes
        return bool(quotes) and quotes[0].paper_id in self.question.accepted

    @property
    def right_sentence(self) -> bool:
        """Whether a sentence that answers is quoted."""
        return any(
            quote.sentence in self.question.accepted.get(quote.paper_id, ()) for quote in self.answer.quotes
        )


def read_questions(folder: Path) -> list[KnownQuestion]:
    """The questions in a folder as benchmarks/answers has them. Raises CollectionError."""
    asked = [
        KnownQuestion(
            row["question"],
            row["half"],
            accepted={place["paper"]: frozenset(place["sentences"]) for place in [row, *row.get("also", [])]},
        )
        for row in _rows(folder / QUESTIONS, ("question", "half", "paper", "sentences"))
    ]
    return asked + [
        KnownQuestion(row["question"], row["half"], row["kind"])
        for row in _rows(folder / UNANSWERABLE, ("question", "half", "kind"))
    ]


def _rows(path: Path, fields: Sequence[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CollectionError(f"{path}: expected questions, one JSON object a line ({error})") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row: Any = json.loads(line)
        except ValueError as error:
            raise CollectionError(
                f"{path}, line {number}: expected one JSON object on the line ({error})"
            ) from error
        if not isinstance(row, dict) or not all(name in row for name in fields):
            raise CollectionError(f"{path}, line {number}: expected an object with {', '.join(fields)}")
        rows.append(cast("dict[str, Any]", row))
    return rows


async def judge(
    questions: Sequence[KnownQuestion],
    asking: Asking,
    papers: Mapping[str, Paper],
    progress: Progress = lambda _done, _total: None,
) -> list[Judged]:
    """Ask every question, and hold each quote against the abstracts of `papers`, by id."""
    sentences = {paper_id: set(split_sentences(paper.abstract)) for paper_id, paper in papers.items()}
    judged: list[Judged] = []
    for number, question in enumerate(questions, start=1):
        answer = await asking(question.text)
        verbatim = sum(quote.sentence in sentences.get(quote.paper_id, ()) for quote in answer.quotes)
        judged.append(Judged(question, answer, verbatim))
        progress(number, len(questions))
    return judged


def tabulate(judged: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """The figures of each half, by its name; shares from 0 to 1, None where there is nothing to count.

    `right_paper_first` and `right_sentence_quoted` are of all questions that have an answer, a refusal being neither;
    `…_of_answered` of those that were answered. Precision and recall are of refusals, over all questions.
    """
    halves = dict.fromkeys(one.question.half for one in judged)
    return {half: _figures([one for one in judged if one.question.half == half]) for half in halves}


def _figures(judged: Sequence[Judged]) -> dict[str, Any]:
    answerable = [one for one in judged if one.question.kind == ANSWERABLE]
    others = [one for one in judged if one.question.kind != ANSWERABLE]
    answered = [one for one in answerable if not one.answer.refused]
    refused = [one for one in judged if one.answer.refused]
    quotes = sum(len(one.answer.quotes) for one in judged)
    kinds = dict.fromkeys(one.question.kind for one in others)
    return {
        "answerable": len(answerable),
        "unanswerable": len(others),
        "right_paper_first": _share([one.right_paper for one in answerable]),
        "right_paper_first_of_answered": _share([one.right_paper for one in answered]),
        "right_sentence_quoted": _share([one.right_sentence for one in answerable]),
        "right_sentence_quoted_of_answered": _share([one.right_sentence for one in answered]),
        "answerable_refused": _share([one.answer.refused for one in answerable]),
        "refusal_precision": _share([one.question.kind != ANSWERABLE for one in refused]),
        "refusal_recall": _share([one.answer.refused for one in others]),
        "refused": {
            kind: _share([one.answer.refused for one in others if one.question.kind == kind])
            for kind in kinds
        },
        "quotes": quotes,
        "quotes_an_answer": round(quotes / max(1, len(judged) - len(refused)), 2),
        "verbatim": round(sum(one.verbatim for one in judged) / quotes, 4) if quotes else None,
    }


def _share(true: Sequence[bool]) -> float | None:
    return round(sum(true) / len(true), 4) if true else None


@dataclass(frozen=True, slots=True)
class Desk:
    """A collection that is ready to be asked: the search, and the answers that rest on it."""

    papers: Mapping[str, Paper]
    finder: Finder
    answerer: Answerer


async def opened_desk(
    collection: Collection,
    stored: StoredVectors,
    ensemble: Ensemble,
    rules: Rules,
    verdict: Verdict,
    run_blocking: Blocking,
    *,
    topics: bool,
    progress: Progress,
) -> Desk:
    """Encode and index a collection, as its corpus would be; vectors that are stored are not made again.

    `topics`: whether the verdict asks for them.
    """
    papers = {one.id: Paper(one.title, one.text, id=one.id) for one in collection.papers}
    indexes = await _indexed(papers, stored, ensemble, run_blocking, topics=topics, progress=progress)
    search = Search(ensemble, indexes, rules)

    async def asking(ask: Ask) -> Ranking:
        return (await run_blocking(search.find, [ask]))[0]

    async def get(ids: Sequence[str]) -> list[Paper]:
        return [papers[paper_id] for paper_id in ids]

    finder = Finder(search, ensemble, stored, verdict, asking, run_blocking)
    return Desk(papers, finder, Answerer(finder, get, stored, ensemble, run_blocking))


async def transferred(collection: Collection, desk: Desk, progress: Progress) -> dict[str, Any]:
    """How often a paper that is relevant to a question of the collection is among those cited."""
    questions = [
        KnownQuestion(
            collection.questions[number], "all", accepted={paper: frozenset() for paper in relevant}
        )
        for number, relevant in collection.relevant.items()
    ]
    judged = await judge(questions, desk.answerer.answer, desk.papers, progress)
    cited = [any(quote.paper_id in one.question.accepted for quote in one.answer.quotes) for one in judged]
    quotes = sum(len(one.answer.quotes) for one in judged)
    return {
        "queries": len(judged),
        "documents": len(desk.papers),
        "relevant_cited": _share(cited),
        "relevant_first": _share([one.right_paper for one in judged]),
        "refused": _share([one.answer.refused for one in judged]),
        "verbatim": round(sum(one.verbatim for one in judged) / quotes, 4) if quotes else None,
    }


async def _indexed(
    papers: Mapping[str, Paper],
    stored: StoredVectors,
    ensemble: Ensemble,
    run_blocking: Blocking,
    *,
    topics: bool,
    progress: Progress,
) -> Indexes:
    texts = {paper.content_hash: PaperText(paper.title, paper.abstract) for paper in papers.values()}
    hashes = list(texts)
    for start in range(0, len(hashes), _CHUNK):
        chunk = {content_hash: texts[content_hash] for content_hash in hashes[start : start + _CHUNK]}
        await encode_and_keep(chunk, stored, ensemble, run_blocking)
        progress(min(start + _CHUNK, len(hashes)), len(hashes))
    rows, words = ExactIndex(ensemble.dimension), LexicalIndex()
    ordered = [paper.content_hash for paper in papers.values()]
    rows.put(list(papers), ordered, ensemble.combine(await stored.wholes(ordered)))
    await run_blocking(words.put, [Entry(key, paper) for key, paper in papers.items()])
    encoder = ensemble.sentence_encoder
    learned = await run_blocking(learn_words, list(papers.values()), encoder.encode_questions)
    indexes = Indexes(rows, words, expansion=expansion_by(encoder, learned))
    if topics:
        indexes.topics = await run_blocking(cover, ensemble, rows, topic_vectors(ensemble))
    return indexes
