"""Words and meaning together: each finds what the other misses, and every hit says what the stages gave it."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.exact import ExactIndex
from retrieval.fusion import stretched
from retrieval.lexical import LexicalIndex, Text
from retrieval.representation import Matrix
from retrieval.search import Rules, Search

TEXTS = {
    "phone": Text("1", "LLMs on a smartphone", "We run language models on handheld hardware."),
    "server": Text("2", "Serving on a cluster", "We batch requests across accelerators."),
    "bread": Text("3", "Bread", "Dough rises overnight."),
}
AXES = {"phone": [1, 0, 0], "server": [0, 1, 0], "bread": [0, 0, 1]}


class FixedEncoder:
    """Knows the meaning of a few questions, as somebody who was told."""

    def __init__(self, meanings: Mapping[str, Sequence[float]]) -> None:
        self.meanings = meanings
        self.asked: list[str] = []

    def encode_questions(self, questions: Sequence[str]) -> Matrix:
        self.asked += questions
        rows = np.array([self.meanings[question] for question in questions], dtype=np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def search(
    meanings: Mapping[str, Sequence[float]], *, weight: float = 0.5, indexed: Sequence[str] = tuple(AXES)
) -> tuple[Search, FixedEncoder]:
    texts = LexicalIndex()
    texts.put(TEXTS)
    encoder = FixedEncoder(meanings)
    index = ExactIndex(list(indexed), np.array([AXES[key] for key in indexed], dtype=np.float32))
    return Search(encoder, index, texts, Rules(lexical_weight=weight, min_evidence=0.55)), encoder


def test_meaning_finds_a_paper_that_shares_no_word():
    finder, _ = search({"pocket chatbots": [0.9, 0.1, 0.1]})
    ranking = finder.find("pocket chatbots", 3)
    assert ranking.hits[0].paper_id == "phone"
    assert ranking.found


def test_a_rare_word_finds_a_paper_whose_meaning_is_not_the_nearest():
    finder, _ = search({"dough": [0.5, 0.4, 0.45]})
    assert finder.find("dough", 3).hits[0].paper_id == "bread"
    by_meaning_alone, _ = search({"dough": [0.5, 0.4, 0.45]}, weight=0)
    assert by_meaning_alone.find("dough", 3).hits[0].paper_id == "phone"


def test_the_request_is_not_what_is_searched():
    finder, encoder = search({"dough": [0, 0, 1]})
    finder.find("Could you list some papers about dough?", 3)
    assert encoder.asked == ["dough"]


def test_a_hit_says_what_each_stage_gave_it():
    finder, _ = search({"dough": [0.6, 0, 0.8]})
    best, second, *_ = finder.find("dough", 3).hits
    assert best.similarity == pytest.approx(0.8)
    assert best.lexical is not None
    assert best.lexical > 0
    assert (second.paper_id, second.lexical) == ("phone", 0.0)


def test_a_paper_that_is_not_encoded_yet_is_left_out_until_it_is():
    finder, _ = search({"dough": [0.6, 0, 0.8]}, indexed=["phone", "server"])
    assert "bread" not in [hit.paper_id for hit in finder.find("dough", 3).hits]


def test_an_empty_corpus_finds_nothing():
    finder, _ = search({"dough": [0, 0, 1]}, indexed=[])
    ranking = finder.find("dough", 3)
    assert (ranking.hits, ranking.found) == ((), False)


def test_a_question_far_from_everything_is_not_found_and_shows_the_nearest_misses():
    finder, _ = search({"offside rule in football": [0.1, 0.1, -0.9]})
    ranking = finder.find("offside rule in football", 3)
    assert not ranking.found
    assert ranking.hits


def test_by_words_alone_only_papers_that_share_one_are_listed():
    finder, _ = search({"dough": [0.6, 0, 0.8]}, weight=1)
    assert [hit.paper_id for hit in finder.find("dough", 3).hits] == ["bread"]


@given(st.lists(st.floats(-1e6, 1e6), max_size=30), st.floats(-1e6, 1e6))
def test_stretched_scores_lie_between_0_and_1_and_keep_their_order(scores: list[float], floor: float):
    result = stretched(scores, floor=floor)
    assert all(0 <= value <= 1 for value in result)
    order = np.argsort(scores, kind="stable")
    assert all(np.diff(result[order]) >= 0)
