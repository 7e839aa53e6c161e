"""Indexes are derived: whatever is lost or damaged is noticed, rebuilt beside the old and swapped in, answering meanwhile.

`26` and `27` are the faults of that number: damage to an index's files, and another model.
"""

import asyncio
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from corpus.database import open_database
from corpus.paper import Paper
from corpus.store import PaperStore
from retrieval.encoder import Model
from retrieval.ensemble import Ensemble
from retrieval.errors import LexicalIndexError, VectorIndexError
from retrieval.exact import ExactIndex
from retrieval.indexes import Indexes
from retrieval.indexing import Blocking
from retrieval.learning import LearnedWords
from retrieval.lexical import LexicalIndex
from retrieval.search import Mode, Ranking, Rules, Search
from retrieval.stored_vectors import StoredVectors
from retrieval.upkeep import Folders, IndexReport, Upkeep
from retrieval.vectors import ChromaIndex
from tests.conftest import NOW, WordEncoder, at_once, nothing
from tests.retrieval.making import CountingEncoder, ask, paper

RULES = Rules(lexical_weight=0.5, feedback_weight=0.2)
QUESTIONS = (
    "speculative decoding of large language models on mobile devices with limited memory",
    "compression of key value caches for long context inference without loss of accuracy",
    "inference engines that schedule requests for language models across many accelerators",
)
MODES: tuple[Mode, ...] = ("hybrid", "semantic", "exact")
SPECMEMO = "2506.01986"
NEW = Model("new words", "2", "float32")


class Process:
    """A start of the program over a data folder: nothing in memory, all on the disk and in the database."""

    def __init__(
        self,
        engine: AsyncEngine,
        data: Path,
        *,
        encoder: CountingEncoder | None = None,
        ensemble: Ensemble | None = None,
        owns: bool = True,
        learns: bool = False,
        run: Blocking = at_once,
    ) -> None:
        self.encoder = encoder or CountingEncoder()
        ensemble = ensemble or Ensemble([self.encoder], [1.0])
        self.ensemble = ensemble
        self.store = PaperStore(engine)
        self.indexes = Indexes(ExactIndex(ensemble.dimension), LexicalIndex())
        self.search = Search(ensemble, self.indexes, RULES)
        stored = StoredVectors(engine, [one.model.key for one in ensemble.encoders])
        words = LearnedWords(
            self.store, ensemble.sentence_encoder, self.indexes, run, data / "words.npz", owns=owns
        )
        learned = [words] if learns else []
        folders = Folders(data / "texts", data / "graph")
        self.upkeep = Upkeep(self.store, stored, ensemble, self.indexes, run, learned, folders, owns=owns)

    async def catch_up(self, *, rebuild: bool = False) -> IndexReport:
        return await self.upkeep.catch_up(nothing, rebuild=rebuild)

    @property
    def graph(self) -> ChromaIndex:
        assert isinstance(self.indexes.graph, ChromaIndex)
        return self.indexes.graph

    def find(self, question: str, mode: Mode = "hybrid") -> Ranking:
        [ranking] = self.search.find([ask(question, 10, mode=mode)])
        return ranking

    def answers(self) -> list[list[str]]:
        """The best ten papers for every question in every mode, and the nearest five by the graph alone."""
        found = [self.find(question, mode) for question in QUESTIONS for mode in MODES]
        rows = self.ensemble.encode_questions(QUESTIONS)
        return [[hit.paper_id for hit in one.hits] for one in found] + self.graph.nearest(rows, 5)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, bundled_database: Path) -> tuple[Path, list[list[str]]]:
    """A data folder as a process leaves it, and what that answered; copy it."""
    data = tmp_path_factory.mktemp("ready") / "data"
    data.mkdir()
    shutil.copy(bundled_database, data / "papercord.db")

    async def make() -> list[list[str]]:
        async with open_database(f"sqlite+aiosqlite:///{data}/papercord.db") as engine:
            process = Process(engine, data)
            await process.catch_up()
            return process.answers()

    return data, asyncio.run(make())


@pytest.fixture
def before(ready: tuple[Path, list[list[str]]]) -> list[list[str]]:
    return ready[1]


