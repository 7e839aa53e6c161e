"""How good a ranking is, and whether one is better than another by more than chance."""

import math
import random
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.metrics import (
    Interval,
    Scores,
    mean_scores,
    ndcg,
    paired_bootstrap,
    recall,
    reciprocal_rank,
    scores,
)

# What pytrec_eval-terrier 0.5.11 (trec_eval 9) says: ranking, grades, nDCG@5, nDCG@10, recall@5, reciprocal rank.
FROM_TREC_EVAL = [
    (
        "d1 d6 d10 d11 d3 d0 d4 d7 d9",
        {"d5": -1, "d2": 0, "d6": 2, "d0": 1, "d1": 2, "d9": 0, "d4": -1},
        (0.8670870086853021, 0.9617761342179452, 0.6666666666666666, 1.0),
    ),
    (
        "d1 d9 d4 d8 d2 d0 d10 d5 d11",
        {"d9": -1, "d1": 2, "d3": 0, "d0": 1, "d6": 1, "d8": 0, "d10": 2},
        (0.4770382338730848, 0.7210132022129015, 0.25, 1.0),
    ),
    (
        "d7 d5 d4 d3 d2 d10 d1 d0 d11",
        {"d5": 1, "d1": 3, "d8": 2, "d10": 1, "d0": 1, "d4": 1, "d9": 2},
        (0.18602688153349425, 0.4140391566808355, 0.2857142857142857, 0.5),
    ),
    (
        "d6 d0 d1 d8 d5 d2 d7 d11 d3",
        {"d8": -1, "d7": 2, "d5": 1, "d10": 0, "d4": 0, "d11": 0, "d0": 1},
        (0.32507358545652854, 0.5380028809497279, 0.6666666666666666, 0.5),
    ),
]
IDS = [f"d{number}" for number in range(30)]
GRADES = st.dictionaries(st.sampled_from(IDS), st.integers(-1, 3), min_size=1).filter(
    lambda grades: max(grades.values()) > 0
)
RANKINGS = st.lists(st.sampled_from(IDS), unique=True)
CUTS = st.integers(1, 40)
SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@pytest.mark.parametrize(("ranking", "grades", "expected"), FROM_TREC_EVAL)
def test_the_figures_are_those_of_trec_eval(
    ranking: str, grades: dict[str, int], expected: tuple[float, float, float, float]
):
    ids = ranking.split()
    ours = (
        ndcg(ids, grades, 5),
        ndcg(ids, grades, 10),
        recall(ids, grades, 5),
        reciprocal_rank(ids, grades, 10),
    )
    assert ours == pytest.approx(expected, abs=1e-12)


def test_gains_are_linear_a_grade_of_3_counts_three_times_a_grade_of_1():
    grades = {"best": 3, "good": 1}
    by_hand = (1 / math.log2(2) + 3 / math.log2(3)) / (3 / math.log2(2) + 1 / math.log2(3))
    assert ndcg(["good", "best"], grades, 10) == pytest.approx(by_hand)


@given(GRADES, CUTS)
def test_the_best_order_has_an_ndcg_of_1(grades: dict[str, int], k: int):
    best = sorted(grades, key=lambda paper_id: -grades[paper_id])
    assert ndcg(best, grades, k) == pytest.approx(1)
    assert reciprocal_rank(best, grades, k) == 1
    assert recall(best, grades, len(grades)) == 1


@given(RANKINGS, GRADES, CUTS)
def test_every_figure_lies_between_0_and_1(ranking: list[str], grades: dict[str, int], k: int):
    for measure in (ndcg, recall, reciprocal_rank):
        assert 0 <= measure(ranking, grades, k) <= 1


@given(RANKINGS, GRADES, CUTS, st.randoms(use_true_random=False))
def test_what_comes_after_the_last_relevant_document_may_stand_in_any_order(
    ranking: list[str], grades: dict[str, int], k: int, chance: random.Random
):
    last = max((place for place, one in enumerate(ranking, 1) if grades.get(one, 0) > 0), default=0)
    rest = ranking[last:]
    chance.shuffle(rest)
    for measure in (ndcg, recall, reciprocal_rank):
        assert measure(ranking[:last] + rest, grades, k) == measure(ranking, grades, k)


