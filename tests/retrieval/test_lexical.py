"""The text index: papers by their words and their authors' names, derived from SQL, opened only where it is whole."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import LexicalIndexError
from retrieval.expansion import Extra
from retrieval.generations import Generations
from retrieval.lexical import LexicalIndex, Matches, index_files
from retrieval.lexical_fields import Entry
from retrieval.paper_keys import key_of
from retrieval.query import Filters
from tests.retrieval.making import paper, texts_of

PAPERS = {
    "a": paper("Speculative decoding", "Drafts are verified on mobile phones."),
    "b": paper("Caching keys", "The key-value cache is quantized for decoding."),
    "c": paper("Bread", "Dough rises overnight."),
}
ASKED = texts_of(PAPERS)


def filled(folder: Path) -> LexicalIndex:
    """The papers in a generation of their own."""
    index = LexicalIndex(Generations(folder, index_files).begin())
    index.put([Entry(paper_id, one) for paper_id, one in PAPERS.items()])
    index.seal("first")
    return index


def reopened(folder: Path) -> LexicalIndex | None:
    """The index as the next process finds it."""
    whole = Generations(folder, index_files).whole()
    return LexicalIndex(whole) if whole else None


def found(index: LexicalIndex, question: str, *extras: Extra) -> list[str]:
    return list(index.matching(question, 5, extras=extras).scores)


def test_papers_that_share_words_come_best_first_and_others_not_at_all():
    assert found(ASKED, "speculative decoding") == ["a", "b"]


def test_words_match_in_other_forms_cases_and_accents():
    assert found(ASKED, "CACHED quantization") == ["b"]
    assert found(ASKED, "dóughs") == ["c"]


def test_acronyms_match_in_singular_and_plural():
    index = texts_of({"one": paper("An LLM"), "many": paper("LLMs"), "none": paper("A cat")})
    assert set(found(index, "LLM")) == set(found(index, "LLMs")) == {"one", "many"}


def test_a_word_in_the_title_counts_more_than_in_the_abstract():
    index = texts_of(
        {"in title": paper("Pruning networks", "x y."), "below": paper("x y", "Pruning networks.")}
    )
    assert found(index, "pruning") == ["in title", "below"]


def test_keywords_are_found_too():
    index = texts_of({"a": paper("Networks", keywords=("graph learning",)), "b": paper("Networks")})
    assert found(index, "graphs") == ["a"]


def test_a_filter_leaves_the_scores_as_they_are():
    every = ASKED.matching("decoding", 5).scores
    assert set(every) == {"a", "b"}
    narrowed = ASKED.matching("decoding", 5, filters=Filters(without=("drafts",))).scores
    assert narrowed == pytest.approx({"b": every["b"]})


def test_no_more_papers_are_found_than_asked_for():
    assert len(ASKED.matching("decoding", 1).scores) == 1


def test_an_unknown_word_is_worth_more_than_one_that_many_papers_have():
    assert ASKED.matching("zebra", 5).worth > ASKED.matching("decoding", 5).worth > 0


def test_matches_say_how_much_of_the_question_the_best_paper_has():
    whole, half = ASKED.matching("dough", 5), ASKED.matching("dough zebra", 5)
    assert (whole.terms, half.terms) == (1, 2)
    assert whole.share > half.share > 0
    assert ASKED.matching("zebra", 5).share == 0
    assert ASKED.matching("the of", 5).share == 0


def test_what_the_best_paper_has_of_a_question_stays_though_all_papers_or_all_but_one_were_replaced(
    tmp_path: Path,
):
    index = LexicalIndex(tmp_path)

    def vote(votes: int, papers: int) -> None:
        words = ("pruning of networks", "caching of keys", "networks that speak", "bread")
        changed = [paper(f"Paper {number} on {words[number % 4]}", upvotes=votes) for number in range(papers)]
        index.put([Entry(str(number), one) for number, one in enumerate(changed)])

    def shares() -> list[float]:
        return [
            index.matching(question, 5).share for question in ("networks", "pruning", "networks cake", "7")
        ]

    vote(0, 30)
    before = shares()
    for votes, papers in ((1, 30), (2, 29), (3, 29), (4, 30)):
        vote(votes, papers)
        assert shares() == pytest.approx(before, rel=0.05)


@pytest.mark.parametrize(
    "question", ["mixture of experts", "Mixture-of-Experts", "sparse mixture", "phones run a sparse mixture"]
)
def test_a_question_whose_words_stand_in_a_paper_just_so_is_said(question: str):
    index = texts_of(
        {"a": paper("A", "Phones run a sparse mixture-of-experts model."), "b": paper("B", "Bread.")}
    )
    assert index.matching(question, 5).is_said


@pytest.mark.parametrize(
    "question", ["mixture experts", "experts of mixture", "mixture of bread", "mixture", "the of", ""]
)
def test_a_question_of_one_word_or_with_its_words_elsewhere_is_not_said(question: str):
    index = texts_of(
        {"a": paper("A", "Phones run a sparse mixture-of-experts model."), "b": paper("B", "Bread.")}
    )
    assert not index.matching(question, 5).is_said


def test_what_only_papers_say_that_are_left_out_is_not_said():
    index = texts_of(
        {
            "a": paper("A", "A mixture of experts.", upvotes=3),
            "b": paper("B", "Experts say: a mixture.", upvotes=9),
        }
    )
    assert index.matching("mixture of experts", 5).is_said
    assert not index.matching("mixture of experts", 5, filters=Filters(min_upvotes=5)).is_said


def test_an_index_without_papers_knows_how_many_words_a_question_has():
    assert LexicalIndex().matching("the speculative decoding", 5) == Matches(terms=2)


def test_a_paper_can_be_replaced_and_removed():
    index = texts_of(PAPERS)
    index.put([Entry("a", paper("Other"))])
    index.remove([key_of("b")])
    assert index.contents() == {
        key_of("a"): Entry("a", paper("Other")).fingerprint,
        key_of("c"): Entry("c", PAPERS["c"]).fingerprint,
    }
    assert len(index) == 2
    assert found(index, "speculative") == []
    assert found(index, "other") == ["a"]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "x"},
        {"abstract": "x"},
        {"authors": ("x",)},
        {"organisation": "x"},
        {"categories": ("cs.CL",)},
        {"keywords": ("x",)},
        {"upvotes": 1},
        {"comments": 1},
        {"links": ("https://github.com/a/b",)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_fingerprint_changes_with_all_that_is_searched(change: dict[str, Any]):
    plain = paper("A", "B")
    assert Entry("a", replace(plain, **change)).fingerprint != Entry("a", plain).fingerprint


# Names


AUTHORS = {
    "han": paper("Pruning", "Small networks.", authors=("Song Han", "Jeff Pool")),
    "song": paper("Singing", "A song about a pool and a song."),
    "pools": paper("Pooling", "A pool of layers, and another pool."),
}


def test_an_authors_surname_in_a_question_finds_their_papers():
    assert found(texts_of(AUTHORS), "papers by Han") == ["han"]
    assert found(texts_of(AUTHORS), "hán") == ["han"]


def test_an_ordinary_word_that_is_also_a_name_does_not():
    index = texts_of(AUTHORS)
    assert set(found(index, "song")) == {"song"}
    assert set(found(index, "pool")) == {"song", "pools"}


def test_a_name_counts_less_than_a_word_of_the_topic():
    named = {f"{number}": paper("Pruning", authors=("Song Han",)) for number in range(3)}
    index = texts_of({**named, "topic": paper("Quantization of networks")})
    assert found(index, "han quantization")[0] == "topic"


# Other words for the question's


def test_other_words_find_what_the_questions_own_do_not():
    assert found(ASKED, "bakery") == []
    assert found(ASKED, "bakery", Extra("dough", 0.5, "bakery")) == ["c"]


def test_other_words_count_less_than_the_questions_own():
    index = texts_of({"own": paper("alpha"), "other": paper("beta"), "else": paper("gamma")})
    assert found(index, "alpha", Extra("beta", 0.5, "alpha")) == ["own", "other"]
    scores = index.matching("alpha", 5, extras=[Extra("beta", 0.5, "alpha")]).scores
    assert scores["other"] == pytest.approx(scores["own"] / 2, rel=1e-3)


def test_a_word_of_the_question_is_not_counted_again_as_another():
    plain = ASKED.matching("decoding", 5).scores
    assert ASKED.matching("decoding", 5, extras=[Extra("decoding", 0.5, "x")]).scores == pytest.approx(plain)


def test_other_words_change_neither_what_the_question_is_worth_nor_what_a_paper_has_of_it():
    widened = ASKED.matching("bakery", 5, extras=[Extra("dough", 0.5, "bakery")])
    assert (widened.worth, widened.terms) == (ASKED.matching("bakery", 5).worth, 1)
    assert widened.share == 0, "no paper has the question's own word"


# Marks


def marked(question: str, text: str, *extras: Extra) -> list[str]:
    return [text[begin:end] for begin, end in ASKED.marks(question, text, extras)]


def test_the_questions_words_are_marked_in_all_their_forms():
    text = "We decode; decoded LLMs, an LLM and Décoding of the code."
    assert marked("decoding LLMs", text) == ["decode", "decoded", "LLMs", "LLM", "Décoding"]


def test_stop_words_are_not_marked_and_other_words_for_the_questions_are():
    assert marked("the dough of it", "The dough of it", Extra("bread", 0.5, "dough")) == ["dough"]
    assert marked("the dough", "Bread of the day", Extra("bread", 0.5, "dough")) == ["Bread"]


@given(st.text(max_size=80), st.text(max_size=200))
def test_marks_are_words_of_the_text_in_order_and_never_overlap(question: str, text: str):
    ends = [0, *(place for mark in ASKED.marks(question, text) for place in mark), len(text)]
    assert ends == sorted(ends)


# Files


def test_it_is_there_again_after_a_restart(tmp_path: Path):
    before = filled(tmp_path)
    again = reopened(tmp_path)
    assert again is not None
    assert (again.contents(), again.revision) == (before.contents(), "first")
    assert found(again, "dough") == ["c"]


def test_it_can_be_opened_again_and_again(tmp_path: Path):
    filled(tmp_path)
    assert [len(reopened(tmp_path) or ()) for _ in range(3)] == [3, 3, 3]


def test_its_revision_is_that_of_the_last_seal(tmp_path: Path):
    index = filled(tmp_path)
    index.put([Entry("d", paper("New"))])
    assert index.revision == "first"
    index.seal("second")
    again = reopened(tmp_path)
    assert again is not None
    assert again.revision == "second"
    assert LexicalIndex().revision == ""


KINDS = [".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term", "meta.json", "revision.txt", "seal.json"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("damage", ["cut", "emptied", "a byte flipped", "gone"])
def test_26_damage_to_any_file_is_noticed(tmp_path: Path, kind: str, damage: str):
    folder = filled(tmp_path).folder
    assert folder is not None
    [file] = [path for path in folder.iterdir() if path.name.endswith(kind)]
    whole = bytearray(file.read_bytes())
    if damage == "gone":
        file.unlink()
    elif damage == "a byte flipped":
        whole[len(whole) // 2] ^= 255
        file.write_bytes(whole)
    else:
        file.write_bytes(whole[: len(whole) // 2] if damage == "cut" else b"")
    assert reopened(tmp_path) is None


def test_26_an_index_that_was_being_written_when_the_process_died_is_not_trusted(tmp_path: Path):
    filled(tmp_path).put([Entry("d", paper("New"))])
    assert reopened(tmp_path) is None


def test_a_folder_that_cannot_be_used_is_explained(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(LexicalIndexError, match="cannot be used"):
        LexicalIndex(tmp_path / "file" / "texts")


def test_an_index_whose_folder_was_deleted_under_it_answers_on_and_says_so_when_written(tmp_path: Path):
    index = filled(tmp_path)
    shutil.rmtree(tmp_path)
    assert found(index, "dough") == ["c"]
    for act in (lambda: index.put([Entry("d", paper("New"))]), lambda: index.seal("second")):
        with pytest.raises(LexicalIndexError, match="cannot be used"):
            act()
    assert index.revision == "first"


def test_26_a_panic_of_tantivys_rust_is_an_error_like_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    class Panic(BaseException):
        """As pyo3_runtime.PanicException is."""

    class Broken:
        def writer(self, *_options: object) -> None:
            raise Panic("index out of bounds")

        def __init__(self, *_options: object, **_others: object) -> None:
            if _options:
                raise Panic("index out of bounds")

    index = filled(tmp_path)
    monkeypatch.setattr(index, "_index", Broken())
    monkeypatch.setattr("tantivy.Index", Broken)
    for act in (lambda: index.remove([1]), lambda: LexicalIndex(index.folder)):
        with pytest.raises(LexicalIndexError, match="index out of bounds"):
            act()


# Anything may be asked


@given(st.text(max_size=300))
def test_any_text_may_be_asked(question: str):
    assert set(found(ASKED, question)) <= set(PAPERS)


def test_an_endless_question_is_cut_and_an_empty_index_finds_nothing():
    assert ASKED.matching("zebra " * 100_000, 5).worth <= 200 * ASKED.matching("zebra", 5).worth * 1.01
    assert found(LexicalIndex(), "dough") == []
    assert LexicalIndex().selected(Filters(has_code=True)) == []
    assert LexicalIndex().listed(Filters(), "published", 3) == []


def test_a_word_of_every_paper_is_worth_no_less_than_nothing_after_papers_were_replaced(tmp_path: Path):
    index = LexicalIndex(tmp_path)
    for votes in range(2):
        # One paper stays, so that what is replaced stays counted beside it.
        changed = [paper(f"Model {number}", upvotes=votes) for number in range(9 if votes else 10)]
        index.put([Entry(one.title, one) for one in changed])
    assert index.matching("model", 5).worth > 0


def test_what_is_emphasised_decides_between_two_rare_words_and_what_stands_for_the_other_counts_less_too():
    question, extras = "dough phones", [Extra("key", 0.8, "dough")]
    plain = ASKED.matching(question, 5, extras=extras)
    weighed = ASKED.matching(question, 5, extras=extras, emphasis={"dough": 0.5})
    assert weighed.scores["c"] == pytest.approx(plain.scores["c"] / 2)
    assert weighed.scores["b"] == pytest.approx(plain.scores["b"] / 2)
    assert weighed.scores["a"] == plain.scores["a"]
    assert weighed.best == plain.best, "the verdict weighs every word alike"
