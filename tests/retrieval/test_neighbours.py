"""Near words: the nearest by cosine among a corpus's words, with vectors made by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.neighbours import NearTable, Neighbours
from retrieval.representation import Vector


def at(degrees: float) -> Vector:
    radians = np.deg2rad(degrees)
    return np.array([np.cos(radians), np.sin(radians)], dtype=np.float32)


WORDS = {"phone": 0, "phones": 1, "mobile": 30, "device": 50, "bread": 120}
STEMS = ["phone", "phone-s", "mobil", "devic", "bread"]


def made() -> Neighbours:
    return Neighbours(list(WORDS), STEMS, np.stack([at(degrees) for degrees in WORDS.values()]))


def found(neighbours: Neighbours, stem: str, vectors: dict[str, Vector], least: float = 0.6) -> list[str]:
    return [one.word for one in neighbours.of([stem], vectors, least=least)[stem]]


def test_the_nearest_come_first_and_the_far_not_at_all():
    assert found(made(), "mobil", {}) == ["device", "phones", "phone"]


def test_the_cosine_is_that_of_the_two_vectors():
    device = made().of(["mobil"], {}, least=0.6)["mobil"][0]
    assert device.cosine == pytest.approx(np.cos(np.deg2rad(20)), abs=1e-6)


def test_a_word_outside_the_corpus_needs_its_vector():
    assert found(made(), "tablet", {"tablet": at(100)}) == ["bread", "device"]
    assert found(made(), "tablet", {}) == []
    assert not made().knows("tablet")
    assert made().knows("bread")


def test_a_word_of_the_same_stem_is_no_neighbour():
    assert "phone" not in found(made(), "phone", {})
    assert "mobile" not in found(made(), "mobil", {"mobil": at(30)})


def test_what_was_found_once_needs_no_vector_again():
    neighbours = made()
    first = found(neighbours, "tablet", {"tablet": at(100)})
    assert neighbours.knows("tablet")
    assert found(neighbours, "tablet", {}) == first


def test_without_words_there_are_no_neighbours():
    empty = Neighbours([], [], np.zeros((0, 0), dtype=np.float32))
    assert len(empty) == 0
    assert found(empty, "tablet", {"tablet": at(100)}) == []


@given(st.lists(st.integers(0, 359), min_size=1, max_size=30, unique=True), st.integers(0, 359))
def test_those_found_are_above_the_bound_in_order_and_none_nearer_is_left_out(angles: list[int], asked: int):
    names = [f"w{angle}" for angle in angles]
    rows = np.stack([at(angle) for angle in angles])
    near = Neighbours(names, names, rows).of(["x"], {"x": at(asked)}, least=0.5)["x"]
    cosines = [one.cosine for one in near]
    assert cosines == sorted(cosines, reverse=True)
    assert all(cosine >= 0.5 for cosine in cosines)
    enough = int((rows @ at(asked) >= 0.5).sum())
    assert len(near) == min(enough, 8)


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_a_table_made_beforehand_gives_what_comparing_gives(count: int, seed: int):
    rows = np.random.default_rng(seed).normal(size=(count, 3)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    words = [f"word{number}" for number in range(count)]
    compared = Neighbours(words, words, rows).of(words, {}, least=0.6)
    looked_up = Neighbours(words, words, rows, NearTable.of(rows)).of(words, {}, least=0.6)
    assert looked_up == compared
