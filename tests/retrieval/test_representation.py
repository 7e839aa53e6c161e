"""How a paper becomes vectors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.importing import bundled_papers
from retrieval.representation import best_sentence, represent, slices_of, split_sentences, texts_to_encode


def unit(*values: float) -> np.ndarray:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


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


def test_no_sentence_of_the_bundled_abstracts_is_half_an_abstract():
    longest = max(len(sentence) for paper in bundled_papers() for sentence in split_sentences(paper.abstract))
    assert longest < 500


def test_a_paper_lies_between_its_passage_and_its_sentences():
    rows = np.stack([unit(1, 0, 0), unit(0, 1, 0), unit(0, 1, 0)])
    made = represent(rows)
    np.testing.assert_allclose(made.whole, unit(1, 1, 0), atol=1e-6)
    assert made.sentences.shape == (2, 3)


def test_a_paper_without_an_abstract_is_its_title():
    assert texts_to_encode("Title", "") == ["Title. "]
    made = represent(np.stack([unit(1, 2, 3)]))
    np.testing.assert_allclose(made.whole, unit(1, 2, 3))
    assert best_sentence(unit(1, 0, 0), "", made.sentences) == ""


def test_the_best_sentence_is_the_closest_one():
    sentences = np.stack([unit(1, 0), unit(0, 1)])
    assert best_sentence(unit(0.1, 1), "First one. Second one.", sentences) == "Second one."


def test_sentences_that_do_not_fit_their_vectors_are_not_guessed():
    assert best_sentence(unit(1, 0), "Only one.", np.stack([unit(1, 0), unit(0, 1)])) == ""


@pytest.mark.parametrize(
    ("counts", "slices"), [([], []), ([2, 0, 1], [slice(0, 2), slice(2, 2), slice(2, 3)])]
)
def test_rows_are_cut_where_each_paper_ends(counts: list[int], slices: list[slice]):
    assert slices_of(counts) == slices
