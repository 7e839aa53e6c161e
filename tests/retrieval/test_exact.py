"""The vectors in memory say what plain numpy says, whatever was put and removed before."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.exact import ExactIndex
from retrieval.representation import Matrix, Vector
from tests.retrieval.making import unit_rows

DIMENSION = 4
ids = st.lists(st.sampled_from([f"p{number}" for number in range(12)]), unique=True, max_size=8)
steps = st.lists(st.tuples(st.sampled_from(["put", "remove", "reserve"]), ids), max_size=8)


def drawn(seed: int, rows: int) -> Matrix:
    made = np.random.default_rng(seed).normal(size=(rows, DIMENSION)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


def played(moves: Iterable[tuple[str, list[str]]]) -> tuple[ExactIndex, dict[str, tuple[str, Vector]]]:
    """An index after these moves, and what it should hold by id."""
    index, held = ExactIndex(DIMENSION), dict[str, tuple[str, Vector]]()
    for number, (move, names) in enumerate(moves):
        if move == "put":
            rows = drawn(number, len(names))
            index.put(names, [f"{name}v{number}" for name in names], rows)
            held |= {name: (f"{name}v{number}", row) for name, row in zip(names, rows, strict=True)}
        elif move == "remove":
            gone = [name for name in names if name in held]
            index.remove(gone)
            for name in gone:
                del held[name]
        else:
            index.reserve(3 * len(names))
    return index, held


@given(steps)
def test_it_holds_what_was_put_last_and_not_removed(moves: list[tuple[str, list[str]]]):
    index, held = played(moves)
    assert len(index) == len(held)
    assert index.contents() == {name: made_of for name, (made_of, _) in held.items()}
    for name, (made_of, row) in held.items():
        assert index.content_hash(name) == made_of
        vector = index.vector_of(name)
        assert vector is not None
        np.testing.assert_array_equal(vector, row)
    every = [row for chunk in index.chunks(5) for row in chunk.tolist()]
    assert sorted(every) == sorted(row.tolist() for _, row in held.values())


@given(steps, st.integers(0, 99), st.integers(1, 15))
def test_the_nearest_are_those_of_a_plain_comparison(
    moves: list[tuple[str, list[str]]], seed: int, limit: int
):
    index, held = played(moves)
    questions = drawn(seed, 2)
    for question, found in zip(questions, index.nearest(questions, limit), strict=True):
        expected = sorted(held, key=lambda name: -float(held[name][1] @ question))[:limit]
        assert found == expected


@given(steps, st.integers(0, 99), st.integers(1, 15), ids)
def test_among_some_papers_only_those_that_have_a_vector_are_compared(
    moves: list[tuple[str, list[str]]], seed: int, limit: int, among: list[str]
):
    index, held = played(moves)
    [question] = questions = drawn(seed, 1)
    known = [name for name in among if name in held]
    expected = sorted(known, key=lambda name: -float(held[name][1] @ question))[:limit]
    assert index.nearest(questions, limit, among=among) == [expected]


@given(steps, ids)
def test_rows_come_in_the_order_asked_without_those_that_are_unknown(
    moves: list[tuple[str, list[str]]], wanted: list[str]
):
    index, held = played(moves)
    known, rows = index.rows_of(wanted)
    assert known == [name for name in wanted if name in held]
    assert rows.shape == (len(known), DIMENSION)
    for name, row in zip(known, rows, strict=True):
        np.testing.assert_array_equal(row, held[name][1])


def test_what_was_handed_out_does_not_change_with_the_index():
    index = ExactIndex(2)
    index.put(["a"], ["1"], unit_rows([[1, 0]]))
    vector, [_, rows], background = index.vector_of("a"), index.rows_of(["a"]), index.background(1)
    index.put(["a"], ["2"], unit_rows([[0, 1]]))
    for held in (vector, rows[0], background[0]):
        np.testing.assert_array_equal(held, [1, 0])


def test_every_change_gives_another_number():
    index = ExactIndex(2)
    seen = [index.changes]
    index.put(["a", "b"], ["1", "1"], unit_rows([[1, 0], [0, 1]]))
    seen.append(index.changes)
    index.put(["a"], ["2"], unit_rows([[0, 1]]))
    seen.append(index.changes)
    index.remove(["b"])
    seen.append(index.changes)
    assert len(set(seen)) == 4


@pytest.mark.parametrize("papers", [0, 1, 5, 7, 10, 11])
def test_the_background_has_the_size_asked_for_and_is_spread_over_all(papers: int):
    index = ExactIndex(2)
    rows = np.stack([np.arange(papers), np.zeros(papers)], axis=1).astype(np.float32)
    index.put([str(number) for number in range(papers)], ["x"] * papers, rows)
    places = [int(row[0]) for row in index.background(5)]
    assert len(places) == min(5, papers)
    assert len(set(places)) == len(places)
    assert not places or max(places) >= 0.7 * (papers - 1)


def test_an_unknown_paper_has_no_vector_and_no_content():
    index = ExactIndex(2)
    assert index.vector_of("a") is None
    assert index.content_hash("a") is None
    assert index.nearest(unit_rows([[1, 0]]), 3) == [[]]


def test_what_is_done_with_a_chunk_keeps_no_question_waiting():
    index, _ = played([("put", ["p1", "p2", "p3"])])
    for _ in index.chunks(2):
        assert index.vector_of("p1") is not None, "it can be asked between two chunks"