@given(RANKINGS, GRADES, CUTS)
def test_what_comes_after_k_does_not_count(ranking: list[str], grades: dict[str, int], k: int):
    for measure in (ndcg, recall, reciprocal_rank):
        assert measure(ranking[:k], grades, k) == measure(ranking, grades, k)


@given(RANKINGS, GRADES, CUTS)
def test_two_neighbours_with_the_better_one_first_never_score_less(
    ranking: list[str], grades: dict[str, int], k: int
):
    for place, pair in enumerate(pairwise(ranking)):
        better, worse = sorted(pair, key=lambda one: -grades.get(one, 0))
        before, after = ranking[:place], ranking[place + 2 :]
        for measure in (ndcg, recall, reciprocal_rank):
            in_order = measure([*before, better, worse, *after], grades, k)
            assert in_order >= measure([*before, worse, better, *after], grades, k)


def test_a_grade_of_0_or_less_is_not_relevant():
    grades = {"wrong": -1, "judged": 0, "right": 1}
    figures = scores(["wrong", "judged", "unjudged", "right"], grades)
    assert figures == Scores(ndcg10=1 / math.log2(5), recall10=1, recall100=1, mrr10=1 / 4)


def test_recall_looks_at_100_papers_and_the_others_at_10():
    ranking = [f"d{number}" for number in range(200)]
    assert scores(ranking, {"d10": 1, "d99": 1, "d100": 1}) == Scores(0, 0, 2 / 3, 0)


@pytest.mark.parametrize("measure", [ndcg, recall, reciprocal_rank])
def test_a_question_that_nothing_answers_has_no_score(measure):
    with pytest.raises(ValueError, match="without a relevant document"):
        measure(["d1"], {"d1": 0}, 10)


def test_each_question_counts_once_in_the_mean():
    assert mean_scores([Scores(1, 0.5, 1, 1), Scores(0, 0.5, 0.5, 0.5)]) == Scores(0.5, 0.5, 0.75, 0.75)
    with pytest.raises(ValueError, match="no question"):
        mean_scores([])


@given(SHARES)
def test_equal_scores_differ_by_exactly_nothing(shares: list[float]):
    assert paired_bootstrap(shares, shares, resamples=50) == Interval(0, 0, 0)


@given(SHARES, st.randoms(use_true_random=False))
def test_the_other_way_round_is_the_same_interval_mirrored(shares: list[float], chance: random.Random):
    others = [chance.random() for _ in shares]
    there = paired_bootstrap(shares, others, resamples=50)
    back = paired_bootstrap(others, shares, resamples=50)
    assert (back.mean, back.low, back.high) == pytest.approx((-there.mean, -there.high, -there.low))


def test_of_many_differences_without_a_tendency_about_95_in_100_intervals_hold_0():
    draw = np.random.default_rng(5)
    holding = 0
    for trial in range(200):
        a, b = draw.random((2, 100))
        interval = paired_bootstrap(a.tolist(), b.tolist(), resamples=400, seed=trial)
        holding += interval.low <= 0 <= interval.high
    assert 180 <= holding <= 199


def test_the_interval_is_as_wide_as_the_normal_one_where_that_holds():
    differences = np.random.default_rng(1).normal(0.02, 0.3, 400)
    interval = paired_bootstrap(differences.tolist(), [0.0] * 400)
    half = 1.96 * differences.std() / math.sqrt(400)
    assert interval.mean == pytest.approx(differences.mean())
    assert interval.low == pytest.approx(differences.mean() - half, abs=0.002)
    assert interval.high == pytest.approx(differences.mean() + half, abs=0.002)


def test_questions_are_compared_in_pairs_so_that_easy_and_hard_ones_do_not_blur_a_small_gain():
    easy_and_hard = [0.1, 0.9] * 50
    interval = paired_bootstrap([one + 0.01 for one in easy_and_hard], easy_and_hard, resamples=200)
    assert interval.low == pytest.approx(0.01)


def test_the_same_seed_gives_the_same_interval():
    a, b = [0.1, 0.5, 0.9, 0.4], [0.2, 0.3, 0.7, 0.6]
    assert paired_bootstrap(a, b, seed=1) == paired_bootstrap(a, b, seed=1)


@pytest.mark.parametrize(("a", "b"), [([], []), ([0.1], [0.1, 0.2])])
def test_only_scores_of_the_same_questions_are_compared(a: list[float], b: list[float]):
    with pytest.raises(ValueError, match="the same questions"):
        paired_bootstrap(a, b)
