"""Several encoders answer as one, and can be told apart again."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.encoder import Model
from retrieval.ensemble import Ensemble
from retrieval.representation import Matrix, PaperText, PaperVectors

WEIGHTS = st.lists(st.floats(0.01, 100), min_size=1, max_size=4)


class DirectionEncoder:
    """Every text is a direction drawn from its words: honest unit vectors, and nothing to load."""

    def __init__(self, name: str, dimension: int, *, reads_sentences: bool = False) -> None:
        self.model = Model(name, "1", "float32")
        self.dimension = dimension
        self.reads_sentences = reads_sentences

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        rows = [self._row(question) for question in questions]
        return np.array(rows, dtype=np.float32).reshape(-1, self.dimension)

    def encode_papers(self, papers: Sequence[PaperText]) -> list[PaperVectors]:
        none = np.empty((0, self.dimension), dtype=np.float32)
        return [PaperVectors(self._row(paper.whole), none) for paper in papers]

    def knows(self, word: str) -> bool:
        return bool(word)

    def _row(self, text: str) -> np.ndarray:
        row = np.random.default_rng([*f"{self.model.name} {text}".encode()]).normal(size=self.dimension)
        return (row / np.linalg.norm(row)).astype(np.float32)


def of(weights: Sequence[float]) -> Ensemble:
    return Ensemble([DirectionEncoder(f"m{n}", 5 + n) for n in range(len(weights))], weights)


@given(WEIGHTS)
def test_a_dot_product_is_the_weighted_sum_of_the_cosines(weights: list[float]):
    ensemble = of(weights)
    apart = [encoder.encode_questions(["one", "two"]) for encoder in ensemble.encoders]
    rows = ensemble.encode_questions(["one", "two"])
    expected = sum(w * float(own[0] @ own[1]) for w, own in zip(ensemble.weights, apart, strict=True))
    assert float(rows[0] @ rows[1]) == pytest.approx(expected, abs=1e-5)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert rows.dtype == np.float32


@given(WEIGHTS)
def test_what_each_encoder_thinks_is_kept(weights: list[float]):
    ensemble = of(weights)
    apart = [encoder.encode_questions(["one", "two", "three"]) for encoder in ensemble.encoders]
    rows = ensemble.combine(apart)
    assert rows.shape == (3, ensemble.dimension)
    expected = np.stack([own @ own[1] for own in apart], axis=1)
    np.testing.assert_allclose(ensemble.cosines(rows, rows[1]), expected, atol=1e-4)
    for part, own in zip(ensemble.unit_parts(rows[2]), apart, strict=True):
        np.testing.assert_allclose(part, own[2], atol=1e-4)


def test_parts_are_views():
    ensemble = of([1, 3])
    rows = ensemble.encode_questions(["one"])
    first, second = ensemble.parts(rows)
    assert (first.shape, second.shape) == ((1, 5), (1, 6))
    assert np.shares_memory(first, rows)
    assert np.shares_memory(second, rows)
    assert float(np.linalg.norm(second)) == pytest.approx(0.75**0.5)


def test_weights_are_scaled_and_named_in_the_key():
    assert of([2, 6]).weights == (0.25, 0.75)
    assert of([2, 6]).key == of([1, 3]).key
    assert of([2, 6]).key != of([6, 2]).key
    assert all(encoder.model.key in of([2, 6]).key for encoder in of([2, 6]).encoders)


def test_sentences_are_read_by_the_first_encoder_that_can():
    encoders = [DirectionEncoder("a", 3), DirectionEncoder("b", 4, reads_sentences=True)]
    ensemble = Ensemble(encoders, [1, 1])
    assert ensemble.sentence_encoder is encoders[1]
    assert of([1, 1]).sentence_place == 0


def test_no_question_makes_no_row():
    assert of([1, 2]).encode_questions([]).shape == (0, 11)


@pytest.mark.parametrize("weights", [[], [1], [1, 0], [1, -1], [1, float("nan")], [1, float("inf")]])
def test_weights_that_are_none_are_refused(weights: list[float]):
    with pytest.raises(ValueError, match="weights"):
        Ensemble([DirectionEncoder("a", 3), DirectionEncoder("b", 3)], weights)
