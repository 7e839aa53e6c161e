"""Did they mean another word? Suggested for clear slips, and silent about everything else."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.spelling import correction, did_you_mean
from retrieval.vocabulary import Vocabulary

PAPERS = [
    *["Speculative decoding for transformers on phones, a training study of graph models and language"] * 3,
    "tuning turning of BERT; naïve planning, planting; speculate",
]


def never(_: str) -> bool:
    return False


def learned(papers: list[str]) -> Vocabulary:
    vocabulary = Vocabulary(lambda word: word.removesuffix("s"))
    for paper in papers:
        vocabulary.add(paper)
    return vocabulary


VOCABULARY = learned(PAPERS)


def meant(query: str) -> str | None:
    return did_you_mean(query, partial(correction, vocabulary=VOCABULARY, well_formed=never))


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("speculatve decoding", "speculative decoding"),
        ("decoding for tarnsfomers", "decoding for transformers"),
        ("Langauge and trianing", "Language and training"),
        ("grpah of (modls)?", "graph of (models)?"),
        ("graph-langage", "graph-language"),
        ("  langage   after:2024 ", "  language   after:2024 "),
    ],
)
def test_a_slip_is_replaced_and_the_rest_of_the_query_stands(typed: str, suggested: str):
    assert meant(typed) == suggested


@pytest.mark.parametrize(
    "query",
    [
        '"langage"',
        "“langage” models",
        '"langage',
        "title:langage",
        "title: langage",
        "-langage",
        "langage2",
        "2langage",
        "https://langage.org/langage",
        "@langage",
        "LANGAGE",
        "laNgaGe",
    ],
)
def test_quotes_operators_exclusions_ids_and_capitals_stay_as_typed(query: str):
    assert meant(query) is None


@pytest.mark.parametrize(
    "query",
    ["decoding", "phone", "the", "zebra", "Sprachmodelle", "anguage", "bret", "graqh", "language's", ""],
)
def test_known_far_short_and_possessive_words_are_no_slips(query: str):
    assert meant(query) is None


def test_eight_letters_may_have_two_slips_and_seven_only_one():
    assert meant("trnsfrmers") == "transformers"
    assert meant("decdng") is None


def test_a_word_with_two_close_words_is_left_alone_unless_one_is_twice_as_frequent():
    assert correction("turing", learned(["turning", "tuning"]), well_formed=never) is None
    assert correction("turing", learned(["turning", "turning", "tuning"]), well_formed=never) == "turning"
    assert correction("turing", learned(["turning", "turnings"]), well_formed=never) == "turning"


def test_the_closest_word_wins_over_a_more_frequent_one_further_away():
    papers = ["transformer", *["transforming"] * 9]
    assert correction("transformrr", learned(papers), well_formed=never) == "transformer"


def test_a_word_that_is_well_formed_though_no_paper_has_it_is_no_slip():
    assert correction("trainin", VOCABULARY, well_formed=never) == "training"
    assert correction("trainin", VOCABULARY, well_formed=lambda word: word == "trainin") is None


def test_in_a_large_corpus_a_word_of_one_paper_may_be_a_slip_itself_and_is_not_suggested():
    assert correction("langage", learned(["language", *[""] * 499]), well_formed=never) is None
    assert correction("langage", learned(["language"] * 2 + [""] * 498), well_formed=never) == "language"


def test_a_query_full_of_unknown_words_is_another_language():
    assert meant("langage " * 4) == "language " * 4
    assert meant("langage " * 5) is None


@given(st.text(max_size=120))
def test_any_text_is_answered_with_nothing_or_another_text(query: str):
    suggested = meant(query)
    assert suggested is None or (suggested != query and meant(suggested) is None)


@given(st.sampled_from(["speculative", "transformers", "language"]), st.data())
def test_a_missed_doubled_or_swapped_letter_behind_the_first_is_put_right(word: str, data: st.DataObject):
    place = data.draw(st.integers(1, len(word) - 2))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    slip = data.draw(
        st.sampled_from(
            [before + after, before + letter + letter + after, before + after[0] + letter + after[1:]]
        )
    )
    if not VOCABULARY.papers_with(slip):
        assert meant(slip) in {word, "speculate"}
