"""Vectors are made once; every index follows the papers, and nothing is encoded to move what was made."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.paper import Paper
from corpus.store import PaperStore
from retrieval.encoder import Model
from retrieval.ensemble import Ensemble
from retrieval.exact import ExactIndex
from retrieval.indexing import encode_missing, update_graph, update_rows, update_texts, waiting
from retrieval.lexical import LexicalIndex
from retrieval.paper_keys import key_of
from retrieval.stored_vectors import StoredVectors
from retrieval.vectors import ChromaIndex, begin
from tests.conftest import NOW, WORDS, account_of, at_once, nothing
from tests.retrieval.making import CountingEncoder

SPECMEMO = "2506.01986"
OTHER = Model("other words", "1", "float32")
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def rows() -> ExactIndex:
    return ExactIndex(WORDS.dimension)


@pytest.fixture
def graph(tmp_path: Path) -> ChromaIndex:
    return begin(tmp_path / "index", made_with="words")


def fresh(engine: AsyncEngine, *encoders: CountingEncoder) -> tuple[StoredVectors, Ensemble]:
    """The vectors of models that have none yet."""
    stored = StoredVectors(engine, [encoder.model.key for encoder in encoders])
    return stored, Ensemble(encoders, [1.0] * len(encoders))


async def encode(store: PaperStore, stored: StoredVectors, ensemble: Ensemble) -> None:
    await encode_missing(store, stored, ensemble, at_once, await waiting(store, stored), nothing)


async def change(store: PaperStore, paper_id: str, **changes: object) -> Paper:
    known = await store.get(paper_id)
    assert known is not None
    await store.put([account_of(known, **changes)], source="test", now=LATER)
    return replace(known, **changes)


async def test_every_content_is_encoded_once(store: PaperStore, engine: AsyncEngine):
    encoder = CountingEncoder(OTHER)
    stored, ensemble = fresh(engine, encoder)
    await encode(store, stored, ensemble)
    assert len(encoder.papers) == len(set(encoder.papers)) == 52
    assert await waiting(store, stored) == []
    await encode(store, stored, ensemble)
    assert len(encoder.papers) == 52


async def test_a_run_that_was_killed_goes_on_where_it_stopped_and_encodes_nothing_twice(
    store: PaperStore, engine: AsyncEngine
):
    killed, going_on = CountingEncoder(OTHER, killed_after=1), CountingEncoder(OTHER)
    stored, ensemble = fresh(engine, killed)
    with pytest.raises(RuntimeError, match="killed"):
        await encode(store, stored, ensemble)
    assert 0 < len(killed.papers) < 52
    await encode(store, *fresh(engine, going_on))
    assert len(killed.papers) + len(going_on.papers) == 52
    assert not set(killed.papers) & set(going_on.papers)
    assert await waiting(store, stored) == []


async def test_of_two_models_one_that_was_killed_costs_the_other_nothing(
    store: PaperStore, engine: AsyncEngine
):
    first, second = CountingEncoder(Model("first", "1", "x")), CountingEncoder(OTHER, killed_after=1)
    stored, ensemble = fresh(engine, first, second)
    with pytest.raises(RuntimeError, match="killed"):
        await encode(store, stored, ensemble)
    assert len(await waiting(store, stored)) == 52 - len(second.papers), "it takes both models to be ready"
    second.killed_after = None
    await encode(store, stored, ensemble)
    for encoder in (first, second):
        assert len(encoder.papers) == len(set(encoder.papers)) == 52


async def test_progress_is_told_up_to_the_total(store: PaperStore, engine: AsyncEngine):
    told: list[tuple[int, int]] = []
    stored, ensemble = fresh(engine, CountingEncoder(OTHER))
    ids = await waiting(store, stored)
    await encode_missing(store, stored, ensemble, at_once, ids, lambda *done: told.append(done))
    assert told[-1] == (52, 52)
    assert told == sorted(told)


async def test_a_changed_abstract_is_encoded_again_and_a_changed_count_is_not(
    store: PaperStore, vectors: StoredVectors, rows: ExactIndex
):
    await update_rows(store, vectors, WORDS, rows, at_once)
    await change(store, SPECMEMO, upvotes=9)
    assert await waiting(store, vectors) == []
    before = rows.changes
    await update_rows(store, vectors, WORDS, rows, at_once)
    assert rows.changes == before
    await change(store, SPECMEMO, abstract="Entirely other words stand here.")
    assert await waiting(store, vectors) == [SPECMEMO]
    await update_rows(store, vectors, WORDS, rows, at_once)
    assert SPECMEMO not in rows.contents(), "an old vector does not stand for a new text"
    await encode(store, vectors, WORDS)
    await update_rows(store, vectors, WORDS, rows, at_once)
    question = WORDS.encode_questions(["entirely other words stand here"])
    assert rows.nearest(question, 1) == [[SPECMEMO]]


async def test_only_papers_with_vectors_of_every_model_are_in_the_rows(
    store: PaperStore, engine: AsyncEngine
):
    both, ensemble = fresh(engine, CountingEncoder(), CountingEncoder(OTHER))
    rows = ExactIndex(ensemble.dimension)
    await update_rows(store, both, ensemble, rows, at_once)
    assert len(rows) == 0, "all have a vector of the first model, none of the second"
    await encode_missing(store, both, ensemble, at_once, [SPECMEMO], nothing)
    await update_rows(store, both, ensemble, rows, at_once)
    assert list(rows.contents()) == [SPECMEMO]


async def test_a_paper_that_got_its_arxiv_id_moves_in_every_index_and_keeps_its_vector(
    store: PaperStore, vectors: StoredVectors, rows: ExactIndex, graph: ChromaIndex
):
    texts = LexicalIndex()

    async def update() -> None:
        await update_texts(store, texts, at_once)
        await update_rows(store, vectors, WORDS, rows, at_once)
        await update_graph(rows, graph, at_once)

    await update()
    [nameless] = [one for one in await store.search_titles("DeepPeep", limit=2) if one.arxiv_id is None]
    await store.put([account_of(nameless, arxiv_id="2007.15248")], source="test", now=LATER)
    await update()
    assert await waiting(store, vectors) == []
    for held in (rows.contents(), graph.contents()):
        assert nameless.id not in held
        assert "2007.15248" in held
    found = texts.matching(nameless.title, 1).scores
    assert list(found) == ["2007.15248"]
    assert key_of(nameless.id) not in texts.contents()


async def test_the_graph_holds_what_the_rows_hold_and_ranks_alike(
    store: PaperStore, vectors: StoredVectors, rows: ExactIndex, graph: ChromaIndex
):
    await update_rows(store, vectors, WORDS, rows, at_once)
    await update_graph(rows, graph, at_once)
    assert graph.contents() == rows.contents() == await store.contents()
    question = WORDS.encode_questions(["speculative decoding with sparse attention"])
    assert graph.nearest(question, 10) == rows.nearest(question, 10)


async def test_papers_of_one_content_share_a_vector(
    store: PaperStore, vectors: StoredVectors, rows: ExactIndex
):
    paper = await store.get(SPECMEMO)
    assert paper is not None
    await store.put([account_of(paper, arxiv_id="2506.99999")], source="test", now=LATER)
    assert await waiting(store, vectors) == []
    await update_rows(store, vectors, WORDS, rows, at_once)
    assert {"2506.99999", SPECMEMO} <= set(rows.contents())


async def test_the_text_index_follows_the_papers_and_writes_only_what_changed(store: PaperStore):
    texts = LexicalIndex()
    await update_texts(store, texts, at_once)
    before = texts.contents()
    assert before.keys() == {key_of(paper_id) for paper_id in await store.contents()}
    assert texts.revision == await store.revision()
    await change(store, SPECMEMO, upvotes=9, abstract="Entirely other words.")
    await update_texts(store, texts, at_once)
    after = texts.contents()
    assert {key for key in after if after[key] != before[key]} == {key_of(SPECMEMO)}
    assert next(iter(texts.matching("entirely other words", 1).scores)) == SPECMEMO
    assert texts.revision == await store.revision()
