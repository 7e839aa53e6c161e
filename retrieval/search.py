"""From a question, or a paper, to ranked hits. Blocking: the event loop calls it through the worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from retrieval.representation import Matrix, Vector, best_sentence

_REMEMBERED_QUESTIONS = 1000  # 1.5 MB at 384 dimensions


@dataclass(frozen=True, slots=True)
class Near:
    """A paper and its cosine similarity to what was asked, at most 1."""

    paper_id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper in a ranking; higher scores are better."""

    paper_id: str
    score: float


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


class Search:
    """Semantic search over one index."""

    def __init__(self, encoder: QuestionEncoder, index: VectorIndex, *, min_similarity: float) -> None:
        """A question whose nearest paper is below `min_similarity` counts as not found."""
        self._encoder = encoder
        self._index = index
        self._min_similarity = min_similarity
        # A list is asked for again at each of its pages.
        self._question = lru_cache(maxsize=_REMEMBERED_QUESTIONS)(self._encode)

    def find(self, question: str, limit: int) -> Ranking:
        """The papers closest in meaning to the question."""
        near = self._index.nearest(self._question(question), limit)
        return Ranking(_hits(near), found=bool(near) and near[0].similarity >= self._min_similarity)

    def similar(self, paper_id: str, limit: int) -> Ranking:
        """The papers closest in meaning to this one, without it. Not found: this one is not indexed yet."""
        vector = self._index.vector_of(paper_id)
        if vector is None:
            return Ranking((), found=False)
        near = [other for other in self._index.nearest(vector, limit + 1) if other.paper_id != paper_id]
        return Ranking(_hits(near[:limit]), found=True)

    def sentences_for_question(self, question: str, abstracts: Sequence[Abstract]) -> list[str]:
        """For each abstract, its sentence that is closest in meaning to the question."""
        return _best(self._question(question), abstracts)

    def sentences_for_paper(self, paper_id: str, abstracts: Sequence[Abstract]) -> list[str]:
        """For each abstract, its sentence that is closest in meaning to the paper as a whole."""
        vector = self._index.vector_of(paper_id)
        return [""] * len(abstracts) if vector is None else _best(vector, abstracts)

    def _encode(self, question: str) -> Vector:
        return self._encoder.encode_questions([question])[0]


def _hits(near: Sequence[Near]) -> tuple[Hit, ...]:
    return tuple(Hit(other.paper_id, other.similarity) for other in near)


def _best(wanted: Vector, abstracts: Sequence[Abstract]) -> list[str]:
    return [best_sentence(wanted, abstract.text, abstract.sentences) for abstract in abstracts]
