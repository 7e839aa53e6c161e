"""Vectors are made once; the index follows the papers and can be lost at any time."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.paper import Paper
from corpus.store import PaperStore
from retrieval.encoder import Model
from retrieval.exact import load_exact_index
from retrieval.indexing import IndexReport, bring_up_to_date, waiting
from retrieval.representation import Matrix
from retrieval.stored_vectors import StoredVectors
from retrieval.vectors import ChromaIndex
from tests.conftest import NOW, WordEncoder

MODEL = Model("words", "1")
SPECMEMO = "2506.01986"


class CountingEncoder(WordEncoder):
    """Remembers how many texts it was given, and may fail at one."""

    def __init__(self, fail_after: int | None = None) -> None:
        self.batches = 0
        self.fail_after = fail_after

    def encode_passages(self, passages: Sequence[str]) -> Matrix:
        if self.batches == self.fail_after:
            raise RuntimeError("killed")
        self.batches += 1
        return super().encode_passages(passages)


async def at_once(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


def nothing(_done: int, _total: int) -> None:
    pass


@pytest.fixture
def index(tmp_path: Path) -> ChromaIndex:
    return ChromaIndex(tmp_path / "index", model=MODEL)


async def update(
    store: PaperStore, vectors: StoredVectors, index: ChromaIndex, encoder: WordEncoder
) -> IndexReport:
    return await bring_up_to_date(store, vectors, encoder, index, at_once, nothing)


async def test_a_second_time_nothing_is_encoded(store: PaperStore, engine: AsyncEngine, index: ChromaIndex):
    fresh = StoredVectors(engine, "another model")
    encoder = CountingEncoder()
    first = await update(store, fresh, index, encoder)
    assert (first.papers, first.encoded, first.reused) == (52, 52, 0)
    before = encoder.batches
    again = await update(store, fresh, index, encoder)
    assert (again.papers, again.encoded, again.reused) == (52, 0, 52)
    assert encoder.batches == before


async def test_a_run_that_was_killed_goes_on_where_it_stopped(
    store: PaperStore, engine: AsyncEngine, index: ChromaIndex
):
    fresh = StoredVectors(engine, "another model")
    with pytest.raises(RuntimeError, match="killed"):
        await update(store, fresh, index, CountingEncoder(fail_after=2))
    left = len(await waiting(store, fresh))
    assert 0 < left < 52
    report = await update(store, fresh, index, CountingEncoder())
    assert (report.encoded, report.papers) == (left, 52)
    assert len(index.contents()) == 52


async def test_progress_is_told_up_to_the_total(store: PaperStore, engine: AsyncEngine, index: ChromaIndex):
    told: list[tuple[int, int]] = []
    fresh = StoredVectors(engine, "another model")
    await bring_up_to_date(
        store, fresh, WordEncoder(), index, at_once, lambda done, total: told.append((done, total))
    )
    assert told[-1] == (52, 52)
    assert told == sorted(told)


async def test_a_lost_index_comes_back_without_encoding(
    store: PaperStore, vectors: StoredVectors, tmp_path: Path
):
    encoder = CountingEncoder()
    await update(store, vectors, ChromaIndex(tmp_path / "a", model=MODEL), encoder)
    rebuilt = ChromaIndex(tmp_path / "b", model=MODEL)
    await update(store, vectors, rebuilt, encoder)
    assert encoder.batches == 0
    assert len(rebuilt.contents()) == 52


async def test_a_changed_abstract_is_encoded_again_and_a_changed_count_is_not(
    store: PaperStore, vectors: StoredVectors, index: ChromaIndex
):
    await update(store, vectors, index, WordEncoder())
    paper = await store.get(SPECMEMO)
    assert paper is not None
    await store.put([replace(paper, upvotes=9)], source="test", now=NOW)
    assert (await update(store, vectors, index, WordEncoder())).encoded == 0
    await store.put([replace(paper, abstract="Entirely other words stand here.")], source="test", now=NOW)
    assert (await update(store, vectors, index, WordEncoder())).encoded == 1
    [best] = index.nearest(WordEncoder().encode_questions(["entirely other words stand here"])[0], 1)
    assert best.paper_id == SPECMEMO


async def test_a_paper_that_got_its_arxiv_id_moves_in_the_index_and_keeps_its_vector(
    store: PaperStore, vectors: StoredVectors, index: ChromaIndex
):
    await update(store, vectors, index, WordEncoder())
    [nameless] = [paper for paper in await store.search_titles("DeepPeep", limit=2) if paper.arxiv_id is None]
    await store.put([replace(nameless, arxiv_id="2007.15248")], source="test", now=NOW)
    encoder = CountingEncoder()
    await update(store, vectors, index, encoder)
    assert encoder.batches == 0
    assert nameless.id not in index.contents()
    assert "2007.15248" in index.contents()


async def test_both_indexes_give_the_same_ranking(
    store: PaperStore, vectors: StoredVectors, index: ChromaIndex
):
    await update(store, vectors, index, WordEncoder())
    exact = await load_exact_index(vectors)
    question = WordEncoder().encode_questions(["speculative decoding with sparse attention"])[0]
    ours, chromas = exact.nearest(question, 10), index.nearest(question, 10)
    assert [near.paper_id for near in ours] == [near.paper_id for near in chromas]
    assert [near.similarity for near in ours] == pytest.approx(
        [near.similarity for near in chromas], abs=1e-5
    )


async def test_papers_of_one_content_share_a_vector(
    store: PaperStore, vectors: StoredVectors, index: ChromaIndex
):
    paper = await store.get(SPECMEMO)
    assert paper is not None
    twin: Paper = replace(paper, arxiv_id="2506.99999")
    await store.put([twin], source="test", now=NOW)
    report = await update(store, vectors, index, WordEncoder())
    assert (report.papers, report.encoded) == (53, 0)
    assert {"2506.99999", SPECMEMO} <= set(index.contents())
