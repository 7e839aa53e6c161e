"""From a question, or a paper, to ranked hits. Blocking: the event loop calls it through the worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from retrieval.fusion import stretched
from retrieval.lexical import Matches
from retrieval.question import topic_of
from retrieval.representation import Matrix, Vector, best_sentence

_CANDIDATES = 200  # papers that each stage proposes
_BACKGROUND = 500  # papers that stand for the corpus, to tell near from far
_REMEMBERED_QUESTIONS = 1000  # 1.5 MB at 384 dimensions


@dataclass(frozen=True, slots=True)
class Near:
    """A paper and its cosine similarity to what was asked, at most 1."""

    paper_id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper in a ranking; higher scores are better.

    What the stages gave it, where they were asked: its cosine `similarity`, and its BM25 score `lexical`.
    """

    paper_id: str
    score: float
    similarity: float | None = None
    lexical: float | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hits, best first. `found` is False where even the best is not about the question: nearest misses."""

    hits: tuple[Hit, ...]
    found: bool


@dataclass(frozen=True, slots=True)
class Abstract:
    """An abstract and the vectors of its sentences."""

    text: str
    sentences: Matrix


class QuestionEncoder(Protocol):
    """Questions to unit vectors, one row a question."""

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        """One row a question."""
        ...


class VectorIndex(Protocol):
    """Where the papers' vectors are looked up."""

    def nearest(self, vector: Vector, limit: int) -> list[Near]:
        """The papers closest to a vector, best first."""
        ...

    def vector_of(self, paper_id: str) -> Vector | None:
        """The vector of one paper, if it is in the index."""
        ...

    def vectors_of(self, paper_ids: Sequence[str]) -> dict[str, Vector]:
        """The vectors of those papers that are in the index."""
        ...

    def background(self, size: int) -> Matrix:
        """At most `size` rows of the index, which stand for it."""
        ...


class TextIndex(Protocol):
    """Where the papers' words are looked up."""

    def matching(self, question: str, limit: int, *, among: Sequence[str] | None = None) -> Matches:
        """The papers that share words with the question, best first."""
        ...


@dataclass(frozen=True, slots=True)
class Rules:
    """How a ranking is made and judged.

    `lexical_weight` is the share of the words in a score, the rest is meaning's; at 1 only papers that share a word
    are listed. A question whose best cosine and best share of its words' worth sum to less than `min_evidence` counts
    as not found.
    """

    lexical_weight: float
    min_evidence: float


class Search:
    """Search by words and by meaning, over one text index and one vector index."""

    def __init__(self, encoder: QuestionEncoder, index: VectorIndex, texts: TextIndex, rules: Rules) -> None:
        self._encoder = encoder
        self._index = index
        self._texts = texts
        self._rules = rules
        self._background: Matrix | None = None
        # A list is asked for again at each of its pages.
        self._question = lru_cache(maxsize=_REMEMBERED_QUESTIONS)(self._encode)

    def find(self, question: str, limit: int) -> Ranking:
        """The papers that are about the question, by its words and its meaning together."""
        topic = topic_of(question)
        vector = self._question(topic)
        depth = max(limit, _CANDIDATES)
        near = {other.paper_id: other.similarity for other in self._index.nearest(vector, depth)}
        matches = self._texts.matching(topic, depth)
        similarities = self._similarities(vector, near, matches)
        lexical = self._lexical(topic, similarities, matches)
        weight = self._rules.lexical_weight
        ids = [paper_id for paper_id in similarities if weight < 1 or lexical[paper_id] > 0]
        by_meaning = stretched([similarities[paper_id] for paper_id in ids], floor=self._floor(vector))
        by_words = stretched([lexical[paper_id] for paper_id in ids], floor=0.0)
        scores = weight * by_words + (1 - weight) * by_meaning
        hits = [
            Hit(ids[place], float(scores[place]), similarities[ids[place]], lexical[ids[place]])
            for place in map(int, np.argsort(-scores, kind="stable")[:limit])
        ]
        return Ranking(tuple(hits), found=bool(hits) and self._is_found(similarities, matches))

    def _similarities(self, vector: Vector, near: dict[str, float], matches: Matches) -> dict[str, float]:
        """The cosine of every candidate; a paper that has no vector yet cannot be ranked and is left out."""
        others = self._index.vectors_of([paper_id for paper_id in matches.scores if paper_id not in near])
        return near | {paper_id: float(row @ vector) for paper_id, row in others.items()}

    def _lexical(self, topic: str, candidates: dict[str, float], matches: Matches) -> dict[str, float]:
        """The BM25 score of every candidate, 0 where it shares no word with the topic."""
        others = [paper_id for paper_id in candidates if paper_id not in matches.scores]
        scored = (
            self._texts.matching(topic, len(others), among=others).scores if others else dict[str, float]()
        )
        scores = {**matches.scores, **scored}
        return {paper_id: scores.get(paper_id, 0.0) for paper_id in candidates}

    def _floor(self, vector: Vector) -> float:
        """How similar the question is to the papers that are furthest from it."""
        if self._background is None or not len(self._background):
            self._background = self._index.background(_BACKGROUND)
        return float((self._background @ vector).min()) if len(self._background) else 0.0

    def _is_found(self, similarities: dict[str, float], matches: Matches) -> bool:
        if not similarities:
            return False
        words = max(matches.scores.values(), default=0.0) / matches.possible if matches.possible else 0.0
        return max(similarities.values()) + words >= self._rules.min_evidence

    def similar(self, paper_id: str, limit: int) -> Ranking:
        """The papers closest in meaning to this one, without it. Not found: this one is not indexed yet."""
        vector = self._index.vector_of(paper_id)
        if vector is None:
            return Ranking((), found=False)
        near = [other for other in self._index.nearest(vector, limit + 1) if other.paper_id != paper_id]
        return Ranking(_hits(near[:limit]), found=True)

    def sentences_for_question(self, question: str, abstracts: Sequence[Abstract]) -> list[str]:
        """For each abstract, its sentence that is closest in meaning to the question."""
        return _best(self._question(topic_of(question)), abstracts)

    def sentences_for_paper(self, paper_id: str, abstracts: Sequence[Abstract]) -> list[str]:
        """For each abstract, its sentence that is closest in meaning to the paper as a whole."""
        vector = self._index.vector_of(paper_id)
        return [""] * len(abstracts) if vector is None else _best(vector, abstracts)

    def _encode(self, question: str) -> Vector:
        return self._encoder.encode_questions([question])[0]


def _hits(near: Sequence[Near]) -> tuple[Hit, ...]:
    return tuple(Hit(other.paper_id, other.similarity, other.similarity) for other in near)


def _best(wanted: Vector, abstracts: Sequence[Abstract]) -> list[str]:
    return [best_sentence(wanted, abstract.text, abstract.sentences) for abstract in abstracts]
