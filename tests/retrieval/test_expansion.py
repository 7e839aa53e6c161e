"""Other words for a question's: from acronyms and near words, with vectors made by hand."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.corpus_words import CorpusWords
from retrieval.expansion import Expansion, Extra
from retrieval.representation import Matrix
from retrieval.spelling import correction

# Degrees in one plane: mobile things at 0 to 50, food at 180. Any other word has a direction of its own.
DIRECTIONS = {
    "mobile": 0,
    "smartphone": 20,
    "phone": 10,
    "tablet": 35,
    "handset": 50,
    "bread": 180,
    "loaf": 200,
}
PAPERS = [
    ("Large Language Models (LLMs)", "We run LLMs on mobile and smartphone, on tablet and handset."),
    ("LLMs again", "The mobile LLM; mobile of reinforcement learning (RL)."),
    ("More LLMs", "mobile aid (MA) and bread"),
    ("The last", "mobile ma of bread"),
]


class Encoder:
    """Gives directions, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, words: Sequence[str]) -> Matrix:
        self.asked += words
        rows = np.zeros((len(words), 2048), dtype=np.float32)
        for row, word in zip(rows, words, strict=True):
            if word in DIRECTIONS:
                radians = np.deg2rad(DIRECTIONS[word])
                row[:2] = np.cos(radians), np.sin(radians)
            else:
                row[2 + crc32(word.encode()) % 2046] = 1
        return rows


def stem(word: str) -> str:
    return "" if word in {"the", "of", "on", "and", "we"} else word.removesuffix("s")


def made(papers: Sequence[tuple[str, str]] = PAPERS, encoder: Encoder | None = None) -> Expansion:
    words = CorpusWords(stem, "degrees")
    for title, abstract in papers:
        words.add(title, abstract)
    words.encode_missing(Encoder())
    return Expansion(words, encoder or Encoder(), well_formed=lambda word: word == "mobiles")


def terms(question: str, expansion: Expansion | None = None) -> list[str]:
    return [extra.term for extra in (expansion or made()).extras(question)]


def test_an_acronym_brings_its_long_form_for_half_weight():
    assert made().extras("what are LLMs") == [Extra("large language models", 0.5, "LLMs")]


def test_an_acronym_that_the_corpus_writes_in_capitals_needs_none_in_the_question():
    assert terms("llms") == ["large language models"]


def test_a_word_that_the_corpus_writes_small_is_an_acronym_only_in_capitals():
    papers = [*PAPERS, ("ma", "ma"), ("ma", "ma")]
    assert terms("ma", made(papers)) == []
    assert terms("MA", made(papers)) == ["mobile aid"]


def test_a_long_form_that_the_question_has_already_is_not_added():
    assert terms("large language models, LLMs") == []
    assert "large language models" in terms("large LLMs")


def test_an_unknown_word_takes_its_three_nearest_in_proportion_to_their_cosines():
    extras = made().extras("a Phone")
    assert [extra.term for extra in extras] == ["mobile", "smartphone", "tablet"]
    assert [extra.because for extra in extras] == ["Phone"] * 3
    cosines = np.cos(np.deg2rad([10, 10, 25]))
    assert [extra.weight for extra in extras] == pytest.approx(0.8 * cosines, abs=1e-6)


def test_a_word_that_many_papers_have_takes_its_nearest_for_little():
    weights = {extra.term: extra.weight for extra in made().extras("mobile")}
    assert weights == pytest.approx(
        {"smartphone": 0.2 * np.cos(np.deg2rad(20)), "tablet": 0.2 * np.cos(np.deg2rad(35))}
        | {"handset": 0.2 * np.cos(np.deg2rad(50))},
        abs=1e-6,
    )


def test_a_common_word_needs_nearer_neighbours_than_a_rare_one():
    papers = [*PAPERS, ("bread", "handset at 50 degrees"), ("bread", "")]
    DIRECTIONS["crumb"] = 180 - 55  # cosine .57
    try:
        assert "crumb" not in terms("bread", made([*papers, ("crumb", "")]))
        assert "bread" in terms("crumb", made(papers))
    finally:
        del DIRECTIONS["crumb"]


