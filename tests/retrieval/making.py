"""What tests of finding are made of: papers by what matters in them, and encoders that were told what to think."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from corpus.paper import Paper
from retrieval.encoder import Model
from retrieval.lexical import LexicalIndex
from retrieval.lexical_fields import Entry
from retrieval.query import Filters, Query
from retrieval.representation import Matrix, PaperText, PaperVectors, split_sentences
from retrieval.search import Ask, Mode
from tests.conftest import WordEncoder


def paper(title: str, abstract: str = "", **others: Any) -> Paper:
    """A paper of which only this is known."""
    return Paper(title, abstract, **others)


def texts_of(papers: Mapping[str, Paper]) -> LexicalIndex:
    """A text index of these papers, by id, in memory."""
    index = LexicalIndex()
    index.put([Entry(paper_id, one) for paper_id, one in papers.items()])
    return index


def ask(words: str, limit: int = 3, *, mode: Mode = "hybrid", filters: Filters | None = None) -> Ask:
    """A search for these words."""
    return Ask(Query(words, words, filters or Filters()), limit, mode)


class FixedEncoder:
    """Knows the meaning of a few texts, as somebody who was told, and remembers what it was asked."""

    reads_sentences = True

    def __init__(self, meanings: Mapping[str, Sequence[float]], name: str = "told") -> None:
        self.model = Model(name, "1", "float32")
        self.meanings = meanings
        self.dimension = len(next(iter(meanings.values())))
        self.asked: list[str] = []

    def knows(self, word: str) -> bool:
        return word in self.meanings

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        self.asked += questions
        return unit_rows([self.meanings[question] for question in questions])

    def encode_papers(self, papers: Sequence[PaperText]) -> list[PaperVectors]:
        return [
            PaperVectors(
                unit_rows([self.meanings[one.title]])[0],
                unit_rows([self.meanings[sentence] for sentence in split_sentences(one.abstract)]),
            )
            for one in papers
        ]


class CountingEncoder(WordEncoder):
    """Counts the papers it was given, and may be killed after so many batches of them."""

    def __init__(self, model: Model = WordEncoder.model, *, killed_after: int | None = None) -> None:
        self.model = model
        self.papers: list[PaperText] = []
        self.batches = 0
        self.killed_after = killed_after

    def encode_papers(self, papers: Sequence[PaperText]) -> list[PaperVectors]:
        if self.batches == self.killed_after:
            raise RuntimeError("killed")
        self.batches += 1
        self.papers += papers
        return super().encode_papers(papers)


def unit_rows(rows: Sequence[Sequence[float]]) -> Matrix:
    """The rows, of length 1."""
    matrix = np.array(rows, dtype=np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
