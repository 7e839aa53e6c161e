"""Whether the corpus has something on a question, by the evidence."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.verdict import Evidence, Verdict, contributions, has_enough, is_found, score

ANSWERED = Evidence((0.7, 0.85), 0.7, 1.2, 4, 10_000, 1.1, 1.1)
ABSENT = Evidence((0.4, 0.68), 0.4, 0.8, 4, 10_000, 1.2, 0.95)

cosines = st.floats(-1, 1)
closenesses = st.floats(-1.5, 1.5)
evidences = st.builds(
    Evidence,
    similarities=st.tuples(cosines, cosines),
    sentence_similarity=cosines,
    lexical_share=st.floats(0, 4),
    words=st.integers(0, 60),
    papers=st.integers(0, 10_000_000),
    match=closenesses,
    covered=closenesses,
    floors=st.just(()) | st.tuples(cosines, cosines),
    is_said=st.booleans(),
)
steps = st.floats(0, 1)

MORE_EVIDENCE: dict[str, Callable[[Evidence, float], Evidence]] = {
    "a nearer paper": lambda seen, by: replace(
        seen, similarities=(seen.similarities[0], seen.similarities[1] + by)
    ),
    "a nearer sentence": lambda seen, by: replace(seen, sentence_similarity=seen.sentence_similarity + by),
    "more of the words in one paper": lambda seen, by: replace(seen, lexical_share=seen.lexical_share + by),
    "more words in the question": lambda seen, by: replace(seen, words=seen.words + round(10 * by)),
    "its topics better covered": lambda seen, by: replace(seen, covered=seen.covered + by),
    "its words in a paper just so": lambda seen, by: replace(seen, is_said=seen.is_said or by > 0),
    "further from every topic": lambda seen, by: replace(seen, match=seen.match - by),
    "the same from fewer papers": lambda seen, by: replace(
        seen, papers=max(1, round(seen.papers * (1 - by)))
    ),
}


def test_a_near_paper_on_covered_topics_is_found_and_a_far_one_on_absent_topics_is_not():
    assert is_found(ANSWERED)
    assert not is_found(ABSENT)


@pytest.mark.parametrize("change", MORE_EVIDENCE.values(), ids=MORE_EVIDENCE.keys())
@given(seen=evidences.filter(lambda seen: seen.papers > 0), by=steps)
def test_more_evidence_never_turns_found_into_not_found(
    change: Callable[[Evidence, float], Evidence], seen: Evidence, by: float
):
    assert is_found(change(seen, by)) or not is_found(seen)


@given(seen=evidences, strictness=st.floats(-3, 3), more=steps)
def test_what_is_found_strictly_is_found_leniently(seen: Evidence, strictness: float, more: float):
    assert is_found(seen, strictness) or not is_found(seen, strictness + more)


@given(seen=evidences)
def test_nothing_is_found_in_an_empty_corpus_or_for_a_question_without_words(seen: Evidence):
    assert not is_found(replace(seen, papers=0))
    assert not is_found(replace(seen, words=0))


@given(seen=evidences)
def test_the_contributions_of_the_fields_add_up_to_the_score(seen: Evidence):
    assert sum(contributions(seen).values()) == pytest.approx(score(seen), abs=1e-9)


def test_every_field_of_the_evidence_has_its_say():
    only_of_the_plain_verdict = {"floors"}
    assert contributions(ANSWERED).keys() == {"base", *Evidence.__slots__} - only_of_the_plain_verdict


def test_the_score_is_that_of_the_formula_as_it_was_fitted():
    # 11.8 × .7 + 18.8 × .85 + 3.82 × 1.2 + 1.5 ln 4 − ln(10000 / 52) − 12.6 × 1.1 + 5.95 × 1.1 − 16.1
    expected = 11.8 * 0.7 + 18.8 * 0.85 + 3.82 * 1.2 + 1.5 * math.log(4) - math.log(10000 / 52) - 12.6 * 1.1
    assert score(ANSWERED) == pytest.approx(expected + 5.95 * 1.1 - 16.1, abs=1e-4)
    assert score(replace(ANSWERED, is_said=True)) == pytest.approx(score(ANSWERED) + 2.5)


def test_a_very_close_label_counts_no_more_than_a_close_one():
    assert score(replace(ABSENT, match=1.5)) == score(replace(ABSENT, match=1.15))


def test_a_handful_of_papers_is_judged_as_fifty_are():
    assert score(replace(ABSENT, papers=3)) == score(replace(ABSENT, papers=50))
    assert score(replace(ABSENT, papers=50)) > score(replace(ABSENT, papers=100))


def test_a_single_frequent_word_proves_nothing_without_meaning():
    what_time_is_it = Evidence((0.25, 0.62), 0.24, 3.07, 1, 10_000, 0.65, 0.95)
    assert not is_found(what_time_is_it)
    assert is_found(replace(what_time_is_it, words=2))  # two such words in one abstract are no accident


def test_a_single_technical_word_is_found_though_the_encoder_hardly_knows_it():
    rlhf = Evidence((0.25, 0.69), 0.25, 2.06, 1, 10_000, 0.61, 1.05)
    assert is_found(rlhf)


@pytest.mark.parametrize("similarities", [(), (0.9,), (0.9, 0.9, 0.9)])
def test_other_encoders_than_the_pair_it_was_fitted_for_are_refused(similarities: tuple[float, ...]):
    with pytest.raises(ValueError, match="pair of encoders"):
        is_found(replace(ANSWERED, similarities=similarities))


def test_the_plain_verdict_adds_the_words_to_the_mean_of_the_similarities():
    seen = replace(ABSENT, similarities=(0.2, 0.6), lexical_share=0.1)
    assert has_enough(seen, 0.49)
    assert not has_enough(seen, 0.51)


def test_the_plain_verdict_weights_the_encoders_as_the_ensemble_does():
    seen = replace(ABSENT, similarities=(0.2, 0.6), lexical_share=0.0)
    assert has_enough(seen, 0.49, weights=(1, 3))
    assert not has_enough(seen, 0.49, weights=(3, 1))
    with pytest.raises(ValueError, match="zip"):
        has_enough(seen, 0.49, weights=(1,))


def test_the_plain_verdict_counts_each_similarity_from_the_floor_of_its_encoder_up_to_1():
    low, high = (
        replace(ABSENT, similarities=(0.5,), floors=(0.0,), lexical_share=0.0),
        replace(ABSENT, similarities=(0.8,), floors=(0.6,), lexical_share=0.0),
    )
    for seen in (low, high):
        assert has_enough(seen, 0.49)
        assert not has_enough(seen, 0.51)
    assert not has_enough(replace(low, floors=(1.0,)), 0.01)
    with pytest.raises(ValueError, match="zip"):
        has_enough(replace(low, floors=(0.0, 0.6)))


def test_a_model_to_which_all_texts_are_alike_finds_no_more_than_another():
    off_topic = replace(ABSENT, similarities=(0.51,), floors=(0.37,), lexical_share=0.15)  # as of bge
    assert not has_enough(off_topic)
    assert has_enough(replace(off_topic, similarities=(0.79,), floors=(0.52,), lexical_share=0.74))


@given(seen=evidences.filter(lambda seen: seen.papers > 0), by=steps)
def test_more_similarity_or_words_never_turn_plainly_found_into_not_found(seen: Evidence, by: float):
    nearer = replace(seen, similarities=(seen.similarities[0] + by, seen.similarities[1]))
    worded = replace(seen, lexical_share=seen.lexical_share + by)
    assert not has_enough(seen) or (has_enough(nearer) and has_enough(worded))


def test_nothing_is_plainly_found_in_an_empty_corpus():
    assert not has_enough(replace(ANSWERED, papers=0))
    assert not has_enough(replace(ANSWERED, similarities=()))


def test_both_are_verdicts():
    verdicts: list[Verdict] = [
        is_found,
        partial(is_found, strictness=0.5),
        partial(has_enough, weights=(1, 2)),
    ]
    assert all(verdict(ANSWERED) for verdict in verdicts)
