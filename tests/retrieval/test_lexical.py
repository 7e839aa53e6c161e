"""The text index: papers by their words, derived from SQL, rebuilt when it cannot be read."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.store import PaperStore
from retrieval.errors import LexicalIndexError
from retrieval.indexing import update_texts
from retrieval.lexical import LexicalIndex, Text
from tests.conftest import NOW, at_once

PAPERS = {
    "a": Text("1", "Speculative decoding", "Drafts are verified on mobile phones."),
    "b": Text("2", "Caching keys", "The key-value cache is quantized for decoding."),
    "c": Text("3", "Bread", "Dough rises overnight."),
}


def filled(folder: Path | None = None) -> LexicalIndex:
    index = LexicalIndex(folder)
    index.put(PAPERS)
    index.seal()
    return index


def test_papers_that_share_words_come_best_first_and_others_not_at_all():
    assert list(filled().matching("speculative decoding", 5).scores) == ["a", "b"]


def test_words_match_in_other_forms_cases_and_accents():
    index = filled()
    assert list(index.matching("CACHED quantization", 5).scores) == ["b"]
    assert list(index.matching("dóughs", 5).scores) == ["c"]


def test_a_word_in_the_title_counts_more_than_in_the_abstract():
    index = LexicalIndex()
    index.put(
        {"in title": Text("1", "Pruning networks", "x y."), "below": Text("2", "x y", "Pruning networks.")}
    )
    assert list(index.matching("pruning", 5).scores) == ["in title", "below"]


def test_only_the_papers_asked_about_are_scored_and_with_the_same_scores():
    index = filled()
    every = index.matching("decoding", 5).scores
    assert index.matching("decoding", 5, among=["b", "c", "gone"]).scores == pytest.approx({"b": every["b"]})


def test_an_unknown_word_is_worth_more_than_one_that_every_paper_has():
    index = filled()
    assert index.matching("zebra", 5).possible > index.matching("decoding", 5).possible


def test_a_paper_can_be_replaced_and_removed():
    index = filled()
    index.put({"a": replace(PAPERS["a"], fingerprint="9", title="Other")})
    index.remove(["b"])
    assert index.contents() == {"a": "9", "c": "3"}
    assert index.matching("speculative", 5).scores == {}


def test_it_is_there_again_after_a_restart(tmp_path: Path):
    filled(tmp_path / "texts")
    again = LexicalIndex(tmp_path / "texts")
    assert again.contents() == {"a": "1", "b": "2", "c": "3"}
    assert list(again.matching("dough", 5).scores) == ["c"]


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "meta gone", "meta garbage", "a file gone"])
def test_damaged_files_are_noticed_and_replaced(tmp_path: Path, damage: str):
    folder = tmp_path / "texts"
    filled(folder)
    segments = sorted(path for path in folder.iterdir() if not path.name.endswith((".json", ".lock")))
    if damage == "meta gone":
        (folder / "meta.json").unlink()
    elif damage == "meta garbage":
        (folder / "meta.json").write_text("{")
    elif damage == "a file gone":
        next(path for path in segments if path.suffix == ".store").unlink()
    else:
        for path in segments:
            whole = path.read_bytes()
            cut = {"cut": whole[: len(whole) // 2], "flipped": bytes(b ^ 255 for b in whole), "emptied": b""}
            path.write_bytes(cut[damage])
    index = LexicalIndex(folder)
    assert index.contents() == {}, "an empty index, to be filled from the database"
    index.put(PAPERS)
    assert list(index.matching("dough", 5).scores) == ["c"]


@pytest.mark.parametrize(
    "kind", [".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term", "meta.json", "seal.json"]
)
def test_a_few_flipped_bytes_in_any_file_are_noticed(tmp_path: Path, kind: str):
    folder = tmp_path / "texts"
    filled(folder)
    [file] = [path for path in folder.iterdir() if path.name.endswith(kind)]
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 255
    file.write_bytes(whole)
    assert LexicalIndex(folder).contents() == {}


def test_an_index_that_was_being_written_when_the_process_died_is_not_trusted(tmp_path: Path):
    filled(tmp_path / "texts").put({"d": Text("4", "New", "paper")})
    assert LexicalIndex(tmp_path / "texts").contents() == {}


def test_it_can_be_opened_again_and_again(tmp_path: Path):
    filled(tmp_path / "texts")
    assert [len(LexicalIndex(tmp_path / "texts").contents()) for _ in range(3)] == [3, 3, 3]


def test_it_can_be_emptied(tmp_path: Path):
    index = filled(tmp_path / "texts")
    index.clear()
    assert index.contents() == {}


def test_a_folder_that_cannot_be_used_is_explained(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(LexicalIndexError, match="cannot be used"):
        LexicalIndex(tmp_path / "file" / "texts")


@given(st.text(max_size=300))
def test_any_text_may_be_asked(question: str):
    assert set(ASKED.matching(question, 5).scores) <= set(PAPERS)


ASKED = filled()


async def test_it_follows_the_papers_and_comes_back_when_lost(store: PaperStore, tmp_path: Path):
    index = LexicalIndex(tmp_path / "texts")
    await update_texts(store, index, at_once)
    assert index.contents() == await store.contents()
    before = index.matching("speculative decoding", 10).scores
    paper = await store.get("2506.01986")
    assert paper is not None
    await store.put([replace(paper, abstract="Entirely other words.")], source="test", now=NOW)
    await update_texts(store, index, at_once)
    assert next(iter(index.matching("entirely other words", 1).scores)) == "2506.01986"
    await store.put([replace(paper, title=paper.title)], source="again", now=NOW)
    shutil.rmtree(tmp_path / "texts")
    again = LexicalIndex(tmp_path / "texts")
    await update_texts(store, again, at_once)
    assert again.matching("speculative decoding", 10).scores == pytest.approx(before)
