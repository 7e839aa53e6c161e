"""What one threshold for all topics lets through, counted."""

import numpy as np
import pytest

from benchmarks.feed_topics import STREAM, answers, figures, in_titles, line, sample
from retrieval.beir import Collection, Document

PAPERS = [
    Document("1", "Quantized models", "Fewer bits."),
    Document("2", "Fewer bits", "We quantize models."),
    Document("3", "Baking bread", "Flour and water."),
]
COLLECTION = Collection(
    "little",
    PAPERS,
    {"1_q": "Quantized models …", "b": "bread"},
    {"1_q": {"2": 1}, "b": {"3": 1}},
    {"1_q": "1"},
    0,
)


def test_a_perfect_threshold_lets_all_through_that_is_wanted_and_nothing_else():
    scores = np.array([[0.9, 0.2, 0.1], [0.3, 0.8, 0.7]])
    found = figures(scores, np.array([[1, 0, 0], [0, 1, 1]], dtype=np.int8))
    assert (found.precision, found.recall, found.f05, found.best, found.area) == pytest.approx(
        (1, 1, 1, 1, 1)
    )
    assert (found.answers, found.passed) == (1.5, 1.5)


def test_the_others_count_as_a_whole_stream():
    found = figures(np.array([[0.9, 0.8, 0.1]]), np.array([[1, 0, 0]], dtype=np.int8))
    assert found.passed == 1 + STREAM / 2
    assert found.precision == pytest.approx(1 / (1 + STREAM / 2))


def test_what_is_left_aside_counts_nowhere():
    labels = np.array([[1, 0, -1]], dtype=np.int8)
    assert figures(np.array([[0.9, 0.1, 0.0]]), labels) == figures(np.array([[0.9, 0.1, 1.0]]), labels)


def test_a_threshold_for_each_topic_may_do_what_one_for_all_cannot():
    scores = np.array([[0.4, 0.1, 0.1], [0.9, 0.8, 0.7]])
    found = figures(scores, np.array([[1, 0, 0], [1, 0, 0]], dtype=np.int8))
    assert found.oracle == pytest.approx(1)
    assert found.best < 1


def test_a_threshold_for_each_topic_is_none_where_it_would_do_harm():
    scores = np.array([[0.9, 0.1, 0.1], [0.1, 0.8, 0.7]])
    found = figures(scores, np.array([[1, 0, 0], [1, 0, 0]], dtype=np.int8))
    assert found.oracle == found.best == pytest.approx(1.25 / (0.25 * 2 + 1))


def test_a_topic_without_papers_is_refused():
    with pytest.raises(ValueError, match="a topic"):
        figures(np.array([[0.5, 0.4]]), np.array([[0, 0]], dtype=np.int8))


def test_the_paper_that_a_question_was_made_from_is_left_aside():
    assert answers(COLLECTION, PAPERS).tolist() == [[-1, 1, 0], [0, 0, 1]]


def test_a_sample_has_every_answer_and_is_always_the_same():
    assert [paper.id for paper in sample(COLLECTION, 0)] == ["2", "3"]
    assert sample(COLLECTION, 1) == sample(COLLECTION, 1) == PAPERS


def test_a_keyword_is_for_papers_with_all_of_it_in_the_title_and_not_for_those_without_any():
    assert in_titles(["quantization of models"], PAPERS).tolist() == [[1, -1, 0]]


def test_the_line_says_what_was_measured():
    told = line("little", figures(np.array([[0.9, 0.2, 0.1]]), np.array([[1, 0, 0]], dtype=np.int8)))
    assert told.startswith(
        "little: 1 topics, 1.0 papers on each; at 0.5 1.0 pass, precision 1.00, recall 1.00"
    )
