"""Scores of several stages become one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.fusion import fed_back, stretched
from retrieval.representation import Matrix
from tests.retrieval.making import unit_rows


@given(st.lists(st.floats(-1e6, 1e6), max_size=30), st.floats(-1e6, 1e6))
def test_stretched_scores_lie_between_0_and_1_and_keep_their_order(scores: list[float], floor: float):
    result = stretched(scores, floor=floor)
    assert all(0 <= value <= 1 for value in result)
    order = np.argsort(scores, kind="stable")
    assert all(np.diff(result[order]) >= 0)


def test_the_best_score_is_1_and_the_floor_is_0():
    assert stretched([2.0, 4.0, 3.0, 1.0], floor=2.0).tolist() == [0, 1, 0.5, 0]


def test_where_nothing_is_above_the_floor_all_are_0():
    assert stretched([1.0, 2.0], floor=2.0).tolist() == [0, 0]
    assert stretched([], floor=0.0).tolist() == []


TOP = unit_rows([[1, 0.1, 0], [1, 0, 0.1], [1, 0.05, 0.05], [0, 1, 0]])


def test_a_paper_like_the_best_ones_passes_an_equal_one_that_is_not():
    scores = np.array([1.0, 0.9, 0.4, 0.4])
    mixed = fed_back(scores, TOP, 0.3)
    assert mixed[2] > mixed[3]
    assert mixed.argmax() in (0, 1)


def test_a_paper_without_a_vector_keeps_what_the_words_gave_it():
    rows = TOP.copy()
    rows[0] = 0
    assert fed_back(np.array([1.0, 0.5, 0.4, 0.3]), rows, 0.2)[0] >= 0.8


@pytest.mark.parametrize(
    ("scores", "rows", "weight"),
    [([1.0, 0.5], TOP[:2], 0.0), ([], TOP[:0], 0.5), ([1.0, 0.5], np.zeros((2, 3), np.float32), 0.5)],
    ids=["no weight", "no papers", "no vectors"],
)
def test_where_there_is_nothing_to_feed_back_the_scores_stay(
    scores: list[float], rows: Matrix, weight: float
):
    assert fed_back(np.array(scores), rows, weight).tolist() == scores


def test_a_tie_at_the_top_feeds_back_too():
    mixed = fed_back(np.array([0.5, 0.5, 0.5, 0.5]), TOP, 0.5)
    assert mixed[3] < mixed[2]


unit_scores = st.floats(0, 1, width=32)


@given(st.data(), st.integers(1, 30), st.floats(0, 1))
def test_the_mixture_stays_between_0_and_1(data: st.DataObject, papers: int, weight: float):
    scores = np.array(data.draw(st.lists(unit_scores, min_size=papers, max_size=papers)))
    seed = data.draw(st.integers(0, 2**16))
    rows = unit_rows(np.random.default_rng(seed).normal(size=(papers, 4)).tolist())
    mixed = fed_back(scores, rows, weight)
    assert mixed.shape == scores.shape
    assert all((mixed >= -1e-9) & (mixed <= 1 + 1e-9))
