"""What a corpus's acronyms stand for: read where a paper introduces them, counted over papers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.acronyms import Acronyms, pairs_in, without_plurals


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("LLMs and GNNs", "LLM and GNN"),
        ("llms on gpus", "llm on gpu"),
        ("three T5XLs", "three T5XL"),
    ],
)
def test_acronyms_lose_their_plural(plural: str, singular: str):
    assert without_plurals(plural) == singular


@pytest.mark.parametrize(
    "text", ["Transformers lose this bus", "a class of models", "10ms", "LLM", "CSS", "vs"]
)
def test_other_words_keep_their_s(text: str):
    assert without_plurals(text) == text


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("We study large language models (LLMs).", "llm", "large language models"),
        ("Using Retrieval-Augmented Generation (RAG), we", "rag", "retrieval augmented generation"),
        ("graph neural networks (GNN; Scarselli 2009)", "gnn", "graph neural networks"),
        ("on the internet of things (IoT)", "iot", "internet of things"),
        ("self-supervision (SSv)", "ssv", "self supervision"),
        ("region-based CNNs (R-CNNs)", "r-cnn", "region based cnn"),
    ],
)
def test_a_long_form_is_what_spells_the_acronym_before_its_bracket(text: str, short: str, long: str):
    assert pairs_in(text) == {(short, long)}


@pytest.mark.parametrize(
    "text",
    [
        "a model (see Figure)",
        "a much better way (LLM)",
        "(LLM) large language models",
        "language. Models later (LM)",
        "reinforced (RL)",
        "latent x y z a b c d e f models (LM)",
    ],
)
def test_other_brackets_introduce_nothing(text: str):
    assert pairs_in(text) == set()


def learned(*texts: str, papers: int = 0) -> Acronyms:
    acronyms = Acronyms()
    for text in [*texts, *[""] * (papers - len(texts))]:
        acronyms.add(text)
    return acronyms


def test_an_acronym_is_found_in_any_case_and_number():
    acronyms = learned("large language models (LLMs)")
    assert acronyms.long_forms("LLM") == acronyms.long_forms("llms") == ["large language models"]
    assert acronyms.long_forms("LMM") == []


def test_forms_that_begin_alike_are_one_and_the_most_frequent_stands_for_them():
    one, other = "policy optimisation (PO)", "policy optimization (PO)"
    assert learned(one, other, other).long_forms("PO") == ["policy optimization"]


def test_a_form_for_less_than_three_tenths_of_an_acronyms_papers_is_left_out():
    texts = ["graph attention (GA)"] * 3 + ["genetic algorithms (GA)"]
    assert learned(*texts).long_forms("GA") == ["graph attention"]


def test_an_acronym_has_two_forms_at_most():
    texts = ["graph attention (GA)", "genetic algorithms (GA)", "gentle annealing (GA)"]
    assert len(learned(*texts).long_forms("GA")) == 2


def test_in_a_large_corpus_one_paper_is_not_enough():
    text = "large language models (LLMs)"
    assert learned(text, papers=499).long_forms("LLM")
    assert not learned(text, papers=500).long_forms("LLM")
    assert learned(text, text, papers=500).long_forms("LLM")


def test_a_paper_that_repeats_itself_counts_once():
    assert list(learned("soft prompts (SP), soft prompts (SP)").counts()) == [("sp", "soft prompts", 1)]


texts = st.lists(
    st.sampled_from(["graph attention (GA)", "genetic algorithms (GA)", "soft prompts (SP)", "nothing"])
)


@given(texts, texts)
def test_tables_of_two_halves_merge_into_that_of_the_whole(first: list[str], second: list[str]):
    merged, other = learned(*first), learned(*second)
    merged.merge(other.papers, other.counts())
    whole = learned(*first, *second)
    assert merged.papers == whole.papers
    assert sorted(merged.counts()) == sorted(whole.counts())
    assert merged.long_forms("GA") == whole.long_forms("GA")


@given(st.text(alphabet="abAB -().;s3é", max_size=80))
def test_every_long_form_has_the_acronyms_letters_in_order(text: str):
    for short, long in pairs_in(text):
        letters = iter(long)
        assert all(letter in letters for letter in short if letter.isalnum())
        assert long[0] == short[0]


@given(st.text(max_size=200))
def test_stripping_plurals_only_takes_letters_away(text: str):
    stripped = without_plurals(text)
    remaining = iter(text)
    assert all(letter in remaining for letter in stripped)
    assert set(text) - set(stripped) <= {"s"}