def test_a_word_of_the_question_is_nobodys_extra():
    assert "mobile" not in terms("mobile phone")
    assert "smartphone" in terms("mobile phone")


def test_a_term_that_two_words_bring_comes_once_with_the_greater_weight():
    extras = [extra for extra in made().extras("mobile phone") if extra.term == "tablet"]
    assert [extra.because for extra in extras] == ["phone"]


def test_a_misspelt_word_brings_what_was_meant_and_is_not_encoded():
    encoder = Encoder()
    assert made(encoder=encoder).extras("smartphnoe") == [Extra("smartphone", 0.8, "smartphnoe")]
    assert encoder.asked == []


def test_did_you_mean_takes_the_query_with_its_operators():
    assert made().did_you_mean("smartphnoe title:brread") == "smartphone title:brread"
    assert made().did_you_mean("mobiles smartphone") is None


def test_words_with_vectors_are_not_encoded_again_and_others_once():
    encoder = Encoder()
    expansion = made(encoder=encoder)
    for _ in range(3):
        expansion.extras("the phone, a mobile, and phones on LLMs")
    assert encoder.asked == ["phone"]


def test_four_unknown_words_of_a_question_are_encoded_at_most():
    encoder = Encoder()
    made(encoder=encoder).extras("zq zw zx zy zv zu")
    assert encoder.asked == ["zq", "zw", "zx", "zy"]


def test_new_papers_are_heeded_without_making_it_anew():
    words = CorpusWords(stem, "degrees")
    expansion = Expansion(words, Encoder(), well_formed=lambda _: False)
    assert terms("phone LLM", expansion) == []
    for title, abstract in PAPERS:
        words.add(title, abstract)
    assert terms("phone LLM", expansion) == ["large language models"]
    words.encode_missing(Encoder())
    assert "mobile" in terms("phone LLM", expansion)


@given(st.text(max_size=200))
def test_any_question_gets_few_terms_of_sane_weight_each_for_a_word_it_has(question: str):
    extras = EXPANSION.extras(question)
    assert len({extra.term for extra in extras}) == len(extras)
    for extra in extras:
        assert 0 < extra.weight <= 0.8 + 1e-6
        assert extra.because in question or extra.because + "s" in question


EXPANSION = made()


def test_an_unknown_word_is_compared_with_the_others_once_until_there_are_new_papers(
    monkeypatch: pytest.MonkeyPatch,
):
    compared: list[str] = []

    def correct(typed: str, *_vocabulary: object, **_options: object) -> str | None:
        compared.append(typed)
        return correction(typed, words.vocabulary, well_formed=lambda _: False)

    monkeypatch.setattr("retrieval.expansion.correction", correct)
    words = CorpusWords(stem, "degrees")
    expansion = Expansion(words, Encoder(), well_formed=lambda _: False)
    for _ in range(2):
        assert terms("smartphnoe", expansion) == []
        assert expansion.did_you_mean("smartphnoe") is None
    assert compared == ["smartphnoe"]
    for title, abstract in PAPERS:
        words.add(title, abstract)
    for _ in range(2):
        assert terms("smartphnoe", expansion) == ["smartphone"]
        assert expansion.did_you_mean("smartphnoe") == "smartphone"
    assert compared == ["smartphnoe"] * 2


def test_no_more_corrections_are_remembered_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("retrieval.expansion._MOST_REMEMBERED", 10)
    expansion = made()
    for number in range(30):
        expansion.did_you_mean(f"smartphnoe {'abcdefghij'[number % 10]}{'xyzw'[number % 4]}nothing")
        assert len(expansion._corrections) <= 11


def test_in_a_small_corpus_the_words_near_the_question_count_most():
    wanted = Encoder()(["mobile"])[0]
    emphasis = made().emphasis("mobile smartphone of bread", wanted)
    assert emphasis["mobile"] == 1
    assert 0.9 < emphasis["smartphone"] < 1
    assert emphasis["bread"] == 0.5


def test_in_a_large_corpus_rarity_is_trusted():
    wanted = Encoder()(["mobile"])[0]
    assert made([*PAPERS, *[("More", "words")] * 500]).emphasis("mobile bread", wanted) == {}
    assert made().emphasis("quite unknown", wanted) == {}
