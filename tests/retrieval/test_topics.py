"""Which topics a question is near, and which of them the papers cover."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.representation import Matrix
from retrieval.topics import ENCODER_WEIGHTS, Topics, labels

LABELS = np.eye(3, dtype=np.float32)  # gardening, databases, cooking
GARDENING, DATABASES, COOKING = LABELS


def topics_with(*papers: Matrix) -> Topics:
    """The three topics, as both encoders see them, and papers that both see alike."""
    return Topics.uncovered((LABELS, LABELS)).covered_by((np.stack(papers), np.stack(papers)))


def unit_rows(seed: int, count: int, dimension: int) -> Matrix:
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_the_labels_are_many_and_different():
    assert len(labels()) == len(set(labels())) == 512
    assert all(label == label.strip() for label in labels())


def test_a_question_on_a_topic_matches_it_and_finds_it_covered():
    match, covered = topics_with(GARDENING).features((GARDENING, GARDENING))
    assert match == pytest.approx(sum(ENCODER_WEIGHTS), abs=0.01)
    assert covered == pytest.approx(match, abs=0.01)


def test_a_topic_that_no_paper_is_near_is_matched_and_not_covered():
    match, covered = topics_with(DATABASES).features((GARDENING, GARDENING))
    assert match == pytest.approx(sum(ENCODER_WEIGHTS), abs=0.01)
    assert covered == pytest.approx(0, abs=0.01)


def test_a_question_between_two_topics_asks_for_both():
    between = (GARDENING + COOKING) / np.sqrt(np.float32(2))
    half = topics_with(COOKING).features((between, between))[1]
    assert half == pytest.approx(sum(ENCODER_WEIGHTS) / 2, abs=0.01)


def test_no_topic_is_covered_before_any_paper_is_known():
    _, covered = Topics.uncovered((LABELS, LABELS)).features((GARDENING, GARDENING))
    assert covered == pytest.approx(-sum(ENCODER_WEIGHTS))


@given(seed=st.integers(0, 1000), first=st.integers(0, 30), then=st.integers(0, 30))
def test_papers_may_come_together_or_one_batch_after_the_other(seed: int, first: int, then: int):
    vectors = (unit_rows(seed, 5, 4), unit_rows(seed + 1, 5, 6))
    rows = (unit_rows(seed + 2, first + then, 4), unit_rows(seed + 3, first + then, 6))
    start = Topics.uncovered(vectors)
    together = start.covered_by(rows)
    halves = start.covered_by([part[:first] for part in rows]).covered_by([part[first:] for part in rows])
    for once, twice in zip(together.coverage, halves.coverage, strict=True):
        assert np.allclose(once, twice, atol=1e-6)


@given(seed=st.integers(0, 1000))
def test_more_papers_never_cover_a_topic_less(seed: int):
    vectors = (unit_rows(seed, 5, 4), unit_rows(seed, 5, 4))
    few = Topics.uncovered(vectors).covered_by((unit_rows(seed + 1, 3, 4),) * 2)
    more = few.covered_by((unit_rows(seed + 2, 3, 4),) * 2)
    question = (unit_rows(seed + 3, 1, 4)[0],) * 2
    assert more.features(question)[0] == few.features(question)[0]
    assert more.features(question)[1] >= few.features(question)[1]


def test_rows_that_hold_both_encoders_side_by_side_are_read_at_their_lengths():
    rows = unit_rows(1, 10, 3)
    plain = Topics.uncovered((LABELS, LABELS)).covered_by((rows, rows))
    side_by_side = np.hstack([0.6 * rows, 0.8 * rows]).astype(np.float32)
    parts = (side_by_side[:, :3], side_by_side[:, 3:])
    scaled = Topics.uncovered((LABELS, LABELS)).covered_by(parts, lengths=(0.6, 0.8))
    for expected, found in zip(plain.coverage, scaled.coverage, strict=True):
        assert np.allclose(expected, found, atol=1e-6)


def test_memory_does_not_grow_with_the_papers():
    vectors = unit_rows(1, 512, 8)
    rows = unit_rows(2, 50_000, 8)  # against all labels at once: 100 MB an encoder
    topics = Topics.uncovered((vectors, vectors))
    tracemalloc.start()
    topics.covered_by((rows, rows))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000


def test_rows_of_one_encoder_do_not_pass_for_those_of_two():
    with pytest.raises(ValueError, match="zip"):
        topics_with(GARDENING).covered_by((LABELS,))
    with pytest.raises(ValueError, match="zip"):
        topics_with(GARDENING).features((GARDENING,))
