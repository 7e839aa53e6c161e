"""Fault 26: whatever is damaged or lost is noticed and rebuilt from SQL beside the old, and questions are answered meanwhile."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from retrieval.errors import LexicalIndexError, VectorIndexError
from tests.conftest import at_once
from tests.retrieval.upkeeping import (
    MODES,
    QUESTIONS,
    SPECMEMO,
    Pausing,
    Process,
    change,
    digests,
    only,
    rebuilt,
)

pytestmark = pytest.mark.slow


def of_kind(folder: Path, kind: str) -> Path:
    [file] = [path for path in only(folder).rglob("*") if path.is_file() and path.name.endswith(kind)]
    return file


KINDS = {
    "graph": ("chroma.sqlite3", "data_level0.bin", "header.bin", "length.bin", "seal.json"),
    "texts": (
        *(".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term"),
        *("meta.json", "revision.txt", "seal.json"),
    ),
}


EVERY_FILE = [(name, kind) for name, kinds in KINDS.items() for kind in kinds]


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip_bytes(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    for place in range(len(whole) // 3, len(whole), max(1, len(whole) // 7)):
        whole[place] ^= 255
    file.write_bytes(whole)


def delete(file: Path) -> None:
    file.unlink()


def delete_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def delete_generation(folder: Path) -> None:
    shutil.rmtree(only(folder))


def fill_with_garbage(folder: Path) -> None:
    for file in [path for path in folder.rglob("*") if path.is_file()]:
        file.write_bytes(b"\x00garbage" * 100)


def replace_by_a_file(folder: Path) -> None:
    """Of its generation: a file of that name."""
    generation = only(folder)
    shutil.rmtree(generation)
    generation.write_bytes(b"garbage")


class Killed:
    """Runs blocking functions at once, until a named one ends the process."""

    def __init__(self, at: str) -> None:
        self.at = at

    async def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if function.__qualname__ == self.at:
            raise RuntimeError("killed")
        return function(*arguments)


class Full:
    """A disk on which a named function cannot write."""

    def __init__(self, at: str, error: Exception) -> None:
        self.at = at
        self.error = error

    async def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if function.__qualname__ == self.at:
            raise self.error
        return function(*arguments)


@pytest.mark.parametrize(
    ("name", "kind", "damage"),
    [
        *((name, kind, flip_bytes) for name, kind in EVERY_FILE),
        *(("graph", "chroma.sqlite3", damage) for damage in (cut, delete)),
        *(("texts", ".store", damage) for damage in (cut, delete)),
    ],
)
async def test_26_any_damaged_file_is_noticed_and_its_index_rebuilt_from_sql(
    engine: AsyncEngine,
    data: Path,
    before: list[list[str]],
    name: str,
    kind: str,
    damage: Callable[[Path], None],
):
    damage(of_kind(data / name, kind))
    process = await rebuilt(engine, data, name)
    assert process.answers() == before


@pytest.mark.parametrize("name", ["graph", "texts"])
@pytest.mark.parametrize("damage", [delete_folder, delete_generation, fill_with_garbage, replace_by_a_file])
async def test_26_a_lost_folder_comes_back(
    engine: AsyncEngine, data: Path, before: list[list[str]], name: str, damage: Callable[[Path], None]
):
    damage(data / name)
    process = await rebuilt(engine, data, name)
    assert process.answers() == before


@pytest.mark.parametrize("name", ["graph", "texts"])
async def test_26_a_process_that_was_killed_while_it_wrote_an_index_costs_a_rebuild(
    engine: AsyncEngine, data: Path, name: str
):
    dying = Process(engine, data, run=Killed("ChromaIndex.seal" if name == "graph" else "LexicalIndex.seal"))
    await change(dying.store)
    with pytest.raises(RuntimeError, match="killed"):
        await dying.catch_up()
    process = Process(engine, data)
    old = only(data / name)
    await process.catch_up()
    assert only(data / name) != old
    for mode in MODES:
        assert process.find("sourdough rises overnight", mode).hits[0].paper_id == SPECMEMO
    assert len(dying.encoder.papers) + len(process.encoder.papers) == 1


@pytest.mark.parametrize(("name", "at"), [("graph", "ChromaIndex.put"), ("texts", "_put_changed")])
async def test_26_a_process_that_was_killed_while_it_rebuilt_leaves_the_old_index_in_use(
    engine: AsyncEngine, data: Path, before: list[list[str]], name: str, at: str
):
    old = only(data / name)
    with pytest.raises(RuntimeError, match="killed"):
        await Process(engine, data, run=Killed(at)).catch_up(rebuild=True)
    process = Process(engine, data)
    await process.catch_up()
    assert only(data / name) == old
    assert process.answers() == before


@pytest.mark.parametrize("name", ["graph", "texts"])
async def test_26_garbage_beside_a_whole_index_is_cleared_away(
    engine: AsyncEngine, data: Path, before: list[list[str]], name: str
):
    kept = only(data / name)
    (data / name / "999999-newer").mkdir()
    (data / name / "999999-newer" / "chroma.sqlite3").write_bytes(b"garbage")
    (data / name / "meta.json").write_text("{}")
    process = Process(engine, data)
    await process.catch_up()
    assert only(data / name) == kept
    assert process.answers() == before


@pytest.mark.parametrize("damage", [cut, flip_bytes, delete])
async def test_26_what_was_learned_of_the_words_is_learned_again(
    engine: AsyncEngine, data: Path, damage: Callable[[Path], None]
):
    file = data / "words.npz"
    first, second, third = (Process(engine, data, learns=True) for _ in range(3))
    await first.catch_up()
    learned = file.read_bytes()
    damage(file)
    await second.catch_up()
    written = file.stat().st_mtime_ns
    await third.catch_up()
    assert file.read_bytes() == learned
    assert file.stat().st_mtime_ns == written
    for process in (second, third):
        assert process.find("LLMs").extras == first.find("LLMs").extras != ()
        assert process.encoder.papers == []


async def test_26_everything_derived_may_be_deleted_at_once(
    engine: AsyncEngine, data: Path, before: list[list[str]]
):
    shutil.rmtree(data)
    process = Process(engine, data, learns=True)
    await process.catch_up()
    process.indexes.expansion = None
    assert process.answers() == before
    assert process.encoder.papers == []
    assert digests(data).keys() > {"words.npz"}


async def test_26_while_the_graph_is_rebuilt_vectors_are_compared_one_by_one(
    engine: AsyncEngine, data: Path, before: list[list[str]]
):
    shutil.rmtree(data / "graph")
    slow = Pausing("ChromaIndex.put")
    process = Process(engine, data, run=slow)
    async with slow.at_rest(process):
        assert process.indexes.graph is None
        found = [process.find(question, mode) for question in QUESTIONS for mode in MODES]
        assert [[hit.paper_id for hit in one.hits] for one in found] == before[: len(found)]
    assert process.answers() == before


async def test_26_while_a_whole_graph_is_rebuilt_it_goes_on_answering(engine: AsyncEngine, data: Path):
    process = Process(engine, data)
    await process.catch_up()
    old = process.graph
    slow = Pausing("ChromaIndex.put")
    process.upkeep._run = slow
    rebuilding = asyncio.create_task(process.catch_up(rebuild=True))
    await slow.reached.wait()
    assert process.graph is old
    assert old.folder.exists(), "the new one is built beside it"
    assert process.find("speculative decoding").hits
    slow.go_on.set()
    await rebuilding
    assert process.graph is not old
    assert only(data / "graph") == process.graph.folder


async def test_26_while_the_text_index_is_rebuilt_the_old_one_answers(
    engine: AsyncEngine, data: Path, before: list[list[str]]
):
    process = Process(engine, data)
    await process.catch_up()
    slow = Pausing("_put_changed")
    process.upkeep._run = slow
    rebuilding = asyncio.create_task(process.catch_up(rebuild=True))
    await slow.reached.wait()
    assert process.answers() == before
    slow.go_on.set()
    await rebuilding
    assert process.answers() == before


async def test_26_while_a_lost_text_index_is_rebuilt_at_a_start_all_papers_are_found_by_meaning(
    engine: AsyncEngine, data: Path, before: list[list[str]]
):
    shutil.rmtree(data / "texts")
    slow = Pausing("_put_changed")
    process = Process(engine, data, run=slow)
    async with slow.at_rest(process):
        assert len(process.indexes.rows) == 52
        found = process.find("speculative decoding on mobile")
        assert found.hits[0].paper_id == SPECMEMO
        assert found.matches.terms == 3, "a question without words would be refused"
    assert process.answers() == before


async def test_26_a_graph_whose_folder_is_deleted_under_it_is_rebuilt_in_the_next_round(
    engine: AsyncEngine, data: Path, before: list[list[str]]
):
    process = Process(engine, data)
    await process.catch_up()
    for folder in (process.graph.folder, data / "graph"):
        shutil.rmtree(folder)
        assert process.find("speculative decoding on mobile").hits[0].paper_id == SPECMEMO
        await process.catch_up()
        assert only(data / "graph") == process.graph.folder
        assert process.answers() == before
    assert process.encoder.papers == []
    restarted = Process(engine, data)
    await restarted.catch_up()
    assert restarted.answers() == before


async def test_26_a_text_index_whose_folder_is_deleted_under_it_is_rebuilt_in_the_next_round(
    engine: AsyncEngine, data: Path, before: list[list[str]]
):
    process = Process(engine, data)
    await process.catch_up()
    for folder in (only(data / "texts"), data / "texts"):
        shutil.rmtree(folder)
        assert process.find("speculative decoding", "exact").hits, "what was read stays in memory"
        await process.catch_up()
        assert only(data / "texts") == process.indexes.texts.folder
        assert process.answers() == before


async def test_26_a_graph_that_fails_when_asked_is_left_alone_until_the_next_round(
    engine: AsyncEngine, data: Path, before: list[list[str]]
):
    process = Process(engine, data)
    await process.catch_up()
    lost = process.graph
    lost._collection._client.delete_collection("papers")
    with pytest.raises(VectorIndexError):
        lost.nearest(process.ensemble.encode_questions(QUESTIONS), 3)
    found = [process.find(question, mode) for question in QUESTIONS for mode in MODES]
    assert [[hit.paper_id for hit in one.hits] for one in found] == before[: len(found)]
    assert process.indexes.graph is None
    await process.catch_up()
    assert process.answers() == before
    assert only(data / "graph") == process.graph.folder != lost.folder


async def test_26_an_index_that_cannot_be_written_any_more_is_rebuilt_beside_it(
    engine: AsyncEngine, data: Path
):
    process = Process(engine, data)
    await process.catch_up()
    for minutes, folder in enumerate((process.graph.folder, only(data / "texts")), start=1):
        (folder / "seal.json").unlink()
        (folder / "seal.json").mkdir()
        await change(process.store, minutes)
        await process.catch_up()
        assert not folder.exists()
        for mode in MODES:
            assert process.find(f"sourdough {minutes} times", mode).hits[0].paper_id == SPECMEMO


@pytest.mark.parametrize(
    ("name", "at", "error"),
    [
        ("graph", "ChromaIndex.put", VectorIndexError("disk full")),
        ("texts", "_put_changed", LexicalIndexError("disk full")),
    ],
)
async def test_26_a_disk_that_stays_full_is_not_filled_further_by_every_round(
    engine: AsyncEngine, data: Path, before: list[list[str]], name: str, at: str, error: Exception
):
    shutil.rmtree(data / name)
    process = Process(engine, data, run=Full(at, error))
    for _ in range(3):
        with pytest.raises(type(error), match="disk full"):
            await process.catch_up()
        assert list((data / name).iterdir()) == []
    process.upkeep._run = at_once
    await process.catch_up()
    assert process.answers() == before


async def test_26_an_index_that_cannot_be_written_for_a_while_stays_until_a_new_one_is_whole(
    engine: AsyncEngine, data: Path
):
    process = Process(engine, data)
    await process.catch_up()
    await change(process.store)
    held = only(data / "texts")
    process.upkeep._run = Full("_put_changed", LexicalIndexError("disk full"))
    with pytest.raises(LexicalIndexError):
        await process.catch_up()
    assert only(data / "texts") == held
    assert process.find("speculative decoding", "exact").hits


async def test_26_a_reader_does_not_mend_damage_and_answers_all_the_same(engine: AsyncEngine, data: Path):
    (data / "words.npz").write_bytes(b"garbage")
    flip_bytes(of_kind(data / "texts", ".pos"))
    held = digests(data)
    reader = Process(engine, data, owns=False, learns=True)
    await reader.catch_up()
    assert reader.find("speculative decoding on mobile").hits[0].paper_id == SPECMEMO
    assert reader.indexes.expansion is not None
    assert digests(data) == held
