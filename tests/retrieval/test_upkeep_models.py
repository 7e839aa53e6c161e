"""Fault 27: vectors of another model, dimension or arithmetic are never mixed with those that there are."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from retrieval.encoder import Model
from retrieval.ensemble import Ensemble
from tests.conftest import WordEncoder
from tests.retrieval.making import CountingEncoder
from tests.retrieval.upkeeping import NEW, SPECMEMO, Pausing, Process, only, rebuilt


class ShortEncoder(CountingEncoder):
    """The same texts in another number of dimensions."""

    dimension = 256


async def test_27_before_there_are_vectors_of_a_new_model_words_answer_and_nothing_is_mixed(
    engine: AsyncEngine, data: Path, before: list[list[str]]
):
    old = only(data / "graph")
    slow = Pausing("CountingEncoder.encode_papers")
    process = Process(engine, data, encoder=CountingEncoder(NEW), run=slow)
    async with slow.at_rest(process):
        ranking = process.find("speculative decoding on mobile")
        assert ranking.hits[0].paper_id == SPECMEMO
        assert all(hit.cosines == () for hit in ranking.hits)
        assert process.find("speculative decoding on mobile", "semantic").hits == ()
        assert process.indexes.graph is None
        assert old.exists(), "until the new one is whole"
    assert len(process.encoder.papers) == 52
    assert not old.exists()
    assert process.answers() == before, "the new model thinks as the old one did"


async def test_27_papers_are_found_by_meaning_slice_by_slice(
    engine: AsyncEngine, data: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("retrieval.upkeep._SLICE", 20)
    rows: list[int] = []
    process = Process(engine, data, encoder=CountingEncoder(NEW))
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        rows.append(len(process.find("language models", "semantic").hits and process.indexes.rows))

    await process.upkeep.catch_up(progress)
    assert told[-1] == (52, 52)
    assert told == sorted(told)
    assert rows == sorted(rows)
    assert {0, 20, 40} <= set(rows)
    assert len(process.indexes.rows) == 52


async def test_27_an_encoding_that_was_killed_goes_on_and_encodes_nothing_twice(
    engine: AsyncEngine, data: Path, before: list[list[str]]
):
    dying = Process(engine, data, encoder=CountingEncoder(NEW, killed_after=1))
    with pytest.raises(RuntimeError, match="killed"):
        await dying.catch_up()
    process = Process(engine, data, encoder=CountingEncoder(NEW))
    report = await process.catch_up()
    assert report.encoded == len(process.encoder.papers) == 52 - len(dying.encoder.papers) > 0
    assert not set(dying.encoder.papers) & set(process.encoder.papers)
    assert process.answers() == before


@pytest.mark.parametrize(
    "encoder",
    [
        CountingEncoder(Model("others", "1", "float32")),
        CountingEncoder(replace(WordEncoder.model, revision="2")),
        CountingEncoder(replace(WordEncoder.model, variant="int8")),
        ShortEncoder(replace(WordEncoder.model, revision="short")),
    ],
    ids=["another model", "another revision", "another quantisation", "another dimension"],
)
async def test_27_another_models_vectors_are_made_once_and_its_graph_built_anew(
    engine: AsyncEngine, data: Path, before: list[list[str]], encoder: CountingEncoder
):
    old = only(data / "graph")
    process = Process(engine, data, encoder=encoder)
    assert (await process.catch_up()).encoded == 52
    assert only(data / "graph") != old
    assert process.graph.contents() == process.indexes.rows.contents()
    new = process.answers()
    restarted = Process(engine, data, encoder=type(encoder)(encoder.model))
    await restarted.catch_up()
    assert restarted.answers() == new
    back = await rebuilt(engine, data, "graph")
    assert back.answers() == before, "and the vectors of the old model are still in the database"


async def test_27_other_weights_of_the_same_models_rebuild_the_graph_and_encode_nothing(
    engine: AsyncEngine, data: Path
):
    def pair(*weights: float) -> Ensemble:
        return Ensemble([CountingEncoder(), CountingEncoder(NEW)], weights)

    first = Process(engine, data, ensemble=pair(1, 3))
    await first.catch_up()
    old = only(data / "graph")
    second = Process(engine, data, ensemble=pair(3, 1))
    assert (await second.catch_up()).encoded == 0
    assert only(data / "graph") != old
    third = Process(engine, data, ensemble=pair(6, 2))
    await third.catch_up()
    assert only(data / "graph") == second.graph.folder, "only their ratio counts"
    assert third.answers() == second.answers()


async def test_27_words_learned_with_another_model_are_learned_again(engine: AsyncEngine, data: Path):
    await Process(engine, data, learns=True).catch_up()
    held = (data / "words.npz").read_bytes()
    await Process(engine, data, encoder=CountingEncoder(NEW), learns=True).catch_up()
    assert (data / "words.npz").read_bytes() != held