@pytest.fixture
def data(ready: tuple[Path, list[list[str]]], tmp_path: Path) -> Path:
    """The data folder after the process has ended."""
    return shutil.copytree(ready[0], tmp_path / "data", ignore=shutil.ignore_patterns("papercord.db*"))


def only(folder: Path) -> Path:
    """The one generation in a folder."""
    [generation] = folder.iterdir()
    return generation


def digests(data: Path) -> dict[str, str]:
    """Every derived file and its digest."""
    return {
        path.relative_to(data).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(data.rglob("*"))
        if path.is_file() and not path.name.startswith("papercord.db")
    }


async def change(store: PaperStore, minutes: int = 1) -> Paper:
    """SpecMemo is about bread from now on."""
    known = await store.get(SPECMEMO)
    assert known is not None
    text = f"Sourdough rises overnight, {minutes} times."
    changed = replace(known, abstract=text, raw_abstract=text)
    await store.put([changed], source="test", now=NOW + timedelta(minutes=minutes))
    return changed


# A start on what is whole


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


# 26: damage


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


async def rebuilt(engine: AsyncEngine, data: Path, name: str) -> Process:
    """A start that is expected to build an index anew, and to encode no paper for it."""
    there = {path.name for path in (data / name).glob("*")} if (data / name).is_dir() else set()
    process = Process(engine, data)
    await process.catch_up()
    assert only(data / name).name not in there, "a new generation, and the old ones are gone"
    assert process.encoder.papers == []
    return process


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


# Answers meanwhile


class Pausing:
    """Runs blocking functions at once, but stands still before a named one, as a slow disk would."""

    def __init__(self, before: str) -> None:
        self.before = before
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()

    async def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if function.__qualname__ == self.before:
            self.reached.set()
            await self.go_on.wait()
        return function(*arguments)

    def at_rest(self, process: Process) -> "Resting":
        """A round of the process stands still inside, and is finished behind."""
        return Resting(self, process)


class Resting:
    def __init__(self, pausing: Pausing, process: Process) -> None:
        self.pausing = pausing
        self.process = process

    async def __aenter__(self) -> None:
        self.round = asyncio.create_task(self.process.catch_up())
        reached = asyncio.create_task(self.pausing.reached.wait())
        await asyncio.wait({self.round, reached}, return_when=asyncio.FIRST_COMPLETED)
        assert self.pausing.reached.is_set(), "the round never came to this function"

    async def __aexit__(self, *_: object) -> None:
        self.pausing.go_on.set()
        await self.round


class Killed:
    """Runs blocking functions at once, until a named one ends the process."""

    def __init__(self, at: str) -> None:
        self.at = at

    async def __call__(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if function.__qualname__ == self.at:
            raise RuntimeError("killed")
        return function(*arguments)


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


async def test_a_whole_text_index_answers_before_the_vectors_are_read(engine: AsyncEngine, data: Path):
    slow = Pausing("_put_rows")
    process = Process(engine, data, run=slow)
    async with slow.at_rest(process):
        assert len(process.indexes.texts) == 52
        assert process.find("speculative decoding on mobile").hits[0].paper_id == SPECMEMO


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


# 27: other models


class ShortEncoder(CountingEncoder):
    """The same texts in another number of dimensions."""

    dimension = 256


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


# A failure while running


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
        await process.store.put([paper("Bread", "Dough rises.")], source="test", now=NOW)
        await process.catch_up()
        assert (only(tmp_path / "texts"), only(tmp_path / "graph")) == kept
        for mode in MODES:
            assert len(process.find("bread dough rises", mode).hits) == 1


# Beside the owner


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


async def test_26_a_reader_does_not_mend_damage_and_answers_all_the_same(engine: AsyncEngine, data: Path):
    (data / "words.npz").write_bytes(b"garbage")
    flip_bytes(of_kind(data / "texts", ".pos"))
    held = digests(data)
    reader = Process(engine, data, owns=False, learns=True)
    await reader.catch_up()
    assert reader.find("speculative decoding on mobile").hits[0].paper_id == SPECMEMO
    assert reader.indexes.expansion is not None
    assert digests(data) == held
