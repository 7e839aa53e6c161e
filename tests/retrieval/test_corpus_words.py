"""What is learned from the corpus's words, and that it is the same after a restart, or refused."""

from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.corpus_words import CorpusWords
from retrieval.errors import DamagedIndexError
from retrieval.representation import Matrix

PAPERS = [
    ("Large language models (LLMs)", "Naïve phones and phone."),
    ("LLMs on phones", "Graph neural networks (GNNs) and BERT."),
]


def stem(word: str) -> str:
    return "" if word in {"and", "on"} else word.removesuffix("s")


def encode(words: Sequence[str]) -> Matrix:
    rows = np.stack(
        [np.random.default_rng(crc32(word.encode())).standard_normal(16, dtype=np.float32) for word in words]
    )
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def learned(papers: Sequence[tuple[str, str]] = PAPERS) -> CorpusWords:
    words = CorpusWords(stem, "lengths")
    for title, abstract in papers:
        words.add(title, abstract)
    return words


def facts(words: CorpusWords) -> tuple[object, ...]:
    vocabulary = words.vocabulary
    return (
        vocabulary.papers,
        sorted(vocabulary.words(), key=lambda word: word.text),
        sorted(vocabulary.stems()),
        {letter: sorted(vocabulary.starting_with(letter)) for letter in "abglmnp"},
        words.acronyms.papers,
        sorted(words.acronyms.counts()),
        words.without_vector(),
    )


def test_plural_acronyms_count_as_their_singulars():
    assert learned().vocabulary.papers_writing("llm") == 2
    assert learned().acronyms.long_forms("GNN") == ["graph neural networks"]


def test_the_words_that_lack_a_vector_are_encoded_and_no_others():
    words = learned()
    asked: list[str] = []

    def listening(chunk: Sequence[str]) -> Matrix:
        asked.extend(chunk)
        return encode(chunk)

    words.encode_missing(listening)
    known = list(asked)
    assert len(words.neighbours) == len(known) > 0
    words.encode_missing(listening)
    assert asked == known
    words.add("A toaster", "phones")
    words.encode_missing(listening)
    assert asked[-1] == "toaster"
    assert len(words.neighbours) == len(asked)


def test_a_stem_whose_commonest_form_has_changed_keeps_one_vector():
    words = learned([("phones", "")])
    words.encode_missing(encode)
    words.add("phone", "")
    words.add("phone", "")
    assert words.without_vector() == ["phone"]
    words.encode_missing(encode)
    assert len(words.neighbours) == 1


def test_everything_is_there_again_after_a_restart(tmp_path: Path):
    words = learned()
    words.encode_missing(encode)
    words.save(tmp_path / "words.npz")
    again = CorpusWords.load(tmp_path / "words.npz", stem, "lengths")
    assert facts(again) == facts(words)
    asked = {"unknown": encode(["unknown"])[0]}
    near, before = (one.neighbours.of(["unknown"], asked, least=-1)["unknown"] for one in (again, words))
    assert [one.word for one in near] == [one.word for one in before]
    assert [one.cosine for one in near] == pytest.approx([one.cosine for one in before], abs=2e-3)
    assert [path.name for path in tmp_path.iterdir()] == ["words.npz"]


def test_an_empty_corpus_can_be_kept_too(tmp_path: Path):
    learned([]).save(tmp_path / "words.npz")
    assert facts(CorpusWords.load(tmp_path / "words.npz", stem, "lengths")) == facts(learned([]))


def test_counting_goes_on_after_a_restart(tmp_path: Path):
    first, *rest = PAPERS
    learned([first]).save(tmp_path / "words.npz")
    again = CorpusWords.load(tmp_path / "words.npz", stem, "lengths")
    for title, abstract in rest:
        again.add(title, abstract)
    assert facts(again) == facts(learned())


@pytest.mark.parametrize("damage", ["missing", "emptied", "cut", "flipped", "garbage", "another model"])
def test_a_file_that_is_not_what_was_saved_is_refused(tmp_path: Path, damage: str):
    file = tmp_path / "words.npz"
    words = learned()
    words.encode_missing(encode)
    words.save(file)
    body = bytearray(file.read_bytes())
    if damage == "missing":
        file.unlink()
    elif damage == "emptied":
        file.write_bytes(b"")
    elif damage == "cut":
        file.write_bytes(body[: len(body) // 2])
    elif damage == "flipped":
        body[body.index(b"phones\n")] ^= 1
        file.write_bytes(body)
    elif damage == "garbage":
        file.write_bytes(b"no archive at all")
    recipe = "another" if damage == "another model" else "lengths"
    with pytest.raises(DamagedIndexError, match=r"words\.npz"):
        CorpusWords.load(file, stem, recipe)


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=5))
def test_any_texts_survive_a_restart(tmp_path_factory: pytest.TempPathFactory, papers: list[tuple[str, str]]):
    file = tmp_path_factory.getbasetemp() / "any.npz"
    words = learned(papers)
    words.encode_missing(encode)
    words.save(file)
    assert facts(CorpusWords.load(file, stem, "lengths")) == facts(words)
