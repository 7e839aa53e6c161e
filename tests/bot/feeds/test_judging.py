"""Whether a paper is for a feed: each rule, and what it says to whoever asks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.judging import Candidate, Wish, checks, kept_out, origins_of
from tests.bot.feeds.conftest import candidate_of, feed_of

TOPIC = Wish("speculative decoding")


def said(candidate: Candidate, wish: Wish | None = None, *, start: int = 0, **settings: Any) -> list[str]:
    """What each rule says, with ✓ or ✗."""
    found = checks(feed_of(start=start, **settings), wish or Wish(), candidate, 0.5)
    return [f"{'✓' if check.holds else '✗'} {check.words}" for check in found]


def test_a_feed_without_rules_takes_every_paper_that_came_after_it():
    assert said(candidate_of(6), start=5) == ["✓ it came after this was made"]
    assert said(candidate_of(5), start=5) == ["✗ it was here before this was made"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("hugging-face", "✓ told by Hugging Face or a file: it was by Hugging Face"),
        ("daily-papers-page", "✓ told by Hugging Face or a file: it was by Hugging Face"),
        ("reading-list.jsonl", "✓ told by Hugging Face or a file: it was by a file"),
        ("arxiv", "✗ told by Hugging Face or a file: it was by arXiv"),
    ],
)
def test_a_paper_must_be_told_by_one_of_the_sources(source: str, words: str):
    assert said(candidate_of(1, source=source), sources=("hugging-face", "files"))[1:] == [words]


def test_several_may_tell_of_one_paper_and_nobody_may():
    assert origins_of(frozenset({"hugging-face", "daily-papers-page", "arxiv"})) == ["arxiv", "hugging-face"]
    nobody = Candidate(candidate_of(1).paper, 1, frozenset())
    assert said(nobody, sources=("arxiv",))[1:] == ["✗ told by arXiv: it was by nobody"]


@pytest.mark.parametrize(("passes", "sign"), [(True, "✓"), (False, "✗")])
def test_what_narrows_the_query_is_said_in_its_own_words(passes: bool, sign: str):
    assert said(candidate_of(1, passes=passes), Wish(narrowed="without protein"))[1:] == [
        f"{sign} without protein"
    ]


@pytest.mark.parametrize(
    ("upvotes", "words"),
    [
        (None, "✗ at least 1,000 upvotes: they are not known"),
        (999, "✗ at least 1,000 upvotes: they are 999"),
        (1000, "✓ at least 1,000 upvotes: they are 1,000"),
    ],
)
def test_upvotes_must_be_known_and_enough(upvotes: int | None, words: str):
    assert said(candidate_of(1, upvotes=upvotes), min_upvotes=1000)[1:] == [words]


def test_of_the_upvotes_in_the_query_and_in_the_settings_the_greater_number_counts():
    wish = Wish(min_upvotes=20)
    assert said(candidate_of(1, upvotes=15), wish, min_upvotes=10)[1].startswith("✗ at least 20 upvotes")
    assert said(candidate_of(1, upvotes=15), wish, min_upvotes=30)[1].startswith("✗ at least 30 upvotes")


def test_no_upvotes_are_no_rule():
    assert len(said(candidate_of(1), Wish(min_upvotes=0), min_upvotes=0)) == 1


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (None, "✗ read for meaning: it is not yet"),
        (0.4999, "✗ about “speculative decoding”: 0.50, and 0.50 is needed"),
        (0.5, "✓ about “speculative decoding”: 0.50, and 0.50 is needed"),
    ],
)
def test_a_paper_must_be_about_the_topic_as_far_as_it_is_read(score: float | None, words: str):
    assert said(candidate_of(1, score=score), TOPIC)[1:] == [words]


def test_without_a_topic_no_paper_has_to_be_read():
    assert kept_out(feed_of(), Wish(), candidate_of(1, score=None), 0.5) is None


def test_the_first_rule_that_does_not_hold_keeps_it_out():
    feed = feed_of(start=1, sources=("files",), min_upvotes=3)
    wish = Wish("decoding", "without protein")
    rules = [check.rule for check in checks(feed, wish, candidate_of(1, score=0.1, passes=False), 0.5)]
    assert rules == ["new", "source", "words", "upvotes", "topic"]
    assert kept_out(feed, wish, candidate_of(1, score=0.1, passes=False), 0.5) == "new"
    assert kept_out(feed, wish, candidate_of(2, score=0.9, source="list", passes=False), 0.5) == "words"


@given(
    number=st.integers(0, 9),
    start=st.integers(0, 9),
    source=st.sampled_from(("arxiv", "hugging-face", "list")),
    sources=st.sets(st.sampled_from(("arxiv", "hugging-face", "files"))).map(tuple),
    passes=st.booleans(),
    upvotes=st.none() | st.integers(0, 9),
    least=st.none() | st.integers(0, 9),
    topic=st.sampled_from(("", "decoding")),
    score=st.none() | st.floats(0, 1),
    threshold=st.floats(0, 1),
)
def test_a_paper_is_in_if_all_rules_hold_and_every_rule_has_words(
    number: int,
    start: int,
    source: str,
    sources: tuple[str, ...],
    passes: bool,
    upvotes: int | None,
    least: int | None,
    topic: str,
    score: float | None,
    threshold: float,
):
    feed, wish = feed_of(start=start, sources=sources, min_upvotes=least), Wish(topic, "in cs.CL")
    one = candidate_of(number, source=source, passes=passes, upvotes=upvotes, score=score)
    found = list(checks(feed, wish, one, threshold))
    rule = kept_out(feed, wish, one, threshold)
    assert (rule is None) == all(check.holds for check in found)
    assert rule in {None, *(check.rule for check in found if not check.holds)}
    assert all(check.words for check in found)
    assert len({check.rule for check in found}) == len(found)
