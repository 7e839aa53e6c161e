"""A follow-up becomes a question of its own; and when sentences near a question are no answer."""

from dataclasses import replace

import pytest

from retrieval.answered import Grounds, is_answered
from retrieval.followup import joined, subject_of


@pytest.mark.parametrize(
    ("followup", "expected"),
    [
        ("and on a phone?", "speculative decoding on a phone?"),
        ("What about with quantization?", "speculative decoding with quantization?"),
        ("is it faster?", "is speculative decoding faster?"),
        ("ok, and how much memory does it need?", "how much memory does speculative decoding need?"),
        ("does that work", "does speculative decoding work"),
        ("what about memory?", "memory, speculative decoding?"),
        ("is speculative decoding lossless?", "is speculative decoding lossless?"),
        ("and?", "speculative decoding"),
        ("", "speculative decoding"),
    ],
)
def test_a_follow_up_carries_its_topic(followup: str, expected: str):
    assert joined("speculative decoding", followup) == expected


def test_the_topic_is_what_a_previous_question_was_about():
    assert joined("are there any papers on expert offloading?", "and on a phone?") == (
        "expert offloading on a phone?"
    )


def test_without_a_topic_the_follow_up_stands_alone():
    assert joined("", "and on a phone?") == "on a phone?"
    assert joined("  ", "quantization") == "quantization"


GOOD = Grounds(found=True, topic=3.0, cosine=0.5, share=0.4, missing=0, lacking=0.0)


def test_near_sentences_on_a_topic_that_is_here_are_an_answer():
    assert is_answered(GOOD)


@pytest.mark.parametrize(
    "change",
    [
        {"lacking": 1.0},
        {"missing": 2},
        {"topic": -6.0, "cosine": 0.1},
        {"cosine": 0.0, "share": 0.0, "topic": 0.0},
    ],
)
def test_they_are_none_without_what_was_asked_for(change: dict[str, float]):
    assert not is_answered(replace(GOOD, **change))


def test_of_given_papers_a_question_need_not_name_the_topic():
    vague = replace(GOOD, topic=-5.0, cosine=0.22, share=0.2)
    assert not is_answered(vague)
    assert is_answered(replace(vague, given=True))


def test_encoders_that_the_verdict_is_not_fitted_for_follow_the_plain_one():
    plain = replace(GOOD, topic=None)
    assert is_answered(plain)
    assert not is_answered(replace(plain, found=False))
    assert not is_answered(replace(plain, lacking=1.0))
    assert is_answered(replace(plain, found=False, given=True))


def test_a_paper_without_vectors_must_share_words():
    unread = replace(GOOD, cosine=None)
    assert is_answered(unread)
    assert not is_answered(replace(unread, share=0.1))


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("how much faster is speculative decoding on a phone?", "speculative decoding on a phone"),
        ("how much memory does speculative decoding need?", "speculative decoding"),
        ("Which GPUs was SpecMemo tested on?", "SpecMemo"),
        ("what is the speedup of EAGLE on GSM8K", "EAGLE on GSM8K"),
        ("what's the difference between vLLM and TGI?", "difference between vLLM and TGI"),
        ("does quantization hurt long contexts?", "quantization hurt long contexts"),
        ("can you explain how early exiting works", "early exiting"),
        ("how many languages does the model support", "model support"),
        ("papers on expert offloading", "expert offloading"),
        ("speculative decoding", "speculative decoding"),
        ("how?", "how"),
        ("", ""),
    ],
)
def test_a_question_is_about_what_is_left_without_the_words_that_ask(question: str, subject: str):
    assert subject_of(question) == subject
