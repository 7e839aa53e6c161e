"""How a paper becomes vectors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.importing import bundled_papers
from retrieval.representation import (
    RECIPE,
    PaperText,
    best_sentence,
    late_sentences,
    sentence_spans,
    split_sentences,
    unit,
    without_surrogates,
)


def unit_of(*values: float) -> np.ndarray:
    return unit(np.array(values, dtype=np.float32))


def test_abbreviations_and_numbers_do_not_end_a_sentence():
    text = "We follow Smith et al. (2024), i.e. Fig. 3. It is 2.5x faster, e.g. on GPUs. (3) Third, we stop."
    assert split_sentences(text) == [
        "We follow Smith et al. (2024), i.e. Fig. 3.",
        "It is 2.5x faster, e.g. on GPUs.",
        "(3) Third, we stop.",
    ]


@given(st.text(max_size=300))
def test_sentences_are_pieces_of_the_text_word_for_word(text: str):
    position = 0
    for sentence in split_sentences(text):
        position = text.index(sentence, position) + len(sentence)
        assert sentence.strip()


@given(st.text(max_size=50), st.text(max_size=300))
def test_spans_cut_the_sentences_out_of_a_longer_text(before: str, abstract: str):
    spans = sentence_spans(abstract, start=len(before))
    assert [(before + abstract)[begin:end] for begin, end in spans] == split_sentences(abstract)


def test_no_sentence_of_the_bundled_abstracts_is_half_an_abstract():
    longest = max(len(sentence) for paper in bundled_papers() for sentence in split_sentences(paper.abstract))
    assert longest < 500


def test_a_paper_is_read_as_its_title_and_abstract():
    assert PaperText("Title", "Abstract.").whole == "Title. Abstract."
    assert PaperText("Title", "").whole == "Title. "


def test_a_sentence_is_the_mean_of_its_own_tokens():
    states = np.array([[9, 9], [1, 0], [3, 0], [0, 2], [9, 9]], dtype=np.float32)
    tokens = [(0, 0), (0, 3), (4, 6), (7, 9), (0, 0)]  # special tokens stand nowhere
    rows = late_sentences(states, tokens, [(0, 6), (7, 10)], whole=unit_of(1, 1))
    np.testing.assert_allclose(rows, [[1, 0], [0, 1]], atol=1e-6)
    assert rows.dtype == np.float32


def test_a_sentence_without_a_token_stands_for_the_whole():
    whole = unit_of(1, 1)
    rows = late_sentences(np.ones((1, 2), np.float32), [(0, 0)], [(0, 5)], whole)
    np.testing.assert_allclose(rows, [whole])
    assert late_sentences(np.ones((1, 2), np.float32), [(0, 0)], [], whole).shape == (0, 2)


def test_the_best_sentence_is_the_closest_one():
    sentences = np.stack([unit_of(1, 0), unit_of(0, 1)])
    assert best_sentence(unit_of(0.1, 1), "First one. Second one.", sentences) == "Second one."


@pytest.mark.parametrize(("abstract", "count"), [("Only one.", 2), ("", 0), ("One. And two.", 0)])
def test_sentences_that_do_not_fit_their_vectors_are_not_guessed(abstract: str, count: int):
    assert best_sentence(unit_of(1, 0), abstract, np.ones((count, 2), np.float32)) == ""


@given(st.text(st.characters(exclude_categories=()), max_size=50))
def test_text_without_surrogates_can_be_written_and_keeps_its_length(text: str):
    assert len(without_surrogates(text).encode().decode()) == len(text)


def test_a_vector_of_zeros_stays_one():
    assert not unit_of(0, 0).any()


def test_the_recipe_names_the_sentence_rules():
    assert "syntok-" in RECIPE
