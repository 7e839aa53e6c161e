"""Indexes are derived: whatever is lost or damaged is noticed, rebuilt beside the old and swapped in, answering meanwhile.

`26` and `27` are the faults of that number: damage to an index's files, and another model.
"""

from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.account import Account
from corpus.database import open_database
from corpus.store import PaperStore
from retrieval.errors import LexicalIndexError, VectorIndexError
from tests.conftest import NOW
from tests.retrieval.making import CountingEncoder
from tests.retrieval.upkeeping import MODES, NEW, QUESTIONS, SPECMEMO, Pausing, Process, change, digests, only


async def test_a_start_on_whole_indexes_opens_them_and_writes_and_encodes_nothing(
    engine: AsyncEngine, data: Path, before: list[list[str]]
):
    generations = only(data / "graph"), only(data / "texts")
    process = Process(engine, data)
    report = await process.catch_up()
    assert (report.papers, report.encoded, report.reused) == (52, 0, 52)
    assert process.encoder.papers == []
    assert (only(data / "graph"), only(data / "texts")) == generations
    assert process.answers() == before


async def test_a_second_round_finds_nothing_to_do(
    engine: AsyncEngine, data: Path, monkeypatch: pytest.MonkeyPatch
):
    process = Process(engine, data)
    await process.catch_up()
    held = digests(data)
    monkeypatch.setattr(process.store, "contents", None)  # it need not even look at the papers
    report = await process.catch_up()
    assert (report.papers, report.encoded, report.reused) == (52, 0, 52)
    assert digests(data) == held


async def test_a_change_is_found_in_every_index_after_a_round_and_after_a_restart(
    engine: AsyncEngine, data: Path
):
    running = Process(engine, data)
    await running.catch_up()
    generations = only(data / "graph"), only(data / "texts")
    await change(running.store)
    report = await running.catch_up()
    assert (report.encoded, len(running.encoder.papers)) == (1, 1)
    restarted = Process(engine, data)
    await restarted.catch_up()
    for process in (running, restarted):
        for mode in MODES:
            assert process.find("sourdough rises overnight", mode).hits[0].paper_id == SPECMEMO
    assert (only(data / "graph"), only(data / "texts")) == generations, "changed, not rebuilt"
    assert restarted.encoder.papers == []


async def test_a_change_while_the_process_was_down_is_found_and_the_old_words_answer_meanwhile(
    engine: AsyncEngine, data: Path
):
    await change(PaperStore(engine))
    slow = Pausing("_put_changed")
    process = Process(engine, data, run=slow)
    async with slow.at_rest(process):
        assert process.find("speculative decoding", "exact").hits, "of the revision on the disk"
    assert process.find("sourdough", "exact").hits[0].paper_id == SPECMEMO


async def test_a_rebuild_makes_whole_indexes_anew_and_drops_the_old(
    engine: AsyncEngine, data: Path, before: list[list[str]]
):
    generations = only(data / "graph"), only(data / "texts")
    process = Process(engine, data)
    await process.catch_up()
    await process.catch_up(rebuild=True)
    assert not {only(data / "graph"), only(data / "texts")} & set(generations)
    assert process.answers() == before
    assert process.encoder.papers == []


async def test_a_whole_text_index_answers_before_the_vectors_are_read(engine: AsyncEngine, data: Path):
    slow = Pausing("_put_rows")
    process = Process(engine, data, run=slow)
    async with slow.at_rest(process):
        assert len(process.indexes.texts) == 52
        assert process.find("speculative decoding on mobile").hits[0].paper_id == SPECMEMO


async def test_what_is_learned_of_the_rows_follows_every_slice_and_is_not_kept_for_the_end(
    engine: AsyncEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("retrieval.upkeep._SLICE", 20)
    process, rows = Process(engine, tmp_path, encoder=CountingEncoder(NEW)), list[int]()

    class Listening:
        async def learn(self, *, rebuild: bool) -> None:
            rows.append(0 if rebuild else len(process.indexes.rows))

    monkeypatch.setattr(process.upkeep, "_learned", [Listening()])
    await process.catch_up()
    assert rows == [0, 20, 40, 52]


@pytest.mark.parametrize(("name", "error"), [("graph", VectorIndexError), ("texts", LexicalIndexError)])
async def test_a_folder_that_cannot_be_made_is_explained(
    engine: AsyncEngine, tmp_path: Path, name: str, error: type[Exception]
):
    (tmp_path / name).write_text("no folder")
    with pytest.raises(error, match="Check the folder's permissions"):
        await Process(engine, tmp_path).catch_up()


async def test_an_empty_corpus_is_kept_up_too(tmp_path: Path):
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/papercord.db") as engine:
        await Process(engine, tmp_path).catch_up()
        kept = only(tmp_path / "texts"), only(tmp_path / "graph")
        process = Process(engine, tmp_path)
        assert (await process.catch_up()).papers == 0
        assert process.find("anything").hits == ()
        await process.store.put([Account("Bread", "Dough rises.")], source="test", now=NOW)
        await process.catch_up()
        assert (only(tmp_path / "texts"), only(tmp_path / "graph")) == kept
        for mode in MODES:
            assert len(process.find("bread dough rises", mode).hits) == 1


async def test_a_reader_beside_the_owner_answers_alike_and_writes_nothing(
    engine: AsyncEngine, data: Path, before: list[list[str]]
):
    held = digests(data)
    reader = Process(engine, data, owns=False)
    report = await reader.catch_up()
    assert (report.encoded, reader.indexes.graph) == (0, None)
    assert reader.indexes.texts.folder == only(data / "texts")
    found = [reader.find(question, mode) for question in QUESTIONS for mode in MODES]
    assert [[hit.paper_id for hit in one.hits] for one in found] == before[: len(found)]
    await reader.catch_up(rebuild=True)
    assert digests(data) == held


async def test_a_reader_reads_the_words_into_memory_where_the_folder_is_of_another_revision(
    engine: AsyncEngine, data: Path
):
    held = digests(data)
    reader = Process(engine, data, owns=False)
    await change(reader.store)
    await reader.catch_up()
    assert reader.indexes.texts.folder is None
    assert reader.find("sourdough", "exact").hits[0].paper_id == SPECMEMO
    assert reader.encoder.papers == [], "it is the owner who encodes"
    assert SPECMEMO not in reader.indexes.rows.contents()
    assert digests(data) == held


async def test_a_reader_needs_no_folders_and_makes_none(engine: AsyncEngine, tmp_path: Path):
    reader = Process(engine, tmp_path, owns=False)
    await reader.catch_up()
    assert digests(tmp_path) == {}
    assert not (tmp_path / "texts").exists()
    assert reader.find("speculative decoding on mobile").hits[0].paper_id == SPECMEMO
